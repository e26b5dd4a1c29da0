"""The policy for small numbers: what is said about a score, a change and a ranking, and what is not."""

import dataclasses

import numpy as np
import pytest

from otklik.stats.nps import NotCounts
from otklik.stats.shrinkage import Prior, fit_prior
from otklik.stats.special import NotALevel
from otklik.stats.verdicts import (
    Kind,
    Method,
    Reason,
    Standing,
    Verdict,
    compare_periods,
    compare_segments,
    league,
    summarise,
    summarise_one,
)
from otklik.stats.weights import PopulationTooSmall, clustered

PRIOR = Prior(4, 6, 10)
BOTH = np.array([[8, 3, 1], [2, 10, 6], [1, 4, 25]])


@pytest.mark.parametrize("counts", [(0, 0, 1), (1, 1, 2), (4, 0, 0)])
def test_fewer_than_five_answers_never_show_a_raw_score(counts):
    alone, with_sisters = summarise_one(counts), summarise_one(counts, prior=PRIOR)
    assert alone.kind is Kind.TOO_FEW
    assert (alone.nps, alone.interval, alone.shrunk, alone.shrunk_interval) == (None, None, None, None)
    assert (with_sisters.nps, with_sisters.interval) == (None, None)
    low, high = with_sisters.shrunk_interval
    assert low < with_sisters.shrunk < high
    assert (alone.n, alone.detractors, alone.passives, alone.promoters) == (sum(counts), *counts)


def test_nobody_answered():
    nobody = summarise_one((0, 0, 0), prior=PRIOR, population=12)
    assert (nobody.kind, nobody.n, nobody.nps) == (Kind.TOO_FEW, 0, None)
    assert nobody.shrunk == pytest.approx(0.3)
    assert not nobody.everyone_answered


def test_five_to_29_answers_show_interval_and_shrunk_value():
    for counts, small in [((1, 1, 3), True), ((5, 5, 19), True), ((5, 5, 20), False)]:
        found = summarise_one(counts, prior=PRIOR)
        assert found.kind is Kind.ESTIMATE
        assert found.small is small
        assert found.interval.low < found.nps < found.interval.high
        assert found.shrunk_interval.low < found.shrunk < found.shrunk_interval.high


def test_when_everybody_answered_the_score_is_a_count():
    found = summarise_one((2, 3, 7), population=12, prior=PRIOR)
    assert found.kind is Kind.COUNT
    assert found.nps == pytest.approx(5 / 12)
    assert (found.interval, found.shrunk, found.shrunk_interval) == (None, None, None)
    assert found.everyone_answered
    assert not found.small


def test_one_person_who_is_everybody_is_still_a_person_not_a_score_of_100():
    found = summarise_one((0, 0, 1), population=1)
    assert (found.kind, found.nps) == (Kind.TOO_FEW, None)
    assert found.everyone_answered


@pytest.mark.parametrize("method", Method)
def test_no_number_is_ever_bare(method):
    """Whatever the counts: a score comes with an interval, or is a count, or is not shown."""
    rng = np.random.default_rng(1)
    counts = rng.integers(0, 6, (300, 3))
    sizes = [None if i % 3 else int(row.sum()) + i % 2 for i, row in enumerate(counts)]
    for found in summarise(counts, population=sizes, prior=PRIOR, method=method):
        assert (found.nps is None) == (found.kind is Kind.TOO_FEW)
        assert (found.interval is None) == (found.kind is not Kind.ESTIMATE)
        assert (found.shrunk is None) == (found.kind is Kind.COUNT)
        assert (found.shrunk is None) == (found.shrunk_interval is None)
        for limits in (found.interval, found.shrunk_interval):
            assert limits is None or -1 <= limits.low <= limits.high <= 1


def test_many_segments_are_each_segment_alone_and_keep_their_order():
    counts, sizes = [(1, 1, 1), (4, 8, 12), (2, 3, 7), (0, 0, 0)], [None, 60, 12, None]
    together = summarise(counts, population=sizes, prior=PRIOR)
    for row, size, found in zip(counts, sizes, together, strict=True):
        alone = summarise_one(row, population=size, prior=PRIOR)
        assert (found.kind, found.n, found.nps, found.population) == (alone.kind, alone.n, alone.nps, size)
        assert found.interval == (alone.interval and pytest.approx(alone.interval, abs=1e-11))
        assert found.shrunk_interval == (
            alone.shrunk_interval and pytest.approx(alone.shrunk_interval, abs=1e-9)
        )
    assert summarise([]) == []
    assert summarise(np.zeros((0, 3), int)) == []


def test_a_known_population_narrows_the_interval():
    asked, unknown = summarise_one((4, 8, 12), population=60), summarise_one((4, 8, 12))
    assert unknown.interval.low < asked.interval.low < asked.interval.high < unknown.interval.high


def test_weighted_answers_move_score_and_interval_but_not_the_people():
    accounts = [(0, 0, 9), (1, 1, 1), (3, 0, 0), (1, 2, 1), (0, 2, 0)]
    plain = np.sum(accounts, axis=0)
    found = summarise_one(plain, effective=clustered(accounts).effective)
    assert (found.n, found.promoters) == (21, 11)
    assert found.nps == pytest.approx(summarise_one(plain).nps)
    width = found.interval.high - found.interval.low
    assert width > summarise_one(plain).interval.high - summarise_one(plain).interval.low


def test_up_down_and_cannot_tell():
    assert compare_periods((60, 60, 80), (20, 60, 120)).verdict is Verdict.UP
    assert compare_periods((20, 60, 120), (60, 60, 80)).verdict is Verdict.DOWN
    unclear = compare_periods((30, 30, 40), (20, 30, 50))
    assert (unclear.verdict, unclear.reason) == (Verdict.CANNOT_TELL, Reason.INTERVAL_TOO_WIDE)
    assert unclear.difference == pytest.approx(0.2)
    assert unclear.interval.low < 0 < unclear.interval.high
    assert 0.05 < unclear.p_value < 0.1
    assert unclear.smallest_visible > unclear.difference


def test_no_difference_is_only_said_when_one_worth_noticing_would_have_shown():
    few, many = (200, 300, 500), (2000, 3000, 5000)
    assert compare_periods(many, many).verdict is Verdict.NO_DIFFERENCE_SEEN
    assert compare_periods(few, few, worth_noticing=0.05).verdict is Verdict.CANNOT_TELL
    assert compare_periods(few, few).verdict is Verdict.NO_DIFFERENCE_SEEN


def test_too_few_answers_on_a_side_leave_no_number_to_read_a_score_from():
    for before, after in [((1, 1, 2), (30, 30, 40)), ((30, 30, 40), (0, 0, 4)), ((0, 0, 0), (0, 0, 0))]:
        found = compare_periods(before, after, prior=PRIOR)
        assert (found.verdict, found.reason) == (Verdict.CANNOT_TELL, Reason.TOO_FEW_ANSWERS)
        assert (found.difference, found.interval, found.p_value, found.smallest_visible) == (None,) * 4


def test_two_counts_differ_as_a_fact():
    found = compare_periods((2, 3, 5), (2, 2, 6), population_before=10, population_after=10)
    assert (found.verdict, found.difference) == (Verdict.UP, pytest.approx(0.1))
    assert (found.interval, found.p_value) == (None, None)
    same = compare_periods((2, 3, 5), (2, 3, 5), population_before=10, population_after=10)
    assert same.verdict is Verdict.NO_DIFFERENCE_SEEN


def test_a_count_against_an_estimate_has_the_estimates_uncertainty():
    found = compare_periods((2, 3, 5), (2, 2, 6), population_before=10)
    later = summarise_one((2, 2, 6))
    assert found.interval == pytest.approx((later.interval.low - 0.3, later.interval.high - 0.3), abs=1e-5)


def test_the_same_people_are_compared_by_their_moves():
    before, after = BOTH.sum(axis=1), BOTH.sum(axis=0)
    linked, unlinked = compare_periods(before, after, both=BOTH), compare_periods(before, after)
    assert (linked.moved.up, linked.moved.down) == (10, 7)
    assert unlinked.moved is None
    assert linked.interval.high - linked.interval.low < 0.7 * (unlinked.interval.high - unlinked.interval.low)


def test_waves_that_share_some_people_lie_between():
    before, after = BOTH.sum(axis=1) + np.array((5, 5, 10)), BOTH.sum(axis=0) + np.array((1, 1, 8))
    shared, apart = compare_periods(before, after, both=BOTH), compare_periods(before, after)
    assert shared.difference == apart.difference
    assert apart.interval.low < shared.interval.low < shared.interval.high < apart.interval.high
    assert compare_periods(before, after, both=np.zeros((3, 3), int)) == apart


def test_a_shift_that_independent_samples_hide_shows_in_the_moves():
    risen = np.array([[30, 6, 2], [0, 30, 8], [0, 1, 60]])
    before, after = risen.sum(axis=1), risen.sum(axis=0)
    assert compare_periods(before, after, both=risen).verdict is Verdict.UP
    assert compare_periods(before, after).verdict is Verdict.CANNOT_TELL


def test_many_segments_compared_at_once_are_each_pair_alone():
    before = [(30, 30, 40), (1, 1, 1), (20, 60, 120), (0, 0, 0)]
    after = [(20, 30, 50), (9, 9, 9), (60, 60, 80), (0, 0, 0)]
    for a, b, found in zip(before, after, compare_segments(before, after, prior=PRIOR), strict=True):
        alone = compare_periods(a, b, prior=PRIOR)
        assert found.verdict is alone.verdict
        assert found.p_value == pytest.approx(alone.p_value, abs=1e-9)
    assert compare_segments([], []) == []


def test_weighted_periods_are_compared_with_their_effective_answers():
    plain = compare_periods((60, 60, 80), (30, 60, 110))
    fewer = {"effective_before": [(6, 6, 8)], "effective_after": [(3, 6, 11)]}
    (thin,) = compare_segments([(60, 60, 80)], [(30, 60, 110)], **fewer)
    assert plain.verdict is Verdict.UP
    assert thin.verdict is Verdict.CANNOT_TELL
    assert thin.difference == pytest.approx(plain.difference)
    again = compare_periods((60, 60, 80), (30, 60, 110), **{name: rows[0] for name, rows in fewer.items()})
    assert again.interval == pytest.approx(thin.interval)


def test_partners_that_do_not_differ_get_no_league_table():
    rng = np.random.default_rng(3)
    counts = np.array([rng.multinomial(n, (0.2, 0.3, 0.5)) for n in rng.integers(2, 40, 30)])
    found = league(counts)
    assert (found.ranked, found.verdict, found.order) == (False, Verdict.NO_DIFFERENCE_SEEN, ())
    assert set(found.standings) == {Standing.NOT_SEPARABLE}
    assert found.summaries[0].shrunk is not None


def test_partners_that_differ_are_ranked_by_what_can_be_believed():
    counts = [(30, 10, 5), (0, 0, 2), (5, 10, 60), (12, 12, 14), (0, 0, 0)]
    found = league(counts)
    assert found.ranked
    assert found.verdict is None
    assert found.order[0] == 2, "two happy people do not top the table"
    assert found.order[-1] == 0
    assert 4 not in found.order, "a partner nobody answered for has no place"
    assert [found.standings[i] for i in (0, 1, 2, 4)] == [
        Standing.BELOW, Standing.NOT_SEPARABLE, Standing.ABOVE, Standing.NOT_SEPARABLE,
    ]  # fmt: skip
    assert found.prior == fit_prior(counts)


@pytest.mark.parametrize("counts", [[], [(3, 4, 50)], [(1, 1, 1)] * 3, [(0, 0, 1), (1, 0, 0)] * 40])
def test_too_little_to_learn_from_makes_no_league(counts):
    found = league(counts)
    assert (found.ranked, found.verdict) == (False, Verdict.CANNOT_TELL)
    assert len(found.standings) == len(found.summaries) == len(counts)


def test_all_of_one_opinion_do_not_differ():
    assert league([(0, 0, 20)] * 5).verdict is Verdict.NO_DIFFERENCE_SEEN


def test_ten_million_answers_are_no_different():
    n = 10_000_000
    found = summarise_one((n, n, 2 * n), prior=PRIOR, population=5 * n)
    assert found.interval.high - found.interval.low < 3e-4
    assert compare_periods((n, n, n), (n, n, n + 30_000)).verdict is Verdict.UP


@pytest.mark.parametrize(
    "counts", [[(1, 2)], [(1, -2, 3)], [(1, float("nan"), 3)], [(0.5, 1, 1)], [("a", "b", "c")], None]
)
def test_what_is_not_counts_of_people_is_refused(counts):
    with pytest.raises(NotCounts):
        summarise(counts)
    with pytest.raises(NotCounts):
        league(counts)


def test_what_does_not_fit_together_is_refused():
    with pytest.raises(PopulationTooSmall):
        summarise_one((2, 3, 7), population=11)
    with pytest.raises(NotCounts, match="populations"):
        summarise([(1, 2, 3)], population=[1, 2])
    with pytest.raises(NotCounts, match="do not match"):
        summarise([(1, 2, 3)], effective=[(1, 2, 3), (1, 2, 3)])
    with pytest.raises(NotCounts):
        summarise_one([(1, 2, 3), (4, 5, 6)])
    with pytest.raises(NotALevel):
        summarise_one((1, 2, 3), level=95)
    with pytest.raises(ValueError, match="bootstrap"):
        summarise_one((1, 2, 3), method="bootstrap")
    with pytest.raises(NotCounts):
        compare_periods((30, 30, 40), (20, 30, 50), both=BOTH * 10)
    with pytest.raises(NotCounts):
        compare_segments([(1, 2, 3)], [])


@pytest.mark.parametrize("population", [9.5, float("nan"), "9", [float("nan")]])
def test_a_population_is_a_whole_number_or_unknown(population):
    with pytest.raises(NotCounts):
        summarise([(1, 2, 3)], population=population)
    assert summarise([(1, 2, 3)], population=np.array([9]))[0].population == 9


def test_answers_that_weigh_nothing_give_no_score():
    found = summarise_one((5, 5, 5), effective=(0, 0, 0), prior=PRIOR)
    assert (found.kind, found.nps, found.interval, found.n) == (Kind.TOO_FEW, None, None, 15)
    assert compare_periods((5, 5, 5), (9, 9, 9), effective_before=(0, 0, 0)).verdict is Verdict.CANNOT_TELL


def test_summaries_are_values():
    found = summarise_one((4, 8, 12))
    assert found == summarise_one((4, 8, 12))
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.nps = 1.0
