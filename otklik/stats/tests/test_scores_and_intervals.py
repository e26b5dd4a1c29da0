"""Scores, variances and intervals against published and independently computed figures."""

import numpy as np
import pytest
from scipy.optimize import brentq

from otklik.stats.intervals import Interval, Method, adjusted_wald, goodman, interval, intervals, tango, wald
from otklik.stats.nps import (
    Counts,
    NotCounts,
    counts_from_histogram,
    counts_from_scores,
    nps,
    points,
    standard_error,
    variance,
)

Z = 1.959963985

# Rocks, The American Statistician 70(4), 2016, and the tests of his R package NPS (brendan-r/NPS).
SCORES = [
    ((1, 2, 3), 1 / 3, 5 / 9, 0.304290),
    ((1, 0, 1), 0, 1, 0.70710678),
    ((0, 1, 1), 0.5, 0.25, 0.35355339),
    ((1, 1, 1), 0, 2 / 3, 0.47140452),
    ((1, 0, 0), -1, 0, 0),
    ((0, 1, 0), 0, 0, 0),
    ((0, 0, 1), 1, 0, 0),
    ((1, 2, 3), 1 / 3, 5 / 9, 0.304290),
]

# counts: Wald, adjusted Wald, Tango, Goodman (R 4.2.2 and brentq)
INTERVALS = {
    (1, 2, 3): [(-0.263065, 0.929731), (-0.267433, 0.711877), (-0.311074, 0.753957), (-0.411492, 1.078159)],
    (2, 3, 7): [(-0.012885, 0.846218), (-0.055013, 0.721680), (-0.075283, 0.734851), (-0.119789, 0.953122)],
    (0, 1, 9): [(0.714061, 1.085939), (0.380792, 1.003823), (0.372688, 0.982124), (0.667786, 1.132214)],
    (0, 0, 10): [(1, 1), (0.475036, 1.063426), (0.444934, 1), (1, 1)],
    (10, 20, 70): [(0.469991, 0.730009), (0.452698, 0.712351), (0.452167, 0.712768), (0.437635, 0.762365)],
    (50, 100, 350): [(0.541858, 0.658142), (0.538289, 0.654554), (0.538275, 0.654622), (0.527388, 0.672612)],
}  # fmt: skip


@pytest.mark.parametrize(("counts", "score", "spread", "error"), SCORES)
def test_score_variance_and_standard_error_are_those_published(counts, score, spread, error):
    assert nps(counts) == pytest.approx(score, abs=1e-12)
    assert variance(counts) == pytest.approx(spread, abs=1e-12)
    assert standard_error(counts) == pytest.approx(error, abs=1e-6)


def test_variance_of_the_fifteen_point_example():
    counts = (6, 2, 7)  # scores 1..15 cut at 6 and 8
    assert nps(counts) == pytest.approx(2 / 30)
    assert variance(counts) == pytest.approx(0.8622, abs=0.002)


def test_answers_become_counts_at_the_usual_cuts():
    assert counts_from_scores(range(11)) == Counts(7, 2, 2)
    assert counts_from_scores([]) == Counts(0, 0, 0)
    assert counts_from_histogram([1, 0, 0, 0, 0, 0, 2, 4, 8, 16, 32]).tolist() == [3, 12, 48]
    assert counts_from_histogram(np.ones((4, 5, 11))).shape == (4, 5, 3)
    assert Counts(1, 2, 3).answers == 6
    assert points(-0.25) == -25


@pytest.mark.parametrize("counts", INTERVALS)
def test_all_four_intervals_are_those_of_the_reference(counts):
    for method, expected in zip((wald, adjusted_wald, tango, goodman), INTERVALS[counts], strict=True):
        assert method(counts).tolist() == pytest.approx(expected, abs=6e-7), method.__name__


def test_tango_agrees_with_the_r_package_propcis():
    """PropCIs 0.3-0, scoreci.mp(b=40, c=20, n=160), as printed there and as solved exactly."""
    limits = -tango((20, 100, 40))[::-1]
    assert limits.tolist() == pytest.approx([-0.21806423366, -0.03086458892], abs=1e-6)
    assert limits.tolist() == pytest.approx([-0.2180642442, -0.0308645331], abs=1e-9)


def test_wald_with_two_pseudo_answers_agrees_with_propcis():
    """diffpropci.mp adds (0.5, 1, 0.5)."""
    limits = -wald((20.5, 101, 40.5))[::-1]
    assert limits.tolist() == pytest.approx([-0.21601725874, -0.03089632151], abs=1e-9)
    assert -nps((20.5, 101, 40.5)) == pytest.approx(-0.1234567901, abs=1e-9)


def test_the_retail_chain_of_the_guide():
    low, high = interval((1194, 3953, 8465))
    assert points(float(nps((1194, 3953, 8465)))) == pytest.approx(53.416, abs=5e-4)
    assert (points(low), points(high)) == pytest.approx((52.312, 54.500), abs=5e-4)


@pytest.mark.parametrize(
    "counts",
    [(3, 0, 7), (1, 40, 0), (0, 5, 5), (9, 1, 0), (13, 1, 1), (250, 1, 3), (2.5, 0.3, 8.25), (1, 1e7, 0)],
)
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_tango_limits_are_the_roots_of_the_score_equation(counts, level):
    """Solved the slow way: likelihood maximised numerically under the constraint, then brentq."""
    from scipy.stats import norm

    d, passives, p = counts
    n, z = sum(counts), norm.ppf((1 + level) / 2)

    def excess(s):
        lowest, highest = max(0.0, -s), (1 - s) / 2

        def slope(q):  # derivative of the log-likelihood in the share of detractors
            return (
                (d / q if d else 0)
                + (p / (q + s) if p else 0)
                - (2 * passives / (1 - s - 2 * q) if passives else 0)
            )

        inside = (highest - lowest) * 1e-13
        a, b = lowest + inside, highest - inside
        if slope(a) <= 0:
            q = lowest
        elif slope(b) >= 0:
            q = highest
        else:
            q = brentq(slope, a, b, xtol=1e-16, rtol=1e-14)
        spread = max(2 * q + s - s * s, 0.0)
        return abs((p - d) / n - s) - z * (spread / n) ** 0.5

    low, high = tango(counts, level=level).tolist()
    for limit, beyond in ((low, -1), (high, 1)):
        step = 1e-6 * (high - low)
        assert excess(limit - beyond * step) < 0, "just inside, the score is still compatible"
        if abs(limit) < 1 - step:
            assert excess(limit + beyond * step) > 0, "just outside it is not"


@pytest.mark.parametrize("n", [1, 5, 10, 60, 10_000_000])
def test_where_everybody_agrees_the_default_interval_still_has_width(n):
    step = Z**2 / (n + Z**2)
    assert interval((0, 0, n)) == pytest.approx((1 - 2 * step, 1), abs=1e-9)
    assert interval((n, 0, 0)) == pytest.approx((-1, 2 * step - 1), abs=1e-9)
    assert interval((0, n, 0)) == pytest.approx((-step, step), abs=1e-9)
    assert interval((0, 0, n), method=Method.WALD) == Interval(1, 1)


def test_limits_are_clipped_for_display_only_there():
    assert adjusted_wald((0, 0, 10))[1] > 1
    assert interval((0, 0, 10), method=Method.ADJUSTED_WALD) == pytest.approx((0.475036, 1), abs=1e-6)
    assert interval((0, 1, 9), method="goodman").high == 1


def test_segments_without_answers_have_no_interval():
    assert interval((0, 0, 0)) is None
    for method in Method:
        both = intervals([(0, 0, 0), (1, 2, 3)], method=method)
        assert np.isnan(both[0]).all()
        assert np.isfinite(both[1]).all()
    assert np.isnan(nps((0, 0, 0)))
    assert intervals(np.zeros((0, 3))).shape == (0, 2)
    assert intervals([]).shape == (0, 2)


def test_many_segments_keep_their_shape():
    counts = np.arange(2 * 3 * 3).reshape(2, 3, 3)
    assert intervals(counts).shape == (2, 3, 2)
    assert nps(counts).shape == (2, 3)


BAD_COUNTS = [
    (1, 2),
    (1, 2, -3),
    (1, 2, float("nan")),
    (1, float("inf"), 3),
    5,
    None,
    "abc",
    [(1, 2, 3), (1, 2, -1)],
]


@pytest.mark.parametrize("bad", BAD_COUNTS)
@pytest.mark.parametrize("function", [nps, variance, standard_error, tango, wald, adjusted_wald, goodman])
def test_what_is_not_counts_is_refused(function, bad):
    with pytest.raises(NotCounts):
        function(bad)


def test_many_segments_are_not_one():
    with pytest.raises(NotCounts):
        interval([(1, 2, 3), (4, 5, 6)])


def test_the_message_names_the_bad_row():
    with pytest.raises(NotCounts, match=r"row \(1,\)"):
        tango([(1, 2, 3), (4, 5, -6)])


@pytest.mark.parametrize("bad", [[11], [-1], [9.5], [float("nan")], ["9"], [True]])
def test_scores_outside_the_scale_are_refused(bad):
    with pytest.raises(NotCounts):
        counts_from_scores(bad)


def test_a_histogram_needs_eleven_bins_of_people():
    with pytest.raises(NotCounts):
        counts_from_histogram([1] * 10)
    with pytest.raises(NotCounts):
        counts_from_histogram([0.5] * 11)
