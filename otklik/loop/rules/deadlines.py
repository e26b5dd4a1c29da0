"""By when somebody unhappy has heard from us, and what happens if not. Hours are business hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from otklik.kit.calendar import BeyondTheTimetable, BusinessCalendar, EmptyCalendar, after
from otklik.loop.rules.vocabulary import Lateness

DEFAULT_HOURS = 48
DEFAULT_ESCALATION_HOURS = 8
MOST_HOURS = 24 * 60
LONGEST_SNOOZE = timedelta(days=60)
SOON = timedelta(hours=24)


class Deadlines(NamedTuple):
    """``escalates_at`` is reached only if nobody has spoken to them by then."""

    due_at: datetime
    escalates_at: datetime


class Standing(NamedTuple):
    """As an alert stands; moments are None where that has not happened."""

    due_at: datetime
    escalated_at: datetime | None = None
    first_contact_at: datetime | None = None
    closed_at: datetime | None = None
    snoozed_until: datetime | None = None


def deadlines(
    calendar: BusinessCalendar, opened_at: datetime, hours: int, escalation_hours: int
) -> Deadlines:
    due_at = _open_hours_after(calendar, opened_at, hours)
    return Deadlines(due_at, _open_hours_after(calendar, due_at, escalation_hours))


def lateness(alert: Standing, at: datetime) -> Lateness:
    """A promise of a first word is kept by the first word: afterwards nothing is late any more. A snooze
    moves no deadline; it says why it was let pass."""
    if alert.closed_at is not None or alert.first_contact_at is not None:
        return Lateness.DONE
    if alert.due_at <= at:
        return Lateness.ESCALATED if alert.escalated_at is not None else Lateness.OVERDUE
    return Lateness.SOON if alert.due_at - at <= SOON else Lateness.IN_TIME


def was_in_time(alert: Standing) -> bool | None:
    """None: not known yet, or closed without a word."""
    return None if alert.first_contact_at is None else alert.first_contact_at <= alert.due_at


def may_escalate(alert: Standing, escalates_at: datetime, at: datetime) -> bool:
    """Once, while nobody has spoken to them, and not while it sleeps for a reason."""
    if alert.escalated_at or alert.first_contact_at or alert.closed_at:
        return False
    asleep = alert.snoozed_until is not None and alert.snoozed_until > at
    return escalates_at <= at and not asleep


def _open_hours_after(calendar: BusinessCalendar, start: datetime, hours: int) -> datetime:
    span = timedelta(hours=hours)
    try:
        return after(calendar, start, span)
    except (EmptyCalendar, BeyondTheTimetable):
        # A calendar that somebody emptied must not leave anybody without a deadline.
        return start + span
