"""Finite populations, strata, weights and accounts, held to figures of R's survey package 4.1-1.

The package's own examples (api00: apisrs, apistrat, apiclus1) need its data, which is not at hand.
"""

import numpy as np
import pytest

from otklik.stats.intervals import interval
from otklik.stats.nps import NotCounts, nps, variance
from otklik.stats.weights import (
    MarginsDisagree,
    NotWeights,
    PopulationTooSmall,
    StratumWithoutAnswers,
    clustered,
    finite_effective,
    finite_standard_error,
    kish_n_effective,
    post_stratified,
    rake,
    stratified,
    weighted,
    weighted_effective,
)

ROLES = [(2, 2, 2), (2, 3, 5), (3, 6, 15)]  # decision-makers, influencers, end users
PEOPLE = [30, 50, 60]
ACCOUNTS = "1,1,0|-1,-1,-1,0,1|1,1|0,0,1,1,1,0|-1,-1,0,-1|1,1,1|0,1,0,1,1,0,-1|1,0"
PER_ACCOUNT = [
    [account.split(",").count(code) for code in ("-1", "0", "1")] for account in ACCOUNTS.split("|")
]


def test_finite_population():
    assert finite_standard_error((4, 8, 12), 60) == pytest.approx(0.1203858531, abs=1e-10)
    assert finite_standard_error((4, 8, 12), np.inf) == pytest.approx(0.1554174680, abs=1e-10)
    assert finite_standard_error((4, 8, 12), 24) == 0


def test_plain_and_weighted_scores_of_three_roles():
    plain = np.sum(ROLES, axis=0)
    assert nps(plain) == pytest.approx(0.375)
    assert finite_standard_error(plain, np.inf) == pytest.approx(0.12241, abs=5e-6)
    found = post_stratified(ROLES, PEOPLE)
    assert found.nps == pytest.approx(0.3214285714, abs=1e-10)
    assert found.standard_error == pytest.approx(0.1309107493, abs=1e-10)
    assert found.kish_n_effective == pytest.approx(35.63636364, abs=1e-8)
    assert found.n / found.kish_n_effective == pytest.approx(1.12244898, abs=1e-8)


def test_stratified_with_finite_population():
    found = stratified(ROLES, PEOPLE)
    assert found.nps == pytest.approx(0.3214285714, abs=1e-10)
    assert found.standard_error == pytest.approx(0.1192048651, abs=1e-10)


def test_accounts_as_clusters():
    found = clustered(PER_ACCOUNT)
    assert (found.n, found.nps) == (32, pytest.approx(0.25))
    assert found.standard_error == pytest.approx(0.2059386178, abs=1e-10)
    assert finite_standard_error(np.sum(PER_ACCOUNT, axis=0), np.inf) == pytest.approx(
        0.1419904586, abs=1e-10
    )
    assert found.deff == pytest.approx(2.10, abs=0.005)


def test_few_accounts_give_a_wider_interval_than_their_design_effect_alone():
    found = clustered(PER_ACCOUNT)
    assert found.n_effective < found.n / found.deff
    low, high = interval(found.effective)
    plain_low, plain_high = interval(np.sum(PER_ACCOUNT, axis=0))
    assert high - low > 1.4 * (plain_high - plain_low)


def test_one_account_is_one_opinion():
    found = clustered([(0, 1, 9)])
    assert found.standard_error is None
    assert found.n_effective == 1


def test_accounts_that_all_agree_count_as_accounts_not_as_people():
    found = clustered([(0, 0, 5)] * 6)
    assert found.standard_error == 0
    assert found.n_effective < 6


def test_clustered_intervals_keep_their_word():
    """Simulated: 15 accounts of 2 to 7 people who lean one way together; plain intervals would hold 80 %."""
    rng = np.random.default_rng(2)
    held, plain = 0, 0
    for _ in range(400):
        shares = rng.dirichlet((1.0, 1.0, 2.0), 15)
        counts = np.array(
            [rng.multinomial(n, s) for n, s in zip(rng.integers(2, 8, 15), shares, strict=True)]
        )
        low, high = interval(clustered(counts).effective)
        held += low <= 0.25 <= high
        low, high = interval(counts.sum(axis=0))
        plain += low <= 0.25 <= high
    assert held / 400 >= 0.92
    assert plain / 400 < 0.9


def test_knowing_the_population_never_widens_the_interval():
    widths = []
    for size in (np.inf, 10_000, 100, 30, 25, 24):
        low, high = interval(finite_effective((4, 8, 12), size))
        widths.append(high - low)
        assert low <= 1 / 3 + 1e-12
        assert high >= 1 / 3 - 1e-12
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 1e-5


def test_equal_weights_change_nothing():
    found = weighted((4, 8, 12), (10, 20, 30), (25, 50, 75))
    assert found.effective == pytest.approx((4, 8, 12))
    assert found.deff == pytest.approx(1)
    assert found.standard_error == pytest.approx(0.1554174680, abs=1e-10)
    assert weighted_effective(
        [(4, 8, 12), (0, 0, 0)], [(4, 8, 12), (0, 0, 0)], [(4, 8, 12), (0, 0, 0)]
    ).tolist() == [
        pytest.approx([4, 8, 12]),
        [0, 0, 0],
    ]


def test_weighted_standard_error_is_that_of_its_definition():
    rng = np.random.default_rng(4)
    codes, weights = rng.integers(-1, 2, 40), rng.uniform(0.2, 3, 40)
    groups = [codes == code for code in (-1, 0, 1)]
    found = weighted(
        [int(g.sum()) for g in groups],
        [weights[g].sum() for g in groups],
        [(weights[g] ** 2).sum() for g in groups],
    )
    mean = np.average(codes, weights=weights)
    by_hand = np.sqrt(40 / 39 * (weights**2 * (codes - mean) ** 2).sum()) / weights.sum()
    assert found.nps == pytest.approx(mean)
    assert found.standard_error == pytest.approx(by_hand)
    assert found.n_effective < 40
    assert found.n_effective == pytest.approx(float(variance(found.effective)) * 40 / 39 / by_hand**2)


def test_weights_with_one_kind_of_answer_fall_back_to_kish():
    found = weighted((0, 0, 3), (0, 0, 6), (0, 0, 18))
    assert found.n_effective == pytest.approx(2)
    assert found.standard_error == 0
    assert kish_n_effective([1, 1, 4]) == pytest.approx(2)
    assert kish_n_effective([7] * 9) == pytest.approx(9)


def test_raking_meets_every_margin():
    """Same table as in Deming and Stephan's method by hand: margins are met and odds ratios stay."""
    cells = np.array([[10, 20, 5], [5, 25, 40]])
    weights = rake(cells, [[60, 45], [30, 40, 35]])
    fitted = weights * cells
    np.testing.assert_allclose(fitted.sum(axis=1), [60, 45], rtol=1e-10)
    np.testing.assert_allclose(fitted.sum(axis=0), [30, 40, 35], rtol=1e-10)
    odds = fitted[0, 0] * fitted[1, 1] / fitted[0, 1] / fitted[1, 0]
    assert odds == pytest.approx(10 * 25 / 20 / 5)
    np.testing.assert_allclose(rake([4, 6, 10], [[5, 5, 10]]), [1.25, 5 / 6, 1])


def test_raking_on_one_margin_is_post_stratification():
    answers = np.sum(ROLES, axis=1)
    np.testing.assert_allclose(rake(answers, [PEOPLE]), [5, 5, 2.5])


def test_impossible_designs_are_refused():
    with pytest.raises(PopulationTooSmall):
        finite_standard_error((4, 8, 12), 23)
    with pytest.raises(PopulationTooSmall):
        finite_effective((4, 8, 12), float("nan"))
    with pytest.raises(StratumWithoutAnswers):
        post_stratified([(0, 0, 0), (1, 2, 3)], [10, 20])
    with pytest.raises(StratumWithoutAnswers):
        post_stratified([(1, 2, 3)], [10, 20])
    with pytest.raises(StratumWithoutAnswers):
        stratified([(0, 0, 1), (1, 2, 3)], [10, 20])
    with pytest.raises(PopulationTooSmall):
        post_stratified([(1, 2, 3)], [5])
    with pytest.raises(StratumWithoutAnswers):
        clustered([(0, 0, 0)])
    with pytest.raises(NotWeights):
        kish_n_effective([0, 0])
    with pytest.raises(NotWeights):
        kish_n_effective([1, -1])
    with pytest.raises(NotWeights):
        weighted((1, 1, 1), (0, 0, 0), (0, 0, 0))
    with pytest.raises(NotCounts):
        weighted((1, 1, 1.5), (1, 1, 1), (1, 1, 1))
    with pytest.raises(MarginsDisagree):
        rake([[1, 2], [3, 4]], [[5, 5], [5, 6]])
    with pytest.raises(MarginsDisagree):
        rake([[1, 0], [3, 0]], [[5, 5], [5, 5]])
    with pytest.raises(MarginsDisagree):
        rake([[1, 0], [0, 4]], [[5, 5], [2, 8]])
    for cells, margin in [([], []), ([1, 2], [0, float("nan")]), ([1, -1], [1, 1])]:
        with pytest.raises(MarginsDisagree):
            rake(cells, [margin])


def test_a_stratum_asked_completely_adds_no_error():
    found = stratified([(0, 0, 1), (4, 8, 12)], [1, 60])
    assert found.standard_error == pytest.approx(60 / 61 * 0.1203858531)
    everybody = stratified([(2, 2, 2), (1, 1, 8)], [6, 10])
    assert everybody.standard_error == 0
    assert interval(everybody.effective) == pytest.approx((everybody.nps, everybody.nps), abs=1e-4)
