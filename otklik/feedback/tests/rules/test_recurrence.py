"""When waves of a series come: by months of the calendar, at the same hour, nothing twice or backwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.feedback.rules.recurrence import (
    FEWEST_DAYS,
    LAST_YEAR,
    Dates,
    Every,
    dates_of,
    meets_cooldown,
    next_turn,
)

BERLIN = "Europe/Berlin"


def local(text: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def starts(first: str, every: Every, turns: int, zone: str = BERLIN) -> list[str]:
    found = (dates_of(Dates(local(first, zone)), every, zone, turn).starts_at for turn in range(1, turns + 1))
    return [moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") for moment in found]


@pytest.mark.parametrize(
    ("first", "every", "expected"),
    [
        ("2026-01-31 10:00", Every.MONTH, ["2026-02-28 10:00", "2026-03-31 10:00", "2026-04-30 10:00"]),
        ("2028-01-31 10:00", Every.MONTH, ["2028-02-29 10:00", "2028-03-31 10:00", "2028-04-30 10:00"]),
        ("2026-11-30 09:15", Every.QUARTER, ["2027-02-28 09:15", "2027-05-30 09:15", "2027-08-30 09:15"]),
        ("2026-08-31 10:00", Every.HALF_YEAR, ["2027-02-28 10:00", "2027-08-31 10:00", "2028-02-29 10:00"]),
        ("2028-02-29 10:00", Every.YEAR, ["2029-02-28 10:00", "2030-02-28 10:00", "2031-02-28 10:00"]),
        # Winter time to summer time and back: 10 o'clock is 10 o'clock.
        ("2026-01-15 10:00", Every.QUARTER, ["2026-04-15 10:00", "2026-07-15 10:00", "2026-10-15 10:00"]),
        # On the 29th of March half past two does not exist in Berlin; on the 25th of October it does twice.
        ("2026-02-28 02:30", Every.MONTH, ["2026-03-28 02:30", "2026-04-28 02:30", "2026-05-28 02:30"]),
        ("2026-01-29 02:30", Every.MONTH, ["2026-02-28 02:30", "2026-03-29 03:30", "2026-04-29 02:30"]),
        ("2026-09-25 02:30", Every.MONTH, ["2026-10-25 02:30", "2026-11-25 02:30", "2026-12-25 02:30"]),
    ],
)
def test_the_day_and_the_hour_stay_as_far_as_the_calendar_has_them(
    first: str, every: Every, expected: list[str]
) -> None:
    assert starts(first, every, 3) == expected


def test_midnight_in_the_zone_is_not_another_day_elsewhere() -> None:
    assert starts("2026-01-31 00:00", Every.MONTH, 1, "Asia/Vladivostok") == ["2026-02-28 00:00"]


@pytest.mark.parametrize(
    ("start", "end", "every", "next_end"),
    [
        ("2026-01-01 09:00", "2026-03-31 18:00", Every.QUARTER, "2026-06-30 18:00"),
        ("2026-10-01 09:00", "2026-12-31 18:00", Every.QUARTER, "2027-03-31 18:00"),
        ("2026-01-17 09:00", "2026-02-05 18:00", Every.MONTH, "2026-03-05 18:00"),
        ("2026-01-31 09:00", "2026-02-28 09:00", Every.MONTH, "2026-03-28 09:00"),
        # Four days stay four days where February would cut them to one.
        ("2026-01-27 09:00", "2026-01-31 09:00", Every.MONTH, "2026-03-03 09:00"),
        ("2026-01-30 15:00", "2026-01-31 10:00", Every.MONTH, "2026-03-01 10:00"),
    ],
)
def test_the_closing_moves_along(start: str, end: str, every: Every, next_end: str) -> None:
    assert dates_of(Dates(local(start), local(end)), every, BERLIN, 1).closes_at == local(next_end)


DAY = datetime(2000, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=55_000)).map(DAY.__add__)
ZONES = st.sampled_from(
    ["UTC", BERLIN, "Europe/Moscow", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe",
     "Pacific/Apia", "Africa/Casablanca"]
)  # fmt: skip


@given(MOMENTS, st.timedeltas(timedelta(minutes=1), timedelta(days=400)), st.sampled_from(Every), ZONES)
def test_turns_grow_close_after_they_start_and_never_come_early(
    start: datetime, lasts: timedelta, every: Every, zone: str
) -> None:
    first = Dates(start, start + lasts)
    found = [dates_of(first, every, zone, turn) for turn in range(14)]
    assert found[0] == first
    for before, after in pairwise(found):
        assert after.starts_at - before.starts_at >= timedelta(days=FEWEST_DAYS[every] - 2)
    for one in found:
        assert one.closes_at is not None
        assert one.closes_at > one.starts_at
        # A month is at most three days shorter than another, and a clock some hours.
        assert abs((one.closes_at - one.starts_at) - lasts) <= timedelta(days=6)


@given(
    MOMENTS, st.sampled_from(Every), ZONES, st.integers(0, 40), st.timedeltas(timedelta(0), timedelta(9999))
)
def test_what_was_missed_is_not_made_up_for(
    start: datetime, every: Every, zone: str, turn: int, later: timedelta
) -> None:
    first, at = Dates(start), start + later
    found = next_turn(first, every, zone, turn, at)
    assert found is not None
    assert found > turn
    assert dates_of(first, every, zone, found).starts_at > at
    assert found == turn + 1 or dates_of(first, every, zone, found - 1).starts_at <= at


def test_a_series_ends_before_the_calendar_does() -> None:
    at = datetime(LAST_YEAR - 1, 12, 31, tzinfo=UTC)
    assert next_turn(Dates(at), Every.YEAR, "UTC", 0, at) is None


@pytest.mark.parametrize(
    ("every", "cooldown", "meets"),
    [(Every.MONTH, 16, True), (Every.QUARTER, 77, True), (Every.QUARTER, 90, False), (Every.YEAR, 90, True)],
)
def test_a_quarter_is_too_short_for_ninety_days_of_silence(every: Every, cooldown: int, meets: bool) -> None:
    assert meets_cooldown(every, cooldown) is meets
