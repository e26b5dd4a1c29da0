"""Sizes of samples: the published tables (MeasuringU, nps-ci-sample-size), and inverses of each other."""

import pytest

from otklik.stats.intervals import adjusted_wald
from otklik.stats.power import (
    EVEN_VARIANCE,
    WORST_VARIANCE,
    NotPlannable,
    answers_for_posterior_length,
    group_size,
    power,
    sample_size,
    smallest_visible,
)
from otklik.stats.shrinkage import Prior

HALF_WIDTHS = (0.20, 0.15, 0.10, 0.075, 0.05, 0.03)
ONE_SCORE = {
    (0.90, WORST_VARIANCE): (65, 118, 268, 478, 1080, 3004),
    (0.90, EVEN_VARIANCE): (43, 78, 179, 320, 723, 2012),
    (0.95, WORST_VARIANCE): (94, 168, 382, 680, 1534, 4266),
    (0.95, EVEN_VARIANCE): (62, 112, 255, 455, 1027, 2857),
    (0.99, WORST_VARIANCE): (163, 292, 661, 1177, 2651, 7370),
    (0.99, EVEN_VARIANCE): (109, 195, 442, 788, 1776, 4937),
}
DIFFERENCES = (0.05, 0.10, 0.15, 0.20, 0.30)
TWO_SCORES = {
    0.5: (3140, 785, 349, 197, 88),
    0.67: (4207, 1052, 468, 263, 117),
    1.0: (6280, 1570, 698, 393, 175),
}


@pytest.mark.parametrize(("level", "variance"), ONE_SCORE)
def test_answers_for_a_half_width(level, variance):
    sizes = tuple(sample_size(h, level=level, variance=variance) for h in HALF_WIDTHS)
    assert sizes == ONE_SCORE[level, variance]


def test_a_small_population_needs_fewer():
    sizes = [sample_size(0.1, variance=EVEN_VARIANCE, population=people) for people in (60, 200, 1000)]
    assert sizes == [49, 113, 204]
    assert sample_size(0.01, population=30) == 30


@pytest.mark.parametrize("variance", TWO_SCORES)
def test_answers_per_group_to_see_a_difference(variance):
    assert tuple(group_size(d, variance=variance) for d in DIFFERENCES) == TWO_SCORES[variance]
    assert group_size(-0.1, variance=variance) == group_size(0.1, variance=variance)


def test_the_planned_size_gives_the_planned_power_and_no_fewer_would():
    for difference in DIFFERENCES:
        n = group_size(difference)
        assert power(difference, n, n) >= 0.8
        assert power(difference, n - 1, n - 1) < 0.8
    assert power(0.0, 50, 50) == pytest.approx(0.05)
    assert power(1.9, 1000, 1000) == pytest.approx(1)


def test_the_smallest_visible_difference_is_the_one_planned_for():
    n = group_size(0.1)
    assert smallest_visible((2 / n) ** 0.5) == pytest.approx(0.1, rel=1e-3)


def test_the_planned_size_gives_the_planned_half_width():
    n = sample_size(0.1)
    low, high = adjusted_wald((n / 2, 0, n / 2))
    assert (high - low) / 2 == pytest.approx(0.1, rel=0.01)


def test_answers_for_the_average_posterior_length():
    """BayesNPS's average length criterion, flat prior; the reference is a simulation good to +-2."""
    for length, answers in ((0.5, 27), (0.3, 76), (0.2, 178)):
        assert answers_for_posterior_length(length) == pytest.approx(answers, abs=2)


def test_a_prior_that_knows_more_needs_fewer_answers():
    flat = answers_for_posterior_length(0.5)
    assert answers_for_posterior_length(0.5, prior=Prior(5, 5, 20)) < flat
    assert answers_for_posterior_length(0.5, level=0.8) < flat


@pytest.mark.parametrize(
    "plan",
    [
        lambda: sample_size(0),
        lambda: sample_size(float("nan")),
        lambda: sample_size(0.1, variance=-1),
        lambda: sample_size(0.1, population=0),
        lambda: group_size(0),
        lambda: group_size(0.1, power=1),
        lambda: power(0.1, 0, 5),
        lambda: answers_for_posterior_length(0.01),
        lambda: answers_for_posterior_length(2),
    ],
)
def test_impossible_plans_are_refused(plan):
    with pytest.raises(NotPlannable):
        plan()
