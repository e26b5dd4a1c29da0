"""What closing is credited with is what those not closed, from the same scores, did not do by themselves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from otklik.loop.rules.recovered import LEAST_PAIRS, Compared, Pair, compare, recovered_share
from otklik.loop.rules.vocabulary import Movement, NotTold


def pairs(before: int, changes: list[int], *, closed: bool) -> list[Pair]:
    return [Pair(before, before + change, closed) for change in changes]


def test_everybody_moves_up_from_a_low_score_and_closing_gets_no_credit_for_it() -> None:
    """Closed alerts are those of the lowest scores: unmatched they seem to help by two points."""
    low, middle = [3, 4, 5, 4] * 10, [1, 0, 2, 1] * 10
    found = compare(
        [
            *pairs(1, low * 2, closed=True),
            *pairs(5, middle, closed=True),
            *pairs(1, low, closed=False),
            *pairs(5, middle * 2, closed=False),
        ]
    )
    assert (found.closed.change, found.not_closed.change) == (pytest.approx(3.0), pytest.approx(2.0))
    assert (found.moved, found.anyway) == (pytest.approx(2.5), pytest.approx(2.5))
    assert found.credited == pytest.approx(0.0)
    assert (found.movement, found.not_told) == (Movement.CANNOT_TELL, NotTold.WITHIN_CHANCE)


def test_what_is_more_than_that_is_credited() -> None:
    change = [0, 1, 2, 1] * 10
    found = compare([*pairs(3, [n + 2 for n in change], closed=True), *pairs(3, change, closed=False)])
    assert (found.moved, found.anyway, found.credited) == pytest.approx((3.0, 1.0, 2.0))
    assert found.interval is not None
    assert found.interval.low > 0
    assert (found.movement, found.not_told) == (Movement.BETTER, None)
    worse = compare([*pairs(3, change, closed=True), *pairs(3, [n + 2 for n in change], closed=False)])
    assert worse.movement is Movement.WORSE


def test_one_starting_score_is_the_welch_interval() -> None:
    """Two samples of one score each: the numbers of the textbook's unpooled t interval."""
    first, second = [0, 1, 2, 3] * 6, [0, 1] * 12
    found = compare([*pairs(4, first, closed=True), *pairs(4, second, closed=False)])
    # By scipy: t.ppf(0.975, 31) * sqrt(var1 / 24 + var2 / 24)
    reach = 0.5208447422
    assert found.interval == pytest.approx((1 - reach, 1 + reach), abs=1e-6)


@pytest.mark.parametrize(
    ("closed", "others", "why"),
    [
        ([3] * (LEAST_PAIRS - 1), [3] * 50, NotTold.FEW_CLOSED),
        ([3] * 50, [3] * (LEAST_PAIRS - 1), NotTold.FEW_NOT_CLOSED),
        ([3] * 50, [5] * 50, NotTold.FEW_MATCHED),
        ([], [], NotTold.FEW_CLOSED),
    ],
)
def test_of_few_people_nothing_is_told(closed: list[int], others: list[int], why: NotTold) -> None:
    found = compare([*(Pair(n, n, True) for n in closed), *(Pair(n, n, False) for n in others)])
    assert (found.movement, found.not_told) == (Movement.CANNOT_TELL, why)
    assert found.credited is found.interval is None


def test_nobody_moved_is_no_movement_and_no_division_by_nothing() -> None:
    found = compare([*pairs(3, [0] * 30, closed=True), *pairs(3, [0] * 30, closed=False)])
    assert found.interval == (0, 0)
    assert found.movement is Movement.CANNOT_TELL


def test_the_recovered_share_counts_detractors_who_are_none_any_more() -> None:
    some = [Pair(3, 9, True), Pair(6, 7, True), Pair(2, 6, True), Pair(8, 10, True), Pair(3, 9, False)]
    found = recovered_share(some, of_closed=True)
    assert (found.hits, found.people) == (2, 3)
    assert found.interval is not None
    assert recovered_share(some, of_closed=False)[:2] == (1, 1)
    assert recovered_share([], of_closed=True) == (0, 0, None)


def programs(number: int, alerts: int, effect: float, seed: int) -> Iterator[Compared]:
    """Moods that differ, answers that scatter around them, the lowest scores closed more often, scores cut
    off at 0 and at 10 before the effect is added, which itself differs from person to person."""
    rng = np.random.default_rng(seed)
    for _ in range(number):
        mood = rng.normal(5.5, 2.2, alerts * 6)
        before = np.clip(np.rint(mood + rng.normal(0, 1.5, len(mood))), 0, 10).astype(int)
        mood, before = mood[before <= 6][:alerts], before[before <= 6][:alerts]
        closed = rng.random(len(mood)) < np.where(before < 3, 0.75, 0.45)
        after = np.clip(np.rint(mood + rng.normal(0, 1.5, len(mood))), 0, 10).astype(int)
        helped = np.rint(rng.normal(effect, 1.0, len(mood))).astype(int) if effect else 0
        yield compare(map(Pair, before.tolist(), (after + helped * closed).tolist(), closed.tolist()))


@pytest.mark.slow
@pytest.mark.parametrize("alerts", [60, 120, 400])
@pytest.mark.parametrize("effect", [0.0, 1.0])
def test_the_interval_holds_the_truth_as_often_as_it_says(alerts: int, effect: float) -> None:
    found = [one.interval for one in programs(1_500, alerts, effect, seed=7) if one.interval is not None]
    assert len(found) > 1_000
    covered = sum(low <= effect <= high for low, high in found) / len(found)
    assert 0.935 <= covered <= 0.97, covered


@pytest.mark.slow
def test_without_matching_closing_would_be_credited_with_what_comes_by_itself() -> None:
    """Nothing helps here; the unmatched difference says that it does, program after program."""
    found = list(programs(1_000, 400, 0.0, seed=8))
    naive = [(one.closed.change or 0) - (one.not_closed.change or 0) for one in found]
    assert np.mean(naive) > 0.15
    assert abs(np.mean([one.credited for one in found])) < 0.03
    assert np.mean([one.movement is not Movement.CANNOT_TELL for one in found]) < 0.07
