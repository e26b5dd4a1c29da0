"""Ranks of the median by M. J. Campbell and M. J. Gardner (1988), BMJ 296, 1454-1456; quantiles by hand."""

from __future__ import annotations

import pytest

from otklik.stats.waits import (
    NotInOrder,
    Quantile,
    Waited,
    quantile,
    quantile_with_waiting,
    quantiles_with_waiting,
    ranks,
)


@pytest.mark.parametrize(
    ("n", "low", "high"),
    [(6, 1, 6), (7, 1, 7), (9, 2, 8), (10, 2, 9), (15, 4, 12), (20, 6, 15), (30, 10, 21), (50, 18, 33)],
)
def test_the_published_ranks_of_the_median_come_out(n: int, low: int, high: int) -> None:
    assert ranks(n, 0.5, 0.95) == (low, high)


def test_the_ranks_of_many_are_those_of_few_carried_on() -> None:
    assert ranks(100, 0.5, 0.95) == (40, 61), "the same source, and 25 is where the approximation begins"
    low, high = ranks(10_000, 0.9, 0.95)
    assert 8930 < low < 8945
    assert 9055 < high < 9070


def test_too_few_values_have_a_quantile_and_no_interval() -> None:
    assert quantile([3.0], 0.5) == (3.0, None)
    assert quantile([10, 15, 20, 30, 40], 0.5) == (20, None), (
        "five values may all lie on one side of the true median"
    )
    assert quantile(range(1, 31), 0.9).interval is None, "of thirty, none is surely above nine of ten"


def test_the_least_value_within_which_the_share_lies() -> None:
    assert quantile([10, 15, 20, 30, 40, 50, 70], 0.5).value == 30
    assert quantile([10, 15, 20, 30, 40, 50, 70], 0.9).value == 70
    assert quantile(range(1, 101), 0.9) == (90, (84, 96))
    with pytest.raises(NotInOrder):
        quantile([], 0.5)
    with pytest.raises(NotInOrder):
        quantile([1.0], 1.0)


# Weeks until the illness was back, and weeks without it when the trial ended (Freireich and others, 1963).
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
STILL_WELL = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
UNTREATED = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_waits_that_go_on_are_counted_as_the_published_trial_does() -> None:
    assert quantile_with_waiting(TREATED, STILL_WELL, 0.5) == 23
    assert quantile_with_waiting(UNTREATED, [], 0.5) == 8
    assert quantile_with_waiting(TREATED, STILL_WELL, 0.9) is None, "most had not come back"


def test_the_interval_of_the_same_trial_is_the_one_that_is_published() -> None:
    """Venables and Ripley, Modern Applied Statistics with S, 4th ed. (2002), section 13.1: 8 (4, 12), and 23
    (16, unknown)."""
    waits = [Waited(time, UNTREATED.count(time)) for time in sorted(set(UNTREATED), reverse=True)]
    assert quantiles_with_waiting(waits, [0.5]) == [Quantile(8, (4, 12))]
    waits = [*(Waited(time, 1) for time in TREATED), *(Waited(time, 0, 1) for time in STILL_WELL)]
    assert quantiles_with_waiting(waits, [0.5, 0.9]) == [Quantile(23, None), None]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_where_nobody_waits_any_more_it_is_the_plain_quantile(share: float) -> None:
    assert quantile_with_waiting(UNTREATED, [], share) == quantile(UNTREATED, share).value


def test_of_nothing_nothing_is_known() -> None:
    assert quantile_with_waiting([], [3.0], 0.5) is None
    with pytest.raises(NotInOrder):
        quantile_with_waiting([1.0], [], 1.0)
