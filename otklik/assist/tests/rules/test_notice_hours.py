from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from otklik.assist.rules.notices import waking_hour, working_days_before

MOSCOW, TOKYO = ZoneInfo("Europe/Moscow"), ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("at", "zone", "then"),
    [
        ("2026-03-02T09:00", MOSCOW, "2026-03-02T09:00"),
        ("2026-03-02T03:00", MOSCOW, "2026-03-02T06:00"),
        ("2026-03-02T18:30", MOSCOW, "2026-03-03T06:00"),
        ("2026-03-02T16:59", MOSCOW, "2026-03-02T16:59"),
        ("2026-03-02T17:00", MOSCOW, "2026-03-03T06:00"),
        ("2026-03-02T12:00", TOKYO, "2026-03-03T00:00"),
        # The night the clocks change: nine in the morning is an hour earlier in UTC.
        ("2026-03-28T22:00", ZoneInfo("Europe/Berlin"), "2026-03-29T07:00"),
    ],
)
def test_nobody_is_written_to_at_night(at: str, zone: ZoneInfo, then: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert waking_hour(moment, zone) == datetime.fromisoformat(then).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "then"), [(0, "2026-03-02"), (1, "2026-02-27"), (3, "2026-02-25"), (6, "2026-02-20")]
)
def test_weekends_are_no_silence(days: int, then: str) -> None:
    """The 2nd of March 2026 is a Monday."""
    monday = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert f"{working_days_before(monday, days):%Y-%m-%d}" == then
