"""Which windows a day of a calendar has."""

from __future__ import annotations

import sys
from datetime import date
from functools import lru_cache
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING

from otklik.kit.calendar.production import PRODUCTION_CALENDARS, ProductionYear

if TYPE_CHECKING:
    from otklik.kit.calendar.model import BusinessCalendar, Windows

SHORTER_BY = 60


def windows_on(calendar: BusinessCalendar, day: date) -> Windows:
    if day in calendar.overrides:
        return calendar.overrides[day]
    if day in calendar.closed_days or any(
        day in public_holidays(country, subdivision, day.year) for country, subdivision in calendar.holidays
    ):
        return ()
    if calendar.production_calendar is not None:
        return _by_production_calendar(calendar, calendar.production_calendar, day)
    return calendar.weekly[day.weekday()]


def _by_production_calendar(calendar: BusinessCalendar, country: str, day: date) -> Windows:
    if day in public_holidays(country, None, day.year):
        return ()
    windows = calendar.weekly[day.weekday()]
    year: ProductionYear | None = PRODUCTION_CALENDARS[country].get(day.year)
    if year is None:
        return windows
    if day in year.days_off:
        return ()
    if day in year.worked and not windows:
        windows = calendar.weekly[year.worked[day].weekday()]
    return shortened(windows) if day in year.shortened else windows


def shortened(windows: Windows, minutes: int = SHORTER_BY) -> Windows:
    """The day ends so much earlier; what the last window does not have is taken from the one before."""
    kept = list(windows)
    while kept and minutes:
        last = kept.pop()
        length = last.closes - last.opens
        if length > minutes:
            kept.append(last._replace(closes=last.closes - minutes))
        minutes -= min(length, minutes)
    return tuple(kept)


@lru_cache(maxsize=4096)
def public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    """Raises `NotImplementedError` for a place the library does not know."""
    return frozenset(_library().country_holidays(country, subdiv=subdivision, years=year))


@lru_cache(maxsize=1)
def _library() -> ModuleType:
    """`holidays` without the `__init__` of its countries, which imports all 250 for whoever asks for one:
    8 MiB in each process that counts working hours."""
    import holidays

    name = "holidays.countries"
    if name not in sys.modules and (found := find_spec(name)):
        sys.modules[name] = module_from_spec(found)
    return holidays
