"""Where team and answers differ somebody asks; who is nearer the answers over time is told with its doubt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.relationships.rules.surprises import (
    FEWEST_PEOPLE,
    Direction,
    Expected,
    Guess,
    Lean,
    Next,
    Pair,
    SurpriseReason,
    calibration,
    surprise_of,
    surprises,
)
from otklik.relationships.rules.vocabulary import Role

few = settings(max_examples=25, deadline=None, derandomize=True)
score = st.integers(0, 10)


def expected(guesses: list[int], came: int | None, **more: object) -> Expected:
    return Expected(1, tuple(Guess(n, guess) for n, guess in enumerate(guesses)), came, **more)


@pytest.mark.parametrize(
    ("guesses", "came", "direction", "size"),
    [
        ([9], 3, Direction.WORSE, -6),
        ([3, 4, 9], 9, Direction.BETTER, 5),
        ([9], 10, Direction.AS_EXPECTED, 1),
        ([9], 8, Direction.WORSE, -1),  # a promoter was expected and a passive came
        ([8, 9], 8, Direction.AS_EXPECTED, -0.5),
        ([2], 3, Direction.AS_EXPECTED, 1),
        ([2], 5, Direction.BETTER, 3),
        ([9], None, Direction.AS_EXPECTED, None),
    ],
)
def test_a_surprise_has_size_and_direction(
    guesses: list[int], came: int | None, direction: Direction, size: float | None
) -> None:
    found = surprise_of(expected(guesses, came))
    assert found is not None
    assert (found.direction, found.size) == (direction, size)
    assert (found.next is None) == (direction is Direction.AS_EXPECTED)
    assert bool(found.reasons) == (found.next is not None)


def test_a_regular_of_whom_something_was_expected_surprises_by_silence() -> None:
    found = surprise_of(expected([9], None, chance=0.9))
    assert found is not None
    assert (found.direction, found.next) == (Direction.SILENT, Next.REACH_PERSONALLY)


def test_nobody_expected_anything_so_nothing_surprises() -> None:
    assert surprise_of(expected([], 3)) is None
    assert surprises([expected([], 3)]) == []


def test_bad_news_of_a_decider_comes_first_and_what_was_expected_last() -> None:
    wave = [
        Expected(1, (Guess(1, 9),), 9),
        Expected(2, (Guess(1, 4),), 10),
        Expected(3, (Guess(1, 10),), 4, Role.DECISION_MAKER),
        Expected(4, (Guess(1, 10),), 4, Role.END_USER),
    ]
    assert [one.person for one in surprises(wave)] == [3, 4, 2, 1]


def test_a_divided_team_was_less_surprised() -> None:
    sure, divided = surprise_of(expected([8, 8, 8], 3)), surprise_of(expected([3, 8, 10], 3))
    assert sure is not None
    assert divided is not None
    assert divided.points < sure.points
    assert SurpriseReason.TEAM_DIVIDED in {one.reason for one in divided.reasons}
    assert (divided.lowest, divided.expected, divided.highest) == (3, 8, 10)


@few
@given(st.lists(score, min_size=1, max_size=5), score, st.sampled_from(Role))
def test_the_sum_of_the_reasons_is_the_rank_and_scores_mirror(
    guesses: list[int], came: int, role: Role
) -> None:
    found = surprise_of(expected(guesses, came, role=role))
    assert found is not None
    assert found.points == sum(one.points for one in found.reasons)
    assert min(guesses) <= found.expected <= max(guesses)
    if found.direction is Direction.WORSE:
        assert came < found.expected
    if came == found.expected:
        assert found.direction is Direction.AS_EXPECTED


def pairs(offs: list[float]) -> list[Pair]:
    return [Pair(n, 7 + off, 7) for n, off in enumerate(offs)]


@pytest.mark.parametrize(
    ("offs", "lean"),
    [
        ([2, 1, 2, 3, 2, 1, 2, 3], Lean.TEAM_HIGHER),
        ([-2, -1, -2, -3, -2, -1, -2, -3], Lean.TEAM_LOWER),
        ([0.5, -0.5] * 8, Lean.NO_DIFFERENCE_SEEN),
        ([3, -3] * 4, Lean.CANNOT_TELL),
        ([3] * (FEWEST_PEOPLE - 1), Lean.CANNOT_TELL),
    ],
)
def test_a_team_leans_only_where_the_interval_says_so(offs: list[float], lean: Lean) -> None:
    assert calibration(pairs(offs)).lean is lean


def test_under_eight_people_there_are_counts_only() -> None:
    found = calibration(pairs([1.0] * 7))
    assert (found.people, found.pairs, found.bias, found.interval, found.hits) == (7, 7, None, None, None)


def test_one_person_asked_ten_times_is_one_person() -> None:
    assert calibration([Pair(1, 9, 3)] * 10).people == 1
    many = calibration([*pairs([1.0, 0, 2, 1, 0, 2, 1]), *[Pair(99, 10, 7)] * 20])
    assert many.bias == pytest.approx((7 + 3) / 8)
    assert many.people == 8


def test_the_interval_of_the_bias_covers() -> None:
    rng, held = np.random.default_rng(3), 0
    for _ in range(400):
        offs = rng.integers(-2, 4, 10).astype(float)  # mean 0.5
        interval = calibration([Pair(n, 5 + off, 5) for n, off in enumerate(offs)]).interval
        assert interval is not None
        held += interval.low <= 0.5 <= interval.high
    assert held >= 0.92 * 400
