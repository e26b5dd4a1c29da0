"""Hours in which a person would rather be reached."""

from __future__ import annotations

import re

_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–—]\s*(\d{1,2})(?::(\d{2}))?")


class BadHours(ValueError):
    """Not a span of hours such as 09:00-18:00."""


def normalise_hours(text: str) -> str:
    """ "9–18" becomes "09:00-18:00"; empty stays empty (any time). A span over midnight is allowed.

    Raises BadHours.
    """
    if not text.strip():
        return ""
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise BadHours(text)
    start = (int(found[1]), int(found[2] or 0))
    end = (int(found[3]), int(found[4] or 0))
    if start == end or not (_is_time(*start) and _is_time(*end)):
        raise BadHours(text)
    return f"{start[0]:02}:{start[1]:02}-{end[0]:02}:{end[1]:02}"


def _is_time(hour: int, minute: int) -> bool:
    return (hour < 24 and minute < 60) or (hour, minute) == (24, 0)
