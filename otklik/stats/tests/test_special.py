"""Own special functions against scipy, which only the tests may load."""

import numpy as np
import pytest
from scipy import special as peer
from scipy import stats as peer_stats

from otklik.stats.special import (
    NotALevel,
    chi2_sf,
    digamma,
    find_roots,
    log_gamma,
    normal_quantile,
    sign_test_p,
    t_quantile,
    trigamma,
    two_sided_p,
    two_sided_t_p,
    two_sided_z,
)

POSITIVE = np.array([1e-6, 0.01, 0.3, 1.0, 1.5, 2.0, 3.3, 10.0, 123.4, 1e5, 1e9])


def test_gamma_family_agrees_with_scipy():
    np.testing.assert_allclose(log_gamma(POSITIVE), peer.gammaln(POSITIVE), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(digamma(POSITIVE), peer.digamma(POSITIVE), rtol=1e-11)
    np.testing.assert_allclose(trigamma(POSITIVE), peer.polygamma(1, POSITIVE), rtol=1e-11)


@pytest.mark.parametrize("df", [1, 2, 3, 50, 1000, 39_000])
def test_chi_square_tail_agrees_with_scipy(df):
    for x in (0.0, 1e-3 * df, 0.5 * df, df, 1.3 * df, 3.0 * df + 5):
        assert chi2_sf(x, df) == pytest.approx(peer_stats.chi2.sf(x, df), rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("df", [1.1e6, 1e10, 1e16])
def test_any_number_of_degrees_takes_the_same_few_steps(df):
    """By the series this would take a step for each of a hundred million."""
    for deviation in (-3.0, -1.0, 0.0, 1.0, 3.0):
        x = df + deviation * np.sqrt(2 * df)
        assert chi2_sf(x, df) == pytest.approx(peer_stats.chi2.sf(x, df), abs=2e-8)


def test_normal_quantiles_and_tails_agree_with_scipy():
    for p in (1e-9, 0.025, 0.5, 0.9, 1 - 1e-9):
        assert normal_quantile(p) == pytest.approx(peer_stats.norm.ppf(p), rel=1e-9, abs=1e-12)
    assert two_sided_z(0.95) == pytest.approx(1.959963985, abs=1e-9)
    z = np.array([-8.0, -1.0, 0.0, 0.5, 30.0, np.inf])
    np.testing.assert_allclose(two_sided_p(z), 2 * peer_stats.norm.sf(np.abs(z)), rtol=1e-12)
    assert np.isnan(two_sided_p(np.nan))


@pytest.mark.parametrize("df", [0.7, 1, 2, 3.3, 4, 7, 30, 199.5, 5000, 900_000])
def test_student_tails_and_quantiles_agree_with_scipy(df):
    for t in (0.0, 1e-9, 0.3, -1.0, 2.0, 7.5, 40.0):
        assert two_sided_t_p(t, df) == pytest.approx(2 * peer_stats.t.sf(abs(t), df), rel=1e-9, abs=1e-300)
    for p in (0.5, 0.5001, 0.6, 0.9, 0.975, 0.9995, 1 - 1e-7):
        assert t_quantile(p, df) == pytest.approx(peer_stats.t.ppf(p, df), rel=1e-9, abs=1e-12)


def test_student_with_endless_degrees_is_normal():
    assert two_sided_t_p(1.959963985, 1e9) == pytest.approx(0.05, abs=1e-9)
    assert t_quantile(0.975, 1e9) == pytest.approx(1.959963985, abs=1e-6)
    assert np.isnan(two_sided_t_p(float("nan"), 5))
    assert two_sided_t_p(float("inf"), 5) == 0


@pytest.mark.parametrize(
    ("up", "down"), [(0, 0), (0, 1), (10, 7), (7, 10), (500, 400), (0, 60), (30_000, 30_300)]
)
def test_sign_test_agrees_with_the_binomial_test(up, down):
    expected = peer_stats.binomtest(up, up + down).pvalue if up + down else 1.0
    assert sign_test_p(up, down) == pytest.approx(expected, rel=1e-9)


def test_sign_test_of_ten_million_moves_is_quick_and_right():
    up, down = 5_003_000, 4_997_000
    near = 2 * peer_stats.norm.sf((up - down - 1) / (up + down) ** 0.5)
    assert sign_test_p(up, down) == pytest.approx(near, rel=1e-3)


@pytest.mark.parametrize("level", [0, 1, -0.5, 95, float("nan")])
def test_impossible_levels_are_refused(level):
    with pytest.raises(NotALevel):
        two_sided_z(level)


def test_roots_are_found_in_all_brackets_at_once():
    powers = np.array([1.0, 3.0, 5.0, 21.0])
    roots = find_roots(lambda x: x**powers - 0.5, np.zeros(4), np.ones(4))
    np.testing.assert_allclose(roots, 0.5 ** (1 / powers), atol=1e-12)


def test_a_bracket_without_a_root_gives_the_end_nearest_to_one():
    low, high = np.array([0.0, 0.0, 2.0]), np.array([1.0, 1.0, 3.0])
    found = find_roots(lambda x: x + np.array([1.0, -5.0, -2.0]), low, high)
    np.testing.assert_array_equal(found, [0.0, 1.0, 2.0])
