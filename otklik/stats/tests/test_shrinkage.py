"""Posterior figures, the empirical-Bayes fit and the test of heterogeneity.

The reference fit on testdata of the R package NPS (1,000 answers, 26 accounts) runs where that table is laid
beside the project as a CSV with columns account, detractors, passives, promoters, and is skipped without it.
"""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, optimize, special, stats

from otklik.stats.nps import NotCounts
from otklik.stats.shrinkage import (
    DirichletFit,
    NotAPrior,
    Prior,
    fit_dirichlet,
    fit_prior,
    heterogeneity,
    shrink,
)

PUBLISHED_ACCOUNTS = Path(__file__).parents[4] / "shared" / "data" / "nps-accounts" / "accounts.csv"


def probability_below(t, alpha):
    """P(score <= t) for a Dirichlet: share of promoters among the decided, averaged over how many decided."""
    d, passives, p = alpha

    def given(q):
        decided = special.betaincinv(d + p, passives, q)
        return special.betainc(p, d, np.clip((1 + t / max(decided, 1e-300)) / 2, 0, 1))

    return integrate.quad(given, 0, 1, limit=200, epsabs=1e-8)[0]


def test_posterior_of_the_bayesnps_example():
    """README of eliardocosta/BayesNPS: 10, 50 and 80 answers, flat prior."""
    found = shrink([(10, 50, 80)], Prior(1, 1, 1))
    assert found.mean[0] == pytest.approx(0.4895104895, abs=1e-10)
    assert found.sd[0] == pytest.approx(0.0529501944, abs=1e-10)
    assert (found.low[0], found.high[0]) == pytest.approx((0.3823, 0.5894), abs=0.001)


def test_posterior_under_two_priors():
    flat, rocks = shrink([(4, 8, 12)], Prior(1, 1, 1)), shrink([(4, 8, 12)], Prior(0.75, 1.5, 0.75))
    assert flat.mean[0] == pytest.approx(0.2962962963, abs=1e-10)
    assert flat.sd[0] == pytest.approx(0.1437849549, abs=1e-10)
    assert rocks.mean[0] == pytest.approx(0.2962962963, abs=1e-10)
    assert rocks.sd[0] == pytest.approx(0.1414663833, abs=1e-10)


def tails(alpha):
    """Exact posterior probability left below and above the limits."""
    found = shrink([(0, 0, 0)], Prior(*alpha))
    return probability_below(found.low[0], alpha), 1 - probability_below(found.high[0], alpha)


@pytest.mark.parametrize("alpha", [(11, 51, 81), (5, 3, 8), (4, 4, 30), (195, 94, 250)])
def test_posterior_limits_are_exact_once_each_category_has_a_few_answers(alpha):
    assert tails(alpha) == pytest.approx((0.025, 0.025), abs=0.0002)


AWKWARD = [
    (1, 1, 1), (0.75, 1.5, 0.75), (0.3, 0.4, 0.3), (2, 1, 1), (1, 1, 20), (0.2, 0.3, 30), (0.5, 0.5, 3),
    (1, 30, 1), (0.2, 10, 10), (1e-6, 2, 3), (0.01, 1, 1), (0.05, 10, 20), (3, 2, 1e-6), (1, 100, 0.1),
]  # fmt: skip


@pytest.mark.parametrize("alpha", AWKWARD)
def test_posterior_limits_never_promise_much_more_than_they_hold(alpha):
    below, above = tails(alpha)
    assert below <= 0.033
    assert above <= 0.033


def test_segments_without_answers_show_the_prior():
    found = shrink([(0, 0, 0)], Prior(2, 3, 5))
    assert found.mean[0] == pytest.approx(0.3)
    assert found.low[0] < 0.3 < found.high[0]
    assert shrink([], Prior(2, 3, 5)).mean.shape == (0,)


def test_huge_counts_leave_nothing_to_the_prior():
    found = shrink([(10**7,) * 3, (0, 0, 10**7)], Prior(2, 3, 5))
    assert found.mean[0] == pytest.approx(0, abs=1e-6)
    assert found.high[0] == pytest.approx(1.96 * np.sqrt(2 / 3 / 3e7), rel=1e-3)
    assert 0.99999 < found.low[1] < found.mean[1] < found.high[1] <= 1


def test_the_published_accounts_do_not_differ():
    if not PUBLISHED_ACCOUNTS.exists():
        pytest.skip(f"the 26 accounts of the R package NPS are not at hand ({PUBLISHED_ACCOUNTS.name})")
    with PUBLISHED_ACCOUNTS.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    counts = np.array([[int(row[c]) for c in ("detractors", "passives", "promoters")] for row in rows])
    fitted, test = fit_dirichlet(counts), heterogeneity(counts)
    assert tuple(fitted.prior) == pytest.approx((195.0785, 94.3887, 248.5517), abs=0.01)
    assert fitted.log_likelihood == pytest.approx(-1030.258517, abs=1e-5)
    assert (test.chi2, test.df, test.p_value) == pytest.approx((54.1488, 50, 0.3191), abs=1e-4)


def test_shrinkage_of_the_published_accounts_under_their_published_prior():
    """Accounts W (2 answers, raw 0), R (12, raw .1667) and C (85, raw .2118), prior as fitted there.

    How many of them were passive is not known here, and does not matter: the mean needs n and the score only.
    """
    prior = Prior(195.0785, 94.3887, 248.5517)
    mean = shrink([(1, 0, 1), (5, 0, 7), (30, 7, 48)], prior).mean
    assert mean.tolist() == pytest.approx([0.0990, 0.1009, 0.1147], abs=1e-4)


def accounts(alpha, sizes, seed):
    rng = np.random.default_rng(seed)
    return np.array([rng.multinomial(n, rng.dirichlet(alpha)) for n in sizes])


def peer_log_likelihood(log_alpha, counts):
    a, n = np.exp(log_alpha), counts.sum(axis=1)
    rows = special.gammaln(a.sum()) - special.gammaln(a.sum() + n)
    return float((rows + (special.gammaln(a + counts) - special.gammaln(a)).sum(axis=1)).sum())


@pytest.mark.parametrize(
    ("alpha", "seed"), [((3, 2, 5), 1), ((1, 8, 30), 2), ((0.4, 0.3, 0.6), 3), ((60, 40, 100), 4)]
)
def test_the_fit_is_the_maximum_scipy_finds(alpha, seed):
    counts = accounts(alpha, np.random.default_rng(seed).integers(1, 90, 150), seed)
    fitted = fit_dirichlet(counts)
    peer = optimize.minimize(
        lambda x: -peer_log_likelihood(x, counts), np.log(alpha), method="Nelder-Mead",
        options={"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4000},
    )  # fmt: skip
    assert fitted.log_likelihood == pytest.approx(-peer.fun, abs=1e-6)
    np.testing.assert_allclose(fitted.prior, np.exp(peer.x), rtol=1e-3)
    assert not fitted.alike


def test_segments_that_look_alike_have_no_finite_fit_but_a_bounded_prior():
    counts = np.tile((3, 4, 5), (20, 1))
    assert fit_dirichlet(counts).alike
    prior = fit_prior(counts)
    assert prior.answers == pytest.approx(240), "it weighs as much as all answers, not more"
    assert np.array(prior) / prior.answers == pytest.approx(np.array((3, 4, 5)) / 12)


def test_segments_of_one_opinion_each_keep_a_usable_prior():
    prior = fit_prior([(10, 0, 0), (0, 0, 10), (0, 10, 0)] * 4)
    assert prior.answers == pytest.approx(1)
    assert min(prior) > 0


def test_a_category_nobody_chose_stays_possible():
    prior = fit_prior([(0, 5, 20), (0, 9, 3), (0, 2, 14)])
    assert 0 < prior.detractors < 0.05 * prior.answers
    assert isinstance(fit_dirichlet([(0, 0, 4)]), DirichletFit)
    everyone_happy = fit_prior([(0, 0, 20), (0, 0, 20)])
    assert min(everyone_happy) > 0


def test_too_little_to_learn_from_gives_no_prior():
    assert fit_prior([]) is None
    assert fit_prior([(10, 20, 70)]) is None, "one segment has no sisters"
    assert fit_prior([(1, 1, 1)] * 3) is None, "nine answers in all"
    assert fit_prior([(0, 0, 1)] * 100) is None, "one answer each says nothing about differences"
    with pytest.raises(NotAPrior):
        fit_dirichlet([(0, 0, 1), (0, 1, 0)])


@pytest.mark.parametrize("counts", [[[4, 4, 3], [0, 0, 1]], [[0, 1, 0], [2, 1, 2]], [[1, 0, 5], [0, 0, 6]]])
def test_margins_that_allow_one_value_only_say_nothing_and_say_it_at_once(counts):
    """Rounding left a spread of 1e-16 here, which made 1e16 degrees of freedom and a page that never came."""
    assert heterogeneity(counts).p_sparse == 1.0


def test_heterogeneity_is_pearsons_chi_square():
    counts = np.random.default_rng(7).integers(1, 40, (9, 3))
    peer = stats.chi2_contingency(counts, correction=False)
    found = heterogeneity(counts)
    assert (found.chi2, found.df) == (pytest.approx(peer.statistic), peer.dof)
    assert found.p_value == pytest.approx(peer.pvalue, rel=1e-8)
    assert heterogeneity([*counts.tolist(), (0, 0, 0)]) == found, "a segment nobody answered in says nothing"


def shuffled(counts, rng, times):
    """Pearson's statistic with the answers dealt out again among the same segments."""
    answers = np.repeat([0, 1, 2], counts.sum(axis=0))
    rows = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    for _ in range(times):
        table = np.zeros(counts.shape)
        np.add.at(table, (rows, rng.permutation(answers)), 1)
        yield float(((table - expected) ** 2 / expected).sum())


def test_the_sparse_p_value_is_that_of_shuffling_the_answers():
    rng = np.random.default_rng(8)
    for shares, sizes in [((0.05, 0.2, 0.75), [1, 2, 2, 3, 4] * 8), ((0.3, 0.3, 0.4), [2] * 30 + [60])]:
        counts = np.array([rng.multinomial(n, shares) for n in sizes])
        found = heterogeneity(counts)
        dealt = np.array(list(shuffled(counts, rng, 1500)))
        assert found.p_sparse == pytest.approx((dealt >= found.chi2 - 1e-9).mean(), abs=0.05)


def test_equal_segments_are_called_different_one_time_in_twenty():
    rng = np.random.default_rng(9)
    calls = [
        heterogeneity(
            np.array([rng.multinomial(n, (0.1, 0.3, 0.6)) for n in rng.integers(1, 9, 40)])
        ).p_sparse
        < 0.05
        for _ in range(400)
    ]
    assert 0.01 <= np.mean(calls) <= 0.085


def test_nothing_to_compare_has_no_test():
    assert heterogeneity([]) is None
    assert heterogeneity([(1, 2, 3)]) is None
    assert heterogeneity([(0, 0, 3), (0, 0, 5)]) is None
    assert heterogeneity([(1, 0, 0), (0, 1, 0)]).p_sparse == 1, "two answers cannot differ beyond chance"


@pytest.mark.parametrize("prior", [Prior(0, 1, 1), Prior(1, -1, 1), Prior(1, 1, float("nan"))])
def test_impossible_priors_are_refused(prior):
    with pytest.raises(NotAPrior):
        shrink([(1, 2, 3)], prior)


def test_priors_are_fitted_to_people():
    with pytest.raises(NotCounts):
        fit_prior([(1.5, 2, 3), (1, 2, 3)])
