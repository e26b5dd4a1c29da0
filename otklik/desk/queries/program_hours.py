"""When a program's people are there, for promises that belong to no ticket."""

from __future__ import annotations

from otklik.desk.queries.promises import current_calendars, read_promises
from otklik.kit.calendar import BusinessCalendar, around_the_clock


def program_calendar(program_id: int) -> BusinessCalendar:
    """That of the policy which holds for anybody in the program, around the clock where there is none. Two
    queries."""
    for policy in read_promises().policies:
        if policy.fits(program_id=program_id, tier="", topic_id=None):
            found = current_calendars([policy.calendar_id]).get(policy.calendar_id)
            return found if found is not None else around_the_clock()
    return around_the_clock()
