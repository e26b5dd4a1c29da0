"""Invitations leave in business hours of the person, not in the past, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.feedback.rules.send_time import business_hours, send_at, spread_at

FRIDAY = datetime(2026, 3, 6, 12, tzinfo=UTC)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "preferred", "country", "event", "delay", "leaves"),
    [
        ("Europe/Berlin", "", "", "2026-03-04T12:00", 1, "2026-03-04T13:00"),
        ("Europe/Berlin", "", "", "2026-03-04T16:30", 1, "2026-03-05T10:00"),  # after hours: next morning
        ("Europe/Berlin", "", "", "2026-03-06T16:30", 1, "2026-03-09T10:00"),  # over the week-end
        ("Europe/Berlin", "08:00-09:00", "", "2026-03-04T09:00", 0, "2026-03-05T08:00"),
        ("Europe/Berlin", "22:00-06:00", "", "2026-03-04T12:00", 0, "2026-03-04T22:00"),
        ("Europe/Berlin", "mornings", "", "2026-03-04T09:00", 0, "2026-03-04T10:00"),
        ("Europe/Berlin", "", "DE", "2026-10-02T18:00", 0, "2026-10-05T10:00"),
        ("Europe/Berlin", "", "DE", "2026-12-24T18:00", 0, "2026-12-28T10:00"),
        ("Europe/Moscow", "", "RU", "2026-01-01T12:00", 0, "2026-01-12T10:00"),
        ("Europe/Berlin", "", "ZZ", "2026-03-04T12:00", 0, "2026-03-04T12:00"),
        ("Asia/Tokyo", "", "", "2026-03-04T03:00", 0, "2026-03-04T10:00"),
        # The clocks go forward in the night: 10 o'clock is an hour nearer.
        ("Europe/Berlin", "02:15-02:45", "", "2026-03-27T23:00", 0, "2026-03-30T02:15"),
        ("Europe/Berlin", "", "", "2026-03-28T12:00", 0, "2026-03-30T10:00"),
    ],
)
def test_when_an_invitation_leaves(zone, preferred, country, event, delay, leaves) -> None:
    hours = business_hours(zone, preferred, country)
    found = send_at(hours, at(event, zone), timedelta(hours=delay), now=at(event, zone))
    assert found == at(leaves, zone)


def test_an_event_told_of_late_is_answered_to_now_and_not_in_the_past() -> None:
    assert (
        send_at(business_hours("UTC"), FRIDAY - timedelta(days=9), timedelta(hours=2), now=FRIDAY) == FRIDAY
    )


def test_a_zone_nobody_knows_is_utc() -> None:
    assert business_hours("Mars/Olympus").zone == "UTC"
    assert business_hours("").zone == "UTC"


@given(
    st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: FRIDAY + timedelta(minutes=minutes)),
    st.sampled_from(("Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe")),
    st.sampled_from(("", "09:00-18:00", "20:00-02:00", "00:00-24:00")),
    st.integers(0, 72),
    st.text(max_size=6),
)
def test_every_moment_is_open_in_the_future_and_the_same_again(event, zone, preferred, hours, key) -> None:
    calendar, start = business_hours(zone, preferred), event
    first = send_at(calendar, start, timedelta(hours=hours), now=start)
    later = spread_at(calendar, first, timedelta(hours=6), key)
    assert first >= start + timedelta(hours=hours)
    assert later >= first
    assert later == spread_at(calendar, first, timedelta(hours=6), key)
    for moment in (first, later):
        local = moment.astimezone(ZoneInfo(zone))
        assert local.weekday() < 5
        assert send_at(calendar, moment, timedelta(0), now=moment) == moment


def test_a_send_is_spread_over_the_hours_it_may_take() -> None:
    calendar = business_hours("UTC")
    start = at("2026-03-04T10:00")
    moments = [spread_at(calendar, start, timedelta(hours=14), str(n)) for n in range(1000)]
    first_day = sum(moment.day == 4 for moment in moments)
    assert 400 < first_day < 600
    assert max(moments) <= at("2026-03-05T17:00")
