"""What a business calendar is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from otklik.kit.calendar.timetable import Timetable

DAY = 24 * 60


class Window(NamedTuple):
    """Open from `opens` up to but not including `closes`: minutes since midnight on the wall clock,
    0 <= opens < closes <= 1440."""

    opens: int
    closes: int


Windows = tuple[Window, ...]
"""Of one day: in order, without overlaps; empty where it is closed."""


class Region(NamedTuple):
    """Whose public holidays are closed days: codes of ISO 3166, as the library `holidays` knows them."""

    country: str
    subdivision: str | None = None


@dataclass(frozen=True)
class BusinessCalendar:
    """When somebody is there to answer, on the wall clock of one place.

    An override says all there is to say about its day. Next come closed days and holidays, then the
    production calendar (a worked Saturday, an hour less before a holiday), then the week.
    """

    zone: str
    """IANA name."""
    weekly: tuple[Windows, ...]
    """Seven, Monday first."""
    overrides: Mapping[date, Windows] = field(default_factory=dict, hash=False)
    holidays: tuple[Region, ...] = ()
    closed_days: frozenset[date] = frozenset()
    """Days in the calendar's own zone: single dates, and the all-day events of an .ics file."""
    production_calendar: str | None = None
    """"RU": holidays, transferred days off, worked Saturdays and shortened days of Russia."""

    @cached_property
    def timetable(self) -> Timetable:
        """Open hours as instants, worked out a year at a time and kept with the calendar."""
        return Timetable(self)


def around_the_clock(zone: str = "UTC") -> BusinessCalendar:
    return BusinessCalendar(zone, ((Window(0, DAY),),) * 7)
