"""What a plan promises before anybody is asked."""

from __future__ import annotations

import pytest

from otklik.feedback.rules.estimate import (
    WORST_SHARES,
    Days,
    Past,
    Range,
    Reach,
    Source,
    answers_needed,
    days_of_rolling,
    days_of_wave,
    estimate,
    half_width,
)

SHARES = (0.2, 0.3, 0.5)


def test_a_role_without_history_is_reckoned_with_an_assumption_that_says_so() -> None:
    found = estimate({"end_user": 1000}, {"end_user": 500}, {})
    assert (found.roles[0].rate, found.roles[0].source, found.expected) == (0.2, Source.ASSUMED, 100)
    assert found.shares == WORST_SHARES
    assert found.shares_source is Source.ASSUMED


def test_history_outweighs_the_assumption() -> None:
    (role,) = estimate({"end_user": 1000}, {"end_user": 500}, {"end_user": Past(980, 490)}).roles
    assert role.rate == pytest.approx((4 + 490) / 1000)
    assert role.source is Source.HISTORY


def test_an_unknown_rate_makes_a_wide_range_and_a_known_one_a_narrow() -> None:
    unknown = estimate({"a": 5000}, {"a": 1000}, {}).answers
    known = estimate({"a": 5000}, {"a": 1000}, {"a": Past(100_000, 20_000)}).answers
    assert unknown.high - unknown.low > 300
    assert known == Range(176, 224)


def test_roles_nobody_of_is_asked_count_among_the_people_only() -> None:
    found = estimate({"a": 100, "b": 900}, {"a": 100}, {})
    assert (found.people, found.invited, found.expected) == (1000, 100, 20)


def test_under_five_answers_there_is_no_score_and_so_no_width() -> None:
    found = estimate({"a": 10}, {"a": 10}, {}, (10, 10, 30))
    assert found.expected == 2
    assert found.half_width is None


def test_asking_more_makes_the_interval_narrower_and_everybody_answering_leaves_none() -> None:
    widths = [half_width(n, SHARES, 1000) for n in (5, 20, 100, 500, 999, 1000)]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 1e-5
    assert half_width(100, SHARES, 1000) < half_width(100, SHARES)


@pytest.mark.parametrize("people", [60, 200, 1000, 100_000])
def test_the_needed_answers_are_the_fewest_that_do(people: int) -> None:
    needed = answers_needed(0.1, WORST_SHARES, people)
    assert needed is not None
    assert half_width(needed, WORST_SHARES, people) <= 0.1
    assert (half_width(needed - 1, WORST_SHARES, people) or 2) > 0.1


def test_four_people_have_no_score_however_many_answer() -> None:
    assert answers_needed(0.1, WORST_SHARES, 4) is None


DELAYS = [float(day) for day in range(1, 31)]


@pytest.mark.parametrize(
    ("needed", "expected", "delays", "days"),
    [
        (50, 100.0, DELAYS, Days(Reach.REACHED, 15)),
        (100, 100.0, DELAYS, Days(Reach.REACHED, 30)),
        (101, 100.0, DELAYS, Days(Reach.NEVER)),
        (None, 100.0, DELAYS, Days(Reach.NEVER)),
        (50, 100.0, DELAYS[:19], Days(Reach.CANNOT_TELL)),
    ],
)
def test_days_of_a_wave_follow_how_fast_people_answered_before(needed, expected, delays, days) -> None:
    assert days_of_wave(needed, expected, delays) == days


@pytest.mark.parametrize(
    ("needed", "per_day", "rate", "days"),
    [
        (100, 20.0, 0.25, Days(Reach.REACHED, 20 + 15)),
        (451, 20.0, 0.25, Days(Reach.NEVER)),
        (None, 20.0, 0.25, Days(Reach.NEVER)),
        (100, 0.0, 0.25, Days(Reach.NEVER)),
    ],
)
def test_days_of_a_rolling_survey_are_those_of_one_round_at_most(needed, per_day, rate, days) -> None:
    assert days_of_rolling(needed, per_day, rate, 90, DELAYS) == days
