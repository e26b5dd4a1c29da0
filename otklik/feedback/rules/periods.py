"""Periods of a report: whole UTC days, the end not included, and what each is compared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Preset(StrEnum):
    LAST_12_MONTHS = "last_12_months"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    LAST_24_MONTHS = "last_24_months"
    CUSTOM = "custom"


class Against(StrEnum):
    """Which earlier period stands beside the chosen one."""

    PREVIOUS = "previous"
    YEAR_AGO = "year_ago"


class Step(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From ``start`` up to, not including, ``end``."""

    start: date
    end: date

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def is_whole_months(self) -> bool:
        return self.start.day == 1 and self.end.day == 1


class BackwardPeriod(Exception):
    """The last day lies before the first."""


def preset_period(preset: Preset, today: date) -> Period:
    """Whole calendar months, quarters or years; those that run now end with the current one."""
    month, quarter = first_of_month(today), first_of_quarter(today)
    after = next_month(today)
    match preset:
        case Preset.THIS_QUARTER:
            return Period(quarter, shift_months(quarter, 3))
        case Preset.LAST_QUARTER:
            return Period(shift_months(quarter, -3), quarter)
        case Preset.THIS_YEAR:
            return Period(date(today.year, 1, 1), after)
        case Preset.LAST_YEAR:
            return Period(date(today.year - 1, 1, 1), date(today.year, 1, 1))
        case Preset.LAST_24_MONTHS:
            return Period(shift_months(month, -23), after)
        case _:
            return Period(shift_months(month, -11), after)


def custom_period(first: date, last: date) -> Period:
    """Both days included. Raises BackwardPeriod."""
    if last < first:
        raise BackwardPeriod
    return Period(first, last + timedelta(days=1))


def earlier(period: Period, against: Against) -> Period:
    """The period of the same length before, or the same one a year ago."""
    if against is Against.YEAR_AGO:
        return Period(shift_months(period.start, -12), shift_months(period.end, -12))
    if period.is_whole_months:
        months = month_number(period.end) - month_number(period.start)
        return Period(shift_months(period.start, -months), period.start)
    return Period(period.start - (period.end - period.start), period.start)


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def first_of_quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def next_month(day: date) -> date:
    return shift_months(first_of_month(day), 1)


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def shift_months(day: date, months: int) -> date:
    """The same day of another month; the 31st becomes the last day where there is none."""
    number = month_number(day) + months
    year, month = number // 12, number % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month, min(day.day, last))


def months_between(first: date, last: date) -> Iterator[date]:
    """First days of the months from the one of ``first`` to the one of ``last``, both included."""
    for number in range(month_number(first), month_number(last) + 1):
        yield date(number // 12, number % 12 + 1, 1)
