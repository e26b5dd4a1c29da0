"""What must hold for any counts whatever: ranges, mirror images, monotony, one segment as many."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from otklik.stats.compare import mover, mover_p, moves, paired
from otklik.stats.intervals import Method, interval, intervals, tango
from otklik.stats.nps import counts_from_histogram, counts_from_scores, nps, variance
from otklik.stats.shrinkage import Prior, fit_dirichlet, fit_prior, heterogeneity, shrink
from otklik.stats.special import find_roots
from otklik.stats.weights import finite_effective, weighted_effective

pytestmark = pytest.mark.filterwarnings("error")
few = settings(max_examples=40, deadline=None, derandomize=True)

number = st.one_of(st.integers(0, 12), st.integers(0, 3000), st.integers(0, 10**7))
answered = st.tuples(number, number, number).filter(lambda c: sum(c) > 0)
segments = st.lists(st.tuples(*[st.integers(0, 40)] * 3), min_size=1, max_size=12)
levels = st.floats(0.5, 0.999)
positive = st.floats(0.05, 50)
weighted_answers = st.lists(
    st.tuples(st.sampled_from([0, 1, 2]), st.floats(0.1, 10)), min_size=1, max_size=30
)
priors = st.builds(Prior, positive, positive, positive)


@few
@given(answered)
def test_scores_and_variances_stay_in_range_and_mirror(counts):
    d, passives, p = counts
    assert -1 <= nps(counts) <= 1
    assert 0 <= variance(counts) <= 1 + 1e-12
    assert nps((p, passives, d)) == -nps(counts)
    assert variance((p, passives, d)) == pytest.approx(float(variance(counts)))
    share = (d + p) / sum(counts)
    assert variance(counts) == pytest.approx(share - float(nps(counts)) ** 2, abs=1e-12)


@few
@given(st.lists(st.integers(0, 10), max_size=60))
def test_scores_and_their_histogram_give_the_same_counts(scores):
    histogram = np.bincount(np.array(scores, dtype=int), minlength=11)
    assert tuple(counts_from_histogram(histogram)) == counts_from_scores(scores)


@few
@given(answered, levels)
def test_the_default_interval_holds_the_score_and_stays_on_the_scale(counts, level):
    low, high = interval(counts, level=level)
    assert -1 <= low <= nps(counts) + 1e-12
    assert nps(counts) - 1e-12 <= high <= 1
    assert low < high


@few
@given(answered, st.sampled_from(Method), levels)
def test_intervals_mirror_when_promoters_and_detractors_swap(counts, method, level):
    low, high = interval(counts, method=method, level=level)
    assert interval(counts[::-1], method=method, level=level) == pytest.approx((-high, -low), abs=1e-11)


@few
@given(answered, st.sampled_from(Method), levels, levels)
def test_intervals_widen_with_the_level(counts, method, one, other):
    narrow = interval(counts, method=method, level=min(one, other))
    wide = interval(counts, method=method, level=max(one, other))
    assert wide.low <= narrow.low + 1e-11
    assert wide.high >= narrow.high - 1e-11


@few
@given(answered, st.integers(2, 20))
def test_more_answers_of_the_same_kind_narrow_the_interval(counts, times):
    once, often = interval(counts), interval(tuple(times * count for count in counts))
    assert once.low <= often.low + 1e-11
    assert often.high <= once.high + 1e-11


@few
@given(answered)
def test_one_more_promoter_instead_of_a_passive_never_lowers_the_interval(counts):
    d, passives, p = counts
    before, after = interval((d, passives + 1, p)), interval((d, passives, p + 1))
    assert after.low >= before.low - 1e-11
    assert after.high >= before.high - 1e-11


@few
@given(segments, st.sampled_from(Method), levels)
def test_many_segments_at_once_are_each_segment_alone(counts, method, level):
    together = intervals(counts, method=method, level=level)
    for row, limits in zip(counts, together, strict=True):
        alone = interval(row, method=method, level=level)
        if alone is None:
            assert np.isnan(limits).all()
        else:
            assert limits.tolist() == pytest.approx(alone, abs=1e-11)


@few
@given(segments, priors, levels)
def test_shrunk_scores_lie_between_segment_and_prior_with_their_interval_around(counts, prior, level):
    found = shrink(counts, prior, level=level)
    centre = float(nps(prior))
    raw = np.nan_to_num(nps(counts), nan=centre)
    assert (found.mean <= np.maximum(raw, centre) + 1e-12).all()
    assert (found.mean >= np.minimum(raw, centre) - 1e-12).all()
    assert (found.low <= found.mean).all()
    assert (found.mean <= found.high).all()
    assert (found.low >= -1).all()
    assert (found.high <= 1).all()
    mirrored = shrink([row[::-1] for row in counts], Prior(*prior[::-1]), level=level)
    np.testing.assert_allclose(mirrored.low, -found.high, atol=1e-9)
    wider = shrink(counts, prior, level=level + (1 - level) / 2)
    assert (wider.low <= found.low + 1e-9).all()
    assert (wider.high >= found.high - 1e-9).all()


@few
@given(segments)
def test_priors_and_heterogeneity_do_not_mind_the_order_of_segments(counts):
    prior, test = fit_prior(counts), heterogeneity(counts)
    assert (prior is None) == (fit_prior(counts[::-1]) is None)
    if prior is not None:
        total = sum(map(sum, counts))
        assert min(prior) > 0
        assert 1 - 1e-9 <= prior.answers <= max(total, 1) * (1 + 1e-9)
        again = fit_dirichlet(counts[::-1])
        assert again.log_likelihood == pytest.approx(fit_dirichlet(counts).log_likelihood, abs=1e-6)
    if test is not None:
        assert 0 <= test.p_value <= 1
        assert 0 <= test.p_sparse <= 1
        assert heterogeneity([row[::-1] for row in counts]).chi2 == pytest.approx(test.chi2)


@few
@given(answered, answered, st.floats(-0.5, 0.95))
def test_a_difference_lies_in_its_interval_and_turns_sign_with_time(before, after, correlation):
    ((low, high),) = mover([before], [after], correlation=correlation)
    difference = float(nps(after) - nps(before))
    assert low - 1e-11 <= difference <= high + 1e-11
    ((back_low, back_high),) = mover([after], [before], correlation=correlation)
    assert (back_low, back_high) == pytest.approx((-high, -low), abs=1e-10)


@few
@given(answered, answered)
def test_the_p_value_and_the_interval_of_a_difference_agree(before, after):
    (p,), ((low, high),) = mover_p([before], [after]), mover([before], [after])
    assert 0 <= p <= 1
    if abs(p - 0.05) > 1e-6:
        assert (p < 0.05) == (low > 0 or high < 0)


@few
@given(arrays(np.int64, (3, 3), elements=st.integers(0, 60)).filter(lambda t: t.sum() > 0))
def test_paired_differences_are_those_of_the_margins_and_mirror(both):
    found = paired(both)
    assert found.estimate == pytest.approx(float(nps(both.sum(axis=0)) - nps(both.sum(axis=1))), abs=1e-12)
    assert paired(both.T).estimate == pytest.approx(-found.estimate)
    low, high = paired(both, adjusted=True).interval
    assert low < high
    assert moves(both).up == moves(both.T).down


@few
@given(answered, st.integers(0, 10**6))
def test_a_larger_population_never_narrows_the_interval(counts, more):
    n = sum(counts)
    small = interval(finite_effective(counts, n + more))
    large = interval(finite_effective(counts, n + 2 * more + 1))
    assert large.low <= small.low + 1e-9
    assert small.high <= large.high + 1e-9


@few
@given(weighted_answers, st.floats(0.1, 9))
def test_the_unit_of_weights_does_not_matter_and_weights_never_add_people(answers, unit):
    kinds, weights = np.array([k for k, _ in answers]), np.array([w for _, w in answers])
    people = np.bincount(kinds, minlength=3)

    def effective(scale):
        w = weights * scale
        return weighted_effective(people, np.bincount(kinds, w, 3), np.bincount(kinds, w**2, 3))

    np.testing.assert_allclose(effective(unit), effective(1.0), rtol=1e-9)
    assert effective(1.0).sum() <= len(answers) * (1 + 1e-12)
    assert nps(effective(1.0)) == pytest.approx(np.average(kinds - 1.0, weights=weights))


@few
@given(st.lists(st.floats(-0.999, 0.999), min_size=1, max_size=20))
def test_roots_are_found_wherever_they_are(roots):
    at = np.array(roots)
    ends = np.full(len(at), -1.0), np.full(len(at), 1.0)
    found = find_roots(lambda x: np.tanh(3 * (x - at)) + (x - at) ** 3, *ends)
    np.testing.assert_allclose(found, at, atol=1e-11)


@few
@given(answered)
def test_counts_may_be_given_as_floats(counts):
    np.testing.assert_array_equal(tango(np.array(counts, dtype=float)), tango(counts))
