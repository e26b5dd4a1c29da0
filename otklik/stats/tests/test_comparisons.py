"""Two scores: figures of the reference (R 4.2.2, statsmodels SquareTable), and what happens at the edges."""

import math

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import SquareTable

from otklik.stats.compare import (
    bhapkar,
    independent,
    mover,
    mover_p,
    moves,
    overlap_correlation,
    overlap_standard_error,
    overlapping,
    paired,
    stuart_maxwell,
)
from otklik.stats.intervals import tango
from otklik.stats.nps import NotCounts, nps

BEFORE, AFTER = (30, 30, 40), (20, 30, 50)
BOTH = [[8, 3, 1], [2, 10, 6], [1, 4, 25]]


def test_independent_scores_by_wald():
    found = independent(BEFORE, AFTER)
    assert found.estimate == pytest.approx(0.2)
    assert found.standard_error == pytest.approx(0.11401754, abs=1e-8)
    assert found.z == pytest.approx(1.75411604, abs=1e-8)
    assert found.p_value == pytest.approx(0.07941063, abs=1e-8)
    assert found.interval == pytest.approx((-0.02347028, 0.42347028), abs=1e-8)


def test_independent_scores_adjusted():
    found = independent(BEFORE, AFTER, adjusted=True)
    assert found.estimate == pytest.approx(0.19417476, abs=1e-8)
    assert found.standard_error == pytest.approx(0.11208916, abs=1e-8)
    assert found.z == pytest.approx(1.73232413, abs=1e-8)
    assert found.p_value == pytest.approx(0.08321587, abs=1e-8)
    assert found.interval == pytest.approx((-0.02551596, 0.41386547), abs=1e-8)


def test_the_same_people_twice():
    found = paired(BOTH)
    assert found.estimate == pytest.approx(0.05)
    assert found.standard_error**2 * 60 == pytest.approx(0.38083333, abs=1e-8)
    assert found.standard_error == pytest.approx(0.07966946, abs=1e-8)
    assert found.z == pytest.approx(0.627593, abs=1e-6)
    assert found.p_value == pytest.approx(0.530271, abs=1e-6)


def test_calling_the_same_people_independent_loses_precision():
    table = np.array(BOTH)
    found = independent(table.sum(axis=1), table.sum(axis=0))
    assert found.standard_error == pytest.approx(0.14166667, abs=1e-8)
    assert found.p_value == pytest.approx(0.724133, abs=1e-6)


def test_movers_and_the_exact_sign_test():
    found = moves(BOTH)
    assert (found.up, found.down) == (10, 7)
    assert found.p_value == pytest.approx(0.62905884, abs=1e-8)


def test_marginal_homogeneity():
    symmetric, free = stuart_maxwell(BOTH), bhapkar(BOTH)
    assert (symmetric.chi2, symmetric.df) == (pytest.approx(0.4), 2)
    assert symmetric.p_value == pytest.approx(0.81873075, abs=1e-8)
    assert free.chi2 == pytest.approx(0.40268456, abs=1e-8)
    assert free.p_value == pytest.approx(0.81763252, abs=1e-8)


@pytest.mark.parametrize("seed", range(5))
def test_marginal_homogeneity_agrees_with_statsmodels(seed):
    table = np.random.default_rng(seed).integers(1, 30, (3, 3))
    peer = SquareTable(table, shift_zeros=False)
    for ours, method in ((stuart_maxwell(table), "stuart_maxwell"), (bhapkar(table), "bhapkar")):
        theirs = peer.homogeneity(method=method)
        assert ours.chi2 == pytest.approx(theirs.statistic)
        assert ours.p_value == pytest.approx(theirs.pvalue)


def test_partly_overlapping_waves():
    shared = overlap_standard_error(0.61, 80, 0.59416667, 70, 0.41166667, 60)
    assert shared == pytest.approx(0.08539126, abs=1e-8)
    assert overlap_standard_error(0.61, 80, 0.59416667, 70, 0.41166667, 0) == pytest.approx(
        0.12693737, abs=1e-8
    )


def test_overlap_ranges_from_independent_to_paired():
    table = np.array(BOTH)
    before, after = table.sum(axis=1), table.sum(axis=0)
    nobody = np.zeros((3, 3), int)
    same = overlapping(before, after, BOTH)
    assert same.standard_error == pytest.approx(paired(BOTH).standard_error)
    assert overlapping(before, after, nobody) == independent(before, after)
    some = overlapping(before + 10, after + 5, BOTH)
    assert same.standard_error < some.standard_error < independent(before + 10, after + 5).standard_error
    assert overlap_correlation(before, after, nobody) == 0
    assert (
        0 < overlap_correlation(before + 10, after + 5, BOTH) < overlap_correlation(before, after, BOTH) < 1
    )


def test_mover_is_built_from_the_two_tango_intervals():
    (s1, s2), (l1, u1), (l2, u2) = nps([BEFORE, AFTER]), tango(BEFORE), tango(AFTER)
    expected = (s2 - s1 - math.hypot(s2 - l2, u1 - s1), s2 - s1 + math.hypot(u2 - s2, s1 - l1))
    assert mover([BEFORE], [AFTER])[0].tolist() == pytest.approx(expected, abs=1e-12)


def test_the_p_value_of_mover_is_the_level_that_just_touches_zero():
    (p,) = mover_p([BEFORE], [AFTER])
    assert p == pytest.approx(0.0819, abs=1e-4)
    low, high = mover([BEFORE], [AFTER], level=1 - p)[0]
    assert low == pytest.approx(0, abs=1e-6)
    assert high > 0


def test_correlation_narrows_the_interval_of_a_difference():
    (wide,), (narrow,) = mover([BEFORE], [AFTER]), mover([BEFORE], [AFTER], correlation=0.6)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_nothing_moved_and_nothing_varied():
    stayed = np.diag([0, 0, 20])
    assert paired(stayed).z == 0
    assert paired(stayed).p_value == 1
    assert moves(stayed).p_value == 1
    assert (stuart_maxwell(stayed).df, bhapkar(stayed).p_value) == (0, 1)
    low, high = paired(stayed, adjusted=True).interval
    assert low == -high < -0.1, "twenty people who stayed do not prove that nobody ever moves"


def test_everybody_moved_the_same_way():
    risen = np.zeros((3, 3), int)
    risen[0, 2] = 12
    assert paired(risen).z == math.inf
    assert paired(risen).p_value == 0
    assert bhapkar(risen).p_value == 0
    assert bhapkar(risen).chi2 == math.inf
    assert moves(risen).p_value == pytest.approx(2 * 0.5**12)
    fallen = independent((0, 0, 9), (9, 0, 0))
    assert fallen.z == -math.inf
    assert independent((0, 0, 9), (9, 0, 0), adjusted=True).z > -10


def test_sides_without_answers_have_no_difference():
    limits = mover([(0, 0, 0), BEFORE], [AFTER, AFTER])
    assert np.isnan(limits[0]).all()
    assert np.isfinite(limits[1]).all()
    assert np.isnan(mover_p([(0, 0, 0)], [AFTER])[0])
    for bad in [(0, 0, 0), [BEFORE, BEFORE], (1, 2)]:
        with pytest.raises(NotCounts):
            independent(bad, AFTER)
    for bad in [np.zeros((3, 3)), np.ones((2, 2)), np.full((3, 3), 0.5), -np.ones((3, 3))]:
        with pytest.raises(NotCounts):
            paired(bad)


def test_people_in_both_waves_must_be_in_each():
    with pytest.raises(NotCounts, match="among the answers"):
        overlapping((1, 1, 1), (5, 5, 50), BOTH)


def test_certainty_of_ten_million_answers_is_a_small_p_not_a_crash():
    n = 10_000_000
    p = mover_p([(n, 0, 0), (n, n, n)], [(0, 0, n), (n, n, n + 20_000)])
    assert p[0] < 1e-290
    assert 0 < p[1] < 0.05


@pytest.mark.parametrize(("n", "stay"), [(10, 0.4), (20, 0.7), (60, 0.9)])
def test_the_adjusted_interval_of_moves_keeps_its_word(n, stay):
    """Simulated: 4,000 panels, people who stay with this probability, else move with a drift upwards."""
    rng = np.random.default_rng(11)
    for shares in [(0.2, 0.3, 0.5), (0.05, 0.15, 0.8), (1 / 3, 1 / 3, 1 / 3)]:
        chance = stay * np.diag(shares) + (1 - stay) * np.outer(shares, shares) * (
            1 + 2 * np.triu(np.ones((3, 3)), 1)
        )
        chance /= chance.sum()
        truth = chance.sum(axis=0) @ [-1, 0, 1] - chance.sum(axis=1) @ [-1, 0, 1]
        tables, times = np.unique(rng.multinomial(n, chance.ravel(), 4000), axis=0, return_counts=True)
        limits = [paired(table.reshape(3, 3), adjusted=True).interval for table in tables]
        inside = np.array([limit.low <= truth <= limit.high for limit in limits])
        assert times @ inside / 4000 >= 0.935, shares
