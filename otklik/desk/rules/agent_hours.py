"""When somebody works, in their own zone: {"mon": ["09:00-13:00", "14:00-18:00"]}; empty means always."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time

Hours = Mapping[str, Sequence[str]]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def works_since(hours: Hours, local: datetime) -> datetime | None:
    """When the working hours began that go on at ``local``; None outside them. Where hours are empty somebody
    has always been working. A window may end after midnight ("22:00-06:00") and then belongs to the day it
    begins on."""
    if not hours:
        return datetime.min.replace(tzinfo=local.tzinfo)
    for days_ago in (0, 1):
        day = _DAYS[(local.weekday() - days_ago) % 7]
        for window in hours.get(day, ()):
            begin, end = (_time(part) for part in window.split("-"))
            over_midnight = end <= begin
            now = local.time().replace(tzinfo=None)
            today = days_ago == 0 and begin <= now and (over_midnight or now < end)
            since_yesterday = days_ago == 1 and over_midnight and now < end
            if today or since_yesterday:
                started = local.replace(
                    hour=begin.hour, minute=begin.minute, second=0, microsecond=0, fold=local.fold
                )
                return started if today else _day_before(started)
    return None


def _day_before(moment: datetime) -> datetime:
    return datetime.combine(
        moment.date().fromordinal(moment.toordinal() - 1), moment.time(), tzinfo=moment.tzinfo
    )


def _time(text: str) -> time:
    hour, minute = text.strip().split(":")
    return time(int(hour) % 24, int(minute))
