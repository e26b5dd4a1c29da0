"""Dates and times as text, for pages that write hundreds of them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.utils import dateformat, formats
from django.utils.translation import get_language

_CLOCK = "H:i"
# Django's letters for what a mere day does not know.
_OF_THE_DAY = frozenset("aAcefgGhHiIOPrsTuUZ")


def moment_text(local: datetime, style: str = "DATETIME_FORMAT") -> str:
    """What ``formats.date_format`` writes, in a tenth of its time where the style is a day and then "H:i":
    the days of a page are few, and their text is remembered."""
    pattern = formats.get_format(style)
    day = pattern.removesuffix(_CLOCK)
    if day == pattern or not _OF_THE_DAY.isdisjoint(day):
        return dateformat.format(local, pattern)
    return f"{_day_text(local.date(), day, get_language())}{local.hour:02}:{local.minute:02}"


@lru_cache(maxsize=4096)
def _day_text(day: date, pattern: str, language: str | None) -> str:
    """``language`` is there to be remembered by: the names of months are the active one's."""
    return dateformat.format(day, pattern)
