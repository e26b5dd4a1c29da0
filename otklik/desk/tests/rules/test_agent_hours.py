from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from otklik.desk.rules.agent_hours import works_since

MOSCOW = ZoneInfo("Europe/Moscow")
DAY = {"mon": ["09:00-13:00", "14:00-18:00"]}
NIGHT = {"fri": ["22:00-06:00"], "sun": ["20:00-24:00"]}


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """March 2026: the 2nd is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("hours", "now", "since"),
    [
        (DAY, local(2, 9), local(2, 9)),
        (DAY, local(2, 12, 59), local(2, 9)),
        (DAY, local(2, 13), None),
        (DAY, local(2, 17, 59), local(2, 14)),
        (DAY, local(2, 18), None),
        (DAY, local(3, 10), None),
        (NIGHT, local(6, 23), local(6, 22)),
        (NIGHT, local(7, 5, 59), local(6, 22)),
        (NIGHT, local(7, 6), None),
        (NIGHT, local(1, 23, 59), local(1, 20)),
        (NIGHT, local(2, 0), None),
    ],
)
def test_since_when_somebody_has_been_working(
    hours: dict[str, list[str]], now: datetime, since: datetime | None
) -> None:
    assert works_since(hours, now) == since


def test_without_hours_somebody_always_works() -> None:
    assert works_since({}, local(7, 3)) is not None
