"""What is a sign, and how often chance makes one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from otklik.feedback.rules.signs import (
    above_rest,
    chance_of,
    changed_shortly_before,
    differences,
    expected_again,
    expected_changes,
    is_own_domain,
    share_difference,
    spread,
)

SENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "is_own"),
    [
        ("boris@north.example", True),
        ("boris@mail.north.example", True),
        ("boris@NORTH.example", True),
        ("boris@notnorth.example", False),
        ("north.example@aurora.example", False),
        ("", False),
    ],
)
def test_an_address_of_our_own_domain(address: str, is_own: bool) -> None:
    assert is_own_domain(address, ["@north.example", ""]) is is_own


@pytest.mark.parametrize(
    ("days", "is_sign"), [(0, True), (1, True), (14, True), (14.01, False), (-0.01, False), (90, False)]
)
def test_an_address_changed_within_two_weeks_before_the_send(days: float, is_sign: bool) -> None:
    changed = SENT - timedelta(days=days)
    assert (changed_shortly_before([changed, SENT - timedelta(days=60)], SENT) == changed) is is_sign


def test_changes_that_fall_on_anybody_hit_some_sends_by_chance() -> None:
    """90 changes among 900 people in 90 days: one in ten people, and 14 of 90 days stand before a send."""
    assert expected_changes(90, 900, 450) == pytest.approx(450 * 0.1 * 14 / 90)
    assert expected_changes(5, 0, 5) == 0


def test_being_left_out_twice_happens_by_chance_too() -> None:
    # Two of four appearances: each time with chance 1/2, so both times with 1/4, for each of two people.
    assert expected_again(2, {2: 2}) == pytest.approx(0.5)
    assert expected_again(0, {5: 10}) == 0
    assert expected_again(3, {}) == 0
    assert expected_again(4, {2: 2}) == pytest.approx(2)


@pytest.mark.parametrize(
    ("count", "expected", "chance"),
    [(0, 3, 1.0), (1, 1, 0.6321), (3, 1, 0.0803), (10, 2, 4.65e-5), (800, 900, 1.0), (999, 900, 0.0)],
)
def test_the_chance_of_so_many(count: int, expected: float, chance: float) -> None:
    assert chance_of(count, expected) == pytest.approx(chance, rel=2e-2, abs=1e-9)


def test_two_shares_are_told_apart_as_newcombe_tells_them() -> None:
    """His Table II, example (a), method 10: 56/70 against 48/80."""
    found = share_difference(56, 70, 48, 80)
    assert found is not None
    assert found.difference == pytest.approx(0.2)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert share_difference(4, 4, 10, 100) is None


def test_scores_above_those_of_the_same_people_elsewhere() -> None:
    """Somebody who gives 1.0 here and 0.5 elsewhere is 0.5 above; groups are compared with the others."""
    assert differences({1: 1.0, 2: 0.5}) == {1: 0.5, 2: -0.5}
    assert differences({1: 1.0, 2: 0.5, 3: 0.3}) == pytest.approx({1: 0.6, 2: -0.15, 3: -0.45})
    assert differences({1: 1.0}) == {}
    helped = above_rest(spread([0.5, 0.4, 0.6, 0.5, 0.45]), spread([0.0, 0.1, -0.1, 0.05, -0.05, 0.0]))
    assert helped is not None
    assert helped.is_above
    alike = above_rest(spread([0.1, -0.2, 0.3, 0.0, -0.1]), spread([0.0, 0.2, -0.3, 0.1, 0.0, 0.1]))
    assert alike is not None
    assert not alike.is_above
    assert above_rest(spread([1.0] * 4), spread([0.0] * 50)) is None


def test_who_looks_at_many_groups_asks_more_of_each() -> None:
    some, rest = spread([0.3, 0.1, 0.2, 0.0, 0.25, 0.05]), spread([0.0, 0.1, -0.1, 0.05, -0.05, 0.0])
    one, many = above_rest(some, rest), above_rest(some, rest, looked_at=50)
    assert one is not None
    assert many is not None
    assert one.is_above
    assert not many.is_above
