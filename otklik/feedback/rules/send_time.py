"""When an invitation leaves: after its delay, in business hours of the person's zone, never in the past."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from otklik.kit.calendar import (
    PRODUCTION_CALENDARS,
    BusinessCalendar,
    Region,
    Window,
    after,
    next_open,
    windows_on,
)

DEFAULT_HOURS = "10:00-17:00"
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_DAY = 24 * 60
_PARTS = 1 << 32


@lru_cache(maxsize=4096)
def business_hours(zone: str, preferred_hours: str = "", country: str = "") -> BusinessCalendar:
    """Monday to Friday, without the public holidays of the country (ISO 3166) where they are known.

    `preferred_hours` as contacts have them ("09:00-18:00", over midnight too); else 10-17. A zone nobody
    knows is UTC.
    """
    windows = _windows(preferred_hours) or _windows(DEFAULT_HOURS)
    return BusinessCalendar(
        zone=zone if _is_zone(zone) else "UTC",
        weekly=(windows,) * 5 + ((), ()),
        holidays=(Region(country),) if _has_holidays(country) else (),
        production_calendar=country if country in PRODUCTION_CALENDARS else None,
    )


def send_at(hours: BusinessCalendar, event: datetime, delay: timedelta, *, now: datetime) -> datetime:
    """The first business moment not before the event and its delay, nor before `now`. UTC."""
    return next_open(hours, max(event + delay, now))


def spread_at(hours: BusinessCalendar, start: datetime, over: timedelta, key: str) -> datetime:
    """A moment of the business time that begins with `start` and lasts as long as `over`: the same for the
    same key, so that a plan made again after a crash gives everybody the moment they had."""
    number = int.from_bytes(blake2b(key.encode(), digest_size=4).digest(), "big")
    into = timedelta(seconds=int(over.total_seconds() * number / _PARTS))
    # What ends a working day ends it at its closing, and that is not open any more.
    return next_open(hours, after(hours, next_open(hours, start), into))


def _windows(hours: str) -> tuple[Window, ...]:
    found = _HOURS.fullmatch(hours)
    if found is None:
        return ()
    numbers = [int(part) for part in found.groups()]
    opens, closes = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    spans = [(opens, closes)] if opens < closes else [(0, closes), (opens, _DAY)]
    return tuple(Window(first, last) for first, last in spans if 0 <= first < last <= _DAY)


def _is_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=512)
def _has_holidays(country: str) -> bool:
    if not country:
        return False
    try:
        windows_on(BusinessCalendar("UTC", ((),) * 7, holidays=(Region(country),)), date(2026, 1, 2))
    except NotImplementedError:
        return False
    return True
