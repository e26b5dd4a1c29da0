"""Calendar files: JSON as `docs/guide/calendars.md` describes it."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

from otklik.kit.calendar.days import public_holidays
from otklik.kit.calendar.ics import closed_days
from otklik.kit.calendar.messages import BadCalendar
from otklik.kit.calendar.model import DAY, BusinessCalendar, Region, Window, Windows
from otklik.kit.calendar.production import PRODUCTION_CALENDARS

FIELDS = ("zone", "weekly", "holidays", "production_calendar", "overrides", "ics")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(r"\s*(\d{1,2}):(\d\d)\s*[-–—]\s*(\d{1,2}):(\d\d)\s*", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

OpenFile = Callable[[str], str]
"""Name of an .ics file as the calendar gives it -> its text. Raises OSError or UnicodeDecodeError."""


def read_calendar(definition: object, *, open_file: OpenFile | None = None) -> BusinessCalendar:
    """From what `json.loads` returns. `ics` holds the text of an iCalendar file, or its name where
    `open_file` can read it. Raises `BadCalendar`."""
    fields = _object(definition, "calendar")
    for name in fields:
        if name not in FIELDS:
            raise BadCalendar(name, "unknown_field")
    regions, days = _holidays(fields.get("holidays", []))
    calendar = BusinessCalendar(
        zone=_zone(fields.get("zone")),
        weekly=_weekly(fields.get("weekly", {})),
        overrides=_overrides(fields.get("overrides", {})),
        holidays=regions,
        closed_days=days | _ics(fields.get("ics"), open_file),
        production_calendar=_production_calendar(fields.get("production_calendar")),
    )
    if not any(calendar.weekly) and not any(calendar.overrides.values()):
        raise BadCalendar("weekly", "never_open")
    return calendar


def _object(value: object, field: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadCalendar(field, "not_an_object")
    return value


def _zone(value: object) -> str:
    if value is None:
        raise BadCalendar("zone", "missing")
    if not isinstance(value, str) or value not in _zones():
        raise BadCalendar("zone", "unknown_zone", value)
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _weekly(value: object) -> tuple[Windows, ...]:
    days: dict[int, Windows] = {}
    for name, windows in _object(value, "weekly").items():
        field = f"weekly.{name}"
        for number in _weekdays(name):
            if number in days:
                raise BadCalendar(field, "day_twice", DAYS[number])
            days[number] = _windows(windows, field)
    return tuple(days.get(number, ()) for number in range(7))


def _weekdays(name: str) -> range:
    first, _, last = name.lower().replace(" ", "").partition("-")
    if first not in DAYS or (last or first) not in DAYS:
        raise BadCalendar("weekly", "unknown_day", name)
    days = range(DAYS.index(first), DAYS.index(last or first) + 1)
    if not days:
        raise BadCalendar("weekly", "unknown_day", name)
    return days


def _windows(value: object, field: str) -> Windows:
    if not isinstance(value, list):
        raise BadCalendar(field, "not_a_list")
    windows = sorted(_window(text, field) for text in value)
    for earlier, later in pairwise(windows):
        if later.opens < earlier.closes:
            raise BadCalendar(field, "overlap", _clock(later))
    return tuple(windows)


def _window(value: object, field: str) -> Window:
    found = _WINDOW.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise BadCalendar(field, "bad_window", value)
    hour, minute, last_hour, last_minute = map(int, found.groups())
    window = Window(hour * 60 + minute, last_hour * 60 + last_minute)
    if max(minute, last_minute) > 59 or max(window) > DAY:
        raise BadCalendar(field, "bad_window", value)
    if window.opens >= window.closes:
        raise BadCalendar(field, "backwards", value)
    return window


def _clock(window: Window) -> str:
    return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in window)


def _overrides(value: object) -> dict[date, Windows]:
    return {
        _date(name, "overrides"): _windows(windows, f"overrides.{name}")
        for name, windows in _object(value, "overrides").items()
    }


def _date(text: str, field: str) -> date:
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadCalendar(field, "bad_date", text)


def _holidays(value: object) -> tuple[tuple[Region, ...], frozenset[date]]:
    """Countries ("RU", "DE-BY") and single days ("2026-07-03")."""
    if not isinstance(value, list):
        raise BadCalendar("holidays", "not_a_list")
    regions, days = [], set()
    for text in value:
        if not isinstance(text, str):
            raise BadCalendar("holidays", "unknown_country", text)
        if text[:1].isdigit():
            days.add(_date(text, "holidays"))
        else:
            regions.append(_region(text))
    return tuple(regions), frozenset(days)


def _region(text: str) -> Region:
    country, _, subdivision = text.partition("-")
    # The library would take the name of any of its classes for a country.
    if not _COUNTRY.fullmatch(country):
        raise BadCalendar("holidays", "unknown_country", text)
    try:
        public_holidays(country, subdivision or None, 2026)
    except (NotImplementedError, AttributeError) as error:
        raise BadCalendar("holidays", "unknown_country", text) from error
    return Region(country, subdivision or None)


def _production_calendar(value: object) -> str | None:
    if value is None or (isinstance(value, str) and value in PRODUCTION_CALENDARS):
        return value
    raise BadCalendar("production_calendar", "no_production_calendar", value)


def _ics(value: object, open_file: OpenFile | None) -> frozenset[date]:
    if value is None:
        return frozenset()
    if not isinstance(value, str):
        raise BadCalendar("ics", "bad_ics", value)
    if value.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        return closed_days(value)
    try:
        if open_file is not None:
            return closed_days(open_file(value))
    except (OSError, UnicodeDecodeError) as error:
        raise BadCalendar("ics", "cannot_open", value) from error
    raise BadCalendar("ics", "cannot_open", value)
