"""Adding and measuring business time. Instants go in and come out aware and in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from otklik.kit.calendar.model import BusinessCalendar
from otklik.kit.calendar.timetable import EPOCH, MICROS, SECONDS_A_DAY

EMPTY_YEARS = 2


class EmptyCalendar(Exception):
    """Not one open minute within two years: no deadline can be given. The calendar needs weekly hours, or an
    override with hours."""

    def __init__(self, calendar: BusinessCalendar, after: datetime) -> None:
        super().__init__(
            f"The calendar has no open minute within two years of {after:%Y-%m-%d}: give it weekly hours."
        )
        self.calendar = calendar
        self.after = after


def add(calendar: BusinessCalendar, start: datetime, minutes: float) -> datetime:
    """The first instant with so many open minutes between `start` and it; `start` itself for 0.

    A span that ends with the working day ends there, not next morning. Raises `EmptyCalendar`,
    `BeyondTheTimetable`, and ValueError for minutes below 0 or a start without a zone.
    """
    return after(calendar, start, timedelta(minutes=minutes))


def after(calendar: BusinessCalendar, start: datetime, span: timedelta) -> datetime:
    """As `add`, for a span."""
    needed = span // timedelta.resolution
    if needed < 0:
        raise ValueError("business time is not added backwards")
    moment, number = _micros(start), start.astimezone(UTC).year
    if needed == 0:
        return start.astimezone(UTC)
    timetable = calendar.timetable
    year = timetable.year(number)
    needed += year.open_before(moment)
    empty = 0
    while needed > year.total:
        needed -= year.total
        # The year of the start may be empty from there on although it has open time before.
        empty = 0 if year.total and year.ends[-1] > moment else empty + 1
        if empty > EMPTY_YEARS:
            raise EmptyCalendar(calendar, start)
        number += 1
        year = timetable.year(number)
    return _instant(year.when_open_for(needed))


def between(calendar: BusinessCalendar, start: datetime, end: datetime) -> timedelta:
    """Open time from `start` to `end`, exact to the microsecond; 0 in an empty calendar. Raises ValueError
    where the end is before the start, and `BeyondTheTimetable`."""
    if end < start:
        raise ValueError("the end is before the start")
    first, last = start.astimezone(UTC).year, end.astimezone(UTC).year
    timetable = calendar.timetable
    before = timetable.year(first).open_before(_micros(start))
    whole = sum(timetable.year(number).total for number in range(first, last))
    return timedelta(microseconds=whole + timetable.year(last).open_before(_micros(end)) - before)


def is_open(calendar: BusinessCalendar, at: datetime) -> bool:
    """A window holds the instant of its opening and not that of its closing."""
    year = calendar.timetable.year(at.astimezone(UTC).year)
    moment = _micros(at)
    return year.open_before(moment + 1) > year.open_before(moment)


def next_open(calendar: BusinessCalendar, at: datetime) -> datetime:
    """`at` itself where it is open, else when it opens next. Raises `EmptyCalendar`, `BeyondTheTimetable`."""
    if is_open(calendar, at):
        return at.astimezone(UTC)
    return after(calendar, at, timedelta.resolution) - timedelta.resolution


def _micros(moment: datetime) -> int:
    since = moment - EPOCH
    return (since.days * SECONDS_A_DAY + since.seconds) * MICROS + since.microseconds


def _instant(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)
