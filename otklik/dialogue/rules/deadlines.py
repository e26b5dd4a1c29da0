"""By when an applicant has an answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from otklik.kit.calendar import BusinessCalendar, windows_on

# A year without an open day is a calendar somebody emptied; the answer is then due in plain days.
_LOOK_AHEAD = 366


def answer_due(calendar: BusinessCalendar, start: datetime, days: int) -> datetime:
    """The end of the ``days``-th open day after the day of ``start``, by the calendar's own watch."""
    zone = ZoneInfo(calendar.zone)
    day, left = start.astimezone(zone).date(), days
    for _ in range(_LOOK_AHEAD):
        day += timedelta(days=1)
        if windows := windows_on(calendar, day):
            left -= 1
            if left <= 0:
                return _closing(day, windows[-1].closes, zone).astimezone(start.tzinfo)
    return start + timedelta(days=days)


def _closing(day: date, minute: int, zone: ZoneInfo) -> datetime:
    # Midnight belongs to the next day.
    whole, rest = divmod(minute, 24 * 60)
    return datetime.combine(day + timedelta(days=whole), time(rest // 60, rest % 60), zone)
