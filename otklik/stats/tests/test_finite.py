"""Small groups whose people are all known: every make-up of the group and every possible sample of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.stats.finite import (
    ADDED_UP_TO,
    EXACT_UP_TO,
    TANGO_FROM,
    TooManyToEnumerate,
    exact_interval,
    group_interval,
    group_intervals,
    possible,
    predict,
)
from otklik.stats.intervals import intervals
from otklik.stats.shrinkage import NotAPrior, Prior, shrink
from otklik.stats.special import log_gamma
from otklik.stats.weights import PopulationTooSmall, finite_effective

EDGE = 1e-9
few = settings(max_examples=40, deadline=None, derandomize=True)


@st.composite
def groups(draw, most=30):
    """Counts of those who answered, and how many there are."""
    counts = tuple(draw(st.integers(0, most // 3)) for _ in range(3))
    return counts, sum(counts) + draw(st.integers(0, most // 3))


def outcomes(n):
    d, p = np.indices((n + 1, n + 1)).reshape(2, -1)
    return np.stack([d, n - d - p, p], axis=1)[d + p <= n]


def coverage(people, n, limits=None):
    """Of each make-up of the group: how often the interval of n answers holds its score (hypergeometric)."""
    makeups, samples = outcomes(people), outcomes(n)
    logs = np.full((len(makeups), len(samples)), -log_chooses(people, n))
    drawable = np.ones_like(logs, dtype=bool)
    for kind in range(3):
        have, take = makeups[:, kind][:, None], samples[:, kind][None, :]
        drawable &= take <= have
        logs += log_chooses(have, np.minimum(take, have))
    chance = np.where(drawable, np.exp(logs), 0.0)
    low, high = (group_intervals(samples, people) if limits is None else limits(samples)).T
    truth = ((makeups[:, 2] - makeups[:, 0]) / people)[:, None]
    return (chance * ((low <= truth + EDGE) & (truth <= high + EDGE))).sum(axis=1)


def log_chooses(n, k):
    n, k = np.asarray(n, float), np.asarray(k, float)
    return log_gamma(n + 1) - log_gamma(k + 1) - log_gamma(n - k + 1)


def exactly(people):
    return lambda samples: np.array([exact_interval(sample, people) for sample in samples])


@pytest.mark.parametrize(
    ("counts", "people", "expected"),
    [
        ((1, 1, 3), 7, (0.0, 4 / 7)),  # the two silent ones can only do so much
        ((0, 0, 5), 7, (3 / 7, 1.0)),
        ((2, 3, 7), 12, (5 / 12, 5 / 12)),  # everybody answered: no width
        ((0, 0, 1), 1, (1.0, 1.0)),
        ((0, 0, 0), 4, (-1.0, 1.0)),  # nobody did: anything
    ],
)
def test_an_interval_knows_how_few_people_are_left(counts, people, expected):
    assert group_interval(counts, people) == pytest.approx(expected)


def test_a_group_of_nobody_has_no_interval_and_more_answers_than_people_are_refused():
    assert group_interval((0, 0, 0), 0) is exact_interval((0, 0, 0), 0) is None
    assert predict((0, 0, 0), 0, Prior(1, 1, 1)) is None
    assert np.isnan(group_intervals([(0, 0, 0)], [0])).all()
    for refused in (group_interval, exact_interval, possible):
        with pytest.raises(PopulationTooSmall):
            refused((1, 1, 1), 2)
    with pytest.raises(PopulationTooSmall):
        group_intervals((1, 1, 1), 3.5)
    with pytest.raises(TooManyToEnumerate):
        exact_interval((1, 1, 1), EXACT_UP_TO + 1)
    with pytest.raises(NotAPrior):
        predict((1, 1, 1), 5, Prior(1, 0, 1))


@few
@given(groups())
def test_an_interval_stays_among_the_scores_this_group_can_have(group):
    counts, people = group
    if not people:
        return
    low, high = group_interval(counts, people)
    lowest, highest = possible(counts, people).tolist()
    assert lowest - EDGE <= low <= high <= highest + EDGE
    assert (low * people, high * people) == pytest.approx((round(low * people), round(high * people)))
    if sum(counts) == people:
        assert low == high == pytest.approx((counts[2] - counts[0]) / people)


@few
@given(groups())
def test_detractors_and_promoters_are_two_sides_of_one_interval(group):
    counts, people = group
    if people:
        low, high = group_interval(counts, people)
        assert group_interval(counts[::-1], people) == pytest.approx((-high, -low))


@few
@given(groups(most=15))
def test_the_exact_interval_holds_what_must_be_held_and_no_impossible_score(group):
    counts, people = group
    if not people:
        return
    low, high = exact_interval(counts, people)
    lowest, highest = possible(counts, people).tolist()
    assert lowest - EDGE <= low <= high <= highest + EDGE
    wider = exact_interval(counts, people, level=0.99)
    assert wider.low <= low + EDGE
    assert high <= wider.high + EDGE


def test_many_groups_at_once_are_the_same_as_one_by_one():
    counts, people = [(1, 2, 3), (0, 0, 0), (2, 0, 2)], [9, 5, 4]
    together = group_intervals(counts, people)
    for one, size, limits in zip(counts, people, together, strict=True):
        assert tuple(limits) == pytest.approx(group_interval(one, size))


def test_a_large_population_has_the_plain_interval():
    endless = group_interval((20, 30, 50), 10_000_000)
    assert endless == pytest.approx(tuple(intervals((20, 30, 50))), abs=1e-5)


WORST = 0.9454  # 10 of 24 people, (11, 2, 11) of all


# People, of whom so many answer: the interval keeps to its word, thinly checked here and wholly below.
@pytest.mark.parametrize(("people", "n"), [(3, 2), (5, 2), (7, 5), (12, 6), (16, 4), (18, 16)])
def test_the_interval_of_a_group_covers(people, n):
    assert coverage(people, n).min() >= (0.95 if n < TANGO_FROM else WORST)


@pytest.mark.parametrize(("people", "n"), [(5, 2), (7, 5), (10, 4)])
def test_the_exact_interval_never_covers_less_than_it_says(people, n):
    assert coverage(people, n, exactly(people)).min() >= 0.95 - 1e-9


@pytest.mark.slow
def test_every_group_of_up_to_30_people_is_covered_as_the_page_says():
    below, worst = [], 1.0
    for people in range(2, 31):
        for n in range(1, people):
            covered = coverage(people, n)
            assert covered.min() >= (0.95 if n < TANGO_FROM else WORST), (people, n)
            assert covered.mean() >= 0.98, (people, n, covered.mean())
            worst = min(worst, covered.min())
            below.extend(covered < 0.95 - EDGE)
    assert worst == pytest.approx(WORST, abs=0.0001)
    assert (sum(below), len(below)) == (20, 117_305)


@pytest.mark.slow
@pytest.mark.parametrize(("people", "n"), [(40, 10), (50, 5), (60, 10), (60, 30)])
def test_larger_groups_are_covered_too(people, n):
    assert coverage(people, n).min() >= 0.94


@pytest.mark.slow
def test_neither_the_plain_factor_nor_scores_nobody_can_have_would_do():
    """What the construction is for: with N / (N - n), or without drawing the limits out to scores N people
    can have, the interval misses every third time and more."""

    def plain(samples):
        return intervals(finite_effective(samples, [9] * len(samples)))

    def not_drawn_out(samples):
        return intervals(samples * 8 / 2)

    assert coverage(9, 7, plain).min() < 0.65
    assert coverage(9, 7, not_drawn_out).min() < 0.65


@pytest.mark.slow
def test_the_exact_interval_keeps_its_word_for_groups_of_up_to_16():
    for people in range(2, 17):
        for n in range(1, people):
            assert coverage(people, n, exactly(people)).min() >= 0.95 - EDGE, (people, n)


@few
@given(groups(most=20))
def test_a_shrunk_score_lies_between_what_is_possible_and_counts_those_who_answered_as_they_did(group):
    counts, people = group
    if not people:
        return
    told = predict(counts, people, Prior(1, 2, 4))
    lowest, highest = possible(counts, people).tolist()
    assert lowest - EDGE <= told.low <= told.high <= highest + EDGE
    mean = float(shrink(counts, Prior(1, 2, 4)).mean[0])
    expected = (counts[2] - counts[0] + (people - sum(counts)) * mean) / people
    assert told.mean == pytest.approx(expected)


@pytest.mark.parametrize("counts", [(1, 2, 3), (0, 0, 8), (20, 30, 70)])
@pytest.mark.parametrize("prior", [Prior(1, 2, 4), Prior(0.3, 0.3, 0.6)])
def test_limits_hardly_jump_where_adding_up_ends(counts, prior, monkeypatch):
    people = sum(counts) + ADDED_UP_TO
    exact = predict(counts, people, prior)
    monkeypatch.setattr("otklik.stats.finite.ADDED_UP_TO", 0)
    assert predict(counts, people, prior) == pytest.approx(tuple(exact), abs=0.02)
    assert predict(counts, 50_000, prior).low == pytest.approx(float(shrink(counts, prior).low[0]), abs=0.01)


def test_the_limits_of_a_shrunk_score_hold_as_much_as_they_say():
    prior, rng = Prior(2, 3, 5), np.random.default_rng(4)
    told = predict((1, 0, 2), 12, prior)
    shares = rng.dirichlet(np.add(prior, (1, 0, 2)), 20_000)
    drawn = rng.multinomial(9, shares)
    scores = (1 + drawn[:, 2] - drawn[:, 0]) / 12
    assert (scores < told.low - EDGE).mean() <= 0.03
    assert (scores > told.high + EDGE).mean() <= 0.03
    assert ((scores >= told.low - EDGE) & (scores <= told.high + EDGE)).mean() >= 0.945
