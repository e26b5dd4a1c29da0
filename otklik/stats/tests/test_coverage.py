"""How often intervals hold the truth: exact, by enumerating every possible outcome of n answers."""

import numpy as np
import pytest

from otklik.stats.compare import mover
from otklik.stats.intervals import Method, adjusted_wald, intervals
from otklik.stats.nps import nps
from otklik.stats.special import log_gamma
from otklik.stats.weights import finite_effective

TRUTHS = np.array([(d, 10 - d - p, p) for d in range(11) for p in range(11 - d)]) / 10
EDGE = 1e-9  # a truth that lies on the limit is inside


def outcomes(n):
    """Every (detractors, passives, promoters) with sum n."""
    d, p = np.indices((n + 1, n + 1)).reshape(2, -1)
    possible = d + p <= n
    return np.stack([d, n - d - p, p], axis=1)[possible]


def chances(counts, truths):
    """Probability of each outcome (rows) under each truth (columns)."""
    n = counts[0].sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(counts[:, None, :] == 0, 0.0, counts[:, None, :] * np.log(truths)[None])
    return np.exp(logs.sum(axis=2) + (log_gamma(n + 1) - log_gamma(counts + 1).sum(axis=1))[:, None])


def coverage(n, method=Method.TANGO, truths=TRUTHS, level=0.95):
    counts = outcomes(n)
    limits = intervals(counts, method=method, level=level)
    scores = truths[:, 2] - truths[:, 0]
    inside = (limits[:, :1] <= scores + EDGE) & (limits[:, 1:] >= scores - EDGE)
    return (chances(counts, truths) * inside).sum(axis=0)


def test_the_default_interval_keeps_its_word_from_5_to_60_answers():
    for n in range(5, 61):
        covered = coverage(n)
        assert covered.min() >= 0.91, (n, TRUTHS[covered.argmin()], covered.min())
        assert covered.mean() >= 0.95, (n, covered.mean())


def test_its_worst_case_is_the_one_computed_beforehand():
    assert coverage(6).min() == pytest.approx(0.912, abs=0.0005)


def test_wald_is_not_the_default_for_a_reason():
    assert coverage(5, Method.WALD).min() == pytest.approx(0.40, abs=0.005)


# n, true shares: coverage / mean clipped width of Wald, adjusted Wald, Tango, Goodman
TABLE = [
    (5, (0.02, 0.08, 0.90), [(0.401, 0.30), (0.919, 0.88), (0.965, 0.92), (0.409, 0.35)]),
    (5, (0.20, 0.30, 0.50), [(0.840, 1.10), (0.943, 1.01), (0.975, 1.10), (0.840, 1.31)]),
    (10, (0.05, 0.15, 0.80), [(0.884, 0.52), (0.944, 0.69), (0.969, 0.70), (0.891, 0.60)]),
    (10, (0.20, 0.30, 0.50), [(0.896, 0.90), (0.962, 0.81), (0.947, 0.86), (0.937, 1.10)]),
    (20, (0.20, 0.30, 0.50), [(0.926, 0.66), (0.948, 0.62), (0.947, 0.64), (0.969, 0.83)]),
    (30, (0.02, 0.08, 0.90), [(0.841, 0.23), (0.958, 0.33), (0.961, 0.32), (0.844, 0.27)]),
    (50, (0.20, 0.30, 0.50), [(0.941, 0.43), (0.950, 0.42), (0.951, 0.42), (0.980, 0.53)]),
]  # fmt: skip


@pytest.mark.parametrize(("n", "shares", "expected"), TABLE)
def test_coverage_and_width_of_each_method_are_those_computed_beforehand(n, shares, expected):
    truth = np.array([shares])
    counts = outcomes(n)
    chance = chances(counts, truth)[:, 0]
    for method, (covered, width) in zip(
        (Method.WALD, Method.ADJUSTED_WALD, Method.TANGO, Method.GOODMAN), expected, strict=True
    ):
        limits = intervals(counts, method=method)
        assert coverage(n, method, truth)[0] == pytest.approx(covered, abs=0.0006), method
        assert chance @ (limits[:, 1] - limits[:, 0]) == pytest.approx(width, abs=0.0051), method


def test_the_finite_population_interval_keeps_its_word():
    """24 of 60 people asked without replacement: hypergeometric, every sample enumerated."""
    n, counts = 24, outcomes(24)
    for shares in [(6, 18, 36), (20, 20, 20), (2, 5, 53), (30, 0, 30), (0, 30, 30)]:
        population = np.array(shares)
        drawable = counts[(counts <= population).all(axis=1)]
        logs = log_gamma(population + 1) - log_gamma(drawable + 1) - log_gamma(population - drawable + 1)
        chance = np.exp(logs.sum(axis=1) - (log_gamma(61) - log_gamma(n + 1) - log_gamma(61 - n)))
        assert chance.sum() == pytest.approx(1)
        limits = intervals(finite_effective(drawable, 60))
        truth = float(nps(population))
        inside = (limits[:, 0] <= truth + EDGE) & (limits[:, 1] >= truth - EDGE)
        assert chance @ inside >= 0.92, shares


def difference_coverage(n, before, after, limits):
    first, second = outcomes(n), outcomes(n)
    chance = np.outer(chances(first, np.array([before]))[:, 0], chances(second, np.array([after]))[:, 0])
    i, j = np.indices(chance.shape).reshape(2, -1)
    low, high = limits(first[i], second[j]).T
    truth = (after[2] - after[0]) - (before[2] - before[0])
    return float(chance.reshape(-1) @ ((low <= truth + EDGE) & (high >= truth - EDGE)))


def adjusted_difference(before, after):
    pseudo = np.array((0.75, 1.5, 0.75))
    margins = [adjusted_wald(counts) for counts in (before, after)]
    half = np.sqrt(sum(((limits[:, 1] - limits[:, 0]) / 2) ** 2 for limits in margins))
    centre = nps(after + pseudo) - nps(before + pseudo)
    return np.stack([centre - half, centre + half], axis=1)


SHARES = [(0.2, 0.3, 0.5), (0.02, 0.08, 0.9), (0.9, 0.05, 0.05), (0.1, 0.8, 0.1), (0.5, 0.0, 0.5)]


@pytest.mark.parametrize("n", [5, 10])
def test_the_interval_of_a_difference_keeps_its_word_where_the_adjusted_one_does_not(n):
    worst = {"mover": 1.0, "adjusted": 1.0}
    for before in SHARES:
        for after in SHARES:
            worst["mover"] = min(worst["mover"], difference_coverage(n, before, after, mover))
            adjusted = difference_coverage(n, before, after, adjusted_difference)
            worst["adjusted"] = min(worst["adjusted"], adjusted)
    assert worst["mover"] >= 0.91
    assert worst["adjusted"] <= 0.85


def test_how_far_the_adjusted_difference_falls_at_opposite_ends_of_the_scale():
    ends = (5, (0.9, 0.05, 0.05), (0.02, 0.08, 0.9))
    assert difference_coverage(*ends, mover) == pytest.approx(0.92, abs=0.005)
    assert difference_coverage(*ends, adjusted_difference) == pytest.approx(0.60, abs=0.01)
