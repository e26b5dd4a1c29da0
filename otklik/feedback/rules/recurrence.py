"""When the waves of a series begin and end: by calendar months, at the same time of day in their zone.

Every turn is reckoned from the first one and never from the one before: the 31st of January is followed by
the 28th of February and then by the 31st of March.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

# A series ends before the calendar does.
LAST_YEAR = 9000
# Weekends and holidays move the mails of one wave further than those of the next.
MOVED_DAYS = 12
_SHORT = timedelta(days=28)


class Every(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
FEWEST_DAYS = {Every.MONTH: 28, Every.QUARTER: 89, Every.HALF_YEAR: 181, Every.YEAR: 365}
"""From one start to the next."""


class Dates(NamedTuple):
    starts_at: datetime
    closes_at: datetime | None = None


def dates_of(first: Dates, every: Every, zone: str, turn: int) -> Dates:
    """Of this turn, 0 being the first. UTC. A time of day that the clocks leave out comes an hour later.

    The closing moves by the same months. Where the end of a short month would cut a wave of a few days off,
    it keeps its days instead.
    """
    if turn == 0:
        return first
    months = MONTHS[every] * turn
    starts_at, _ = _moved(first.starts_at, months, zone)
    if first.closes_at is None:
        return Dates(starts_at)
    closes_at, is_cut = _moved(first.closes_at, months, zone)
    lasts = first.closes_at - first.starts_at
    if closes_at <= starts_at or (is_cut and lasts < _SHORT):
        local = ZoneInfo(zone)
        by_clock = _wall(first.closes_at, local) - _wall(first.starts_at, local)
        closes_at = (_wall(starts_at, local) + by_clock).replace(tzinfo=local).astimezone(UTC)
    # The hour that is left out may have swallowed what was left of it.
    return Dates(starts_at, closes_at if closes_at > starts_at else starts_at + lasts)


def next_turn(first: Dates, every: Every, zone: str, turn: int, at: datetime) -> int | None:
    """The first turn after this one that begins after ``at``: what was missed is not made up for. None where
    the calendar ends."""
    while True:
        turn += 1
        if first.starts_at.year + MONTHS[every] * turn // 12 >= LAST_YEAR:
            return None
        if dates_of(first, every, zone, turn).starts_at > at:
            return turn


def meets_cooldown(every: Every, cooldown_days: int) -> bool:
    """Whether everybody asked by one wave may be asked by the next one, whatever weekends and holidays do."""
    return cooldown_days <= FEWEST_DAYS[every] - MOVED_DAYS


def _moved(moment: datetime, months: int, zone: str) -> tuple[datetime, bool]:
    """And whether the day had to be cut to the end of a month."""
    local = _wall(moment, ZoneInfo(zone))
    number = local.year * 12 + local.month - 1 + months
    year, month = number // 12, number % 12 + 1
    day = min(local.day, monthrange(year, month)[1])
    moved = local.replace(year=year, month=month, day=day, tzinfo=ZoneInfo(zone))
    return moved.astimezone(UTC), day < local.day


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
