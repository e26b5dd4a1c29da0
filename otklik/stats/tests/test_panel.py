"""Pooled and within: Grunfeld's firms, dummies written out, and what may not be inferred."""

import numpy as np
import pytest

from otklik.stats import panel
from otklik.stats.clustered import Errors
from otklik.stats.grouping import codes
from otklik.stats.panel import NotAPanel, pooled, unit_means, within
from otklik.stats.tests.reference_tables import grunfeld


def test_grunfelds_firms_invest_as_published():
    invest, columns, firm, _ = grunfeld(firms=10)
    fit = within(invest, columns, firm)
    assert fit.slopes == pytest.approx([0.110124, 0.310065], abs=1e-6)
    assert [fit.plain_error(j) for j in (0, 1)] == pytest.approx([0.011857, 0.017355], abs=1e-6)
    clustered = [fit.estimate(j, errors=Errors.CRV1) for j in (0, 1)]
    assert [found.se for found in clustered] == pytest.approx([0.015194, 0.052752], abs=1e-6)
    assert fit.slopes == pytest.approx(within(invest[::-1], columns[::-1], firm[::-1]).slopes, abs=1e-12)
    invest, columns, firm, _ = grunfeld(firms=11)
    assert within(invest, columns, firm).slopes == pytest.approx([0.110129, 0.310033], abs=1e-6)


def ragged(seed=0, units=9, periods=6, keep=0.7, again=20):
    """A panel with holes, uneven units and two columns, one of them common to a period but for its unit."""
    rng = np.random.default_rng(seed)
    whose, when = np.indices((units, periods)).reshape(2, -1)
    kept = rng.random(len(whose)) < keep
    whose, when = whose[kept], when[kept]
    again = rng.integers(0, len(whose), again)
    whose, when = np.append(whose, whose[again]), np.append(when, when[again])
    x = (
        rng.normal(size=(len(whose), 2))
        + rng.normal(size=units)[whose, None]
        + rng.normal(size=periods)[when, None]
    )
    y = x @ (2.0, -1.0) + 3 * rng.normal(size=units)[whose] + rng.normal(size=periods)[when]
    return y + rng.normal(size=len(whose)) * (1 + whose / 3), x, whose, when


def by_dummies(y, x, whose, when):
    """The same in the textbook's way: every effect a column, every matrix written out."""
    marks = [whose[:, None] == np.unique(whose)]
    if when is not None:
        marks.append(when[:, None] == np.unique(when)[1:])
    design = np.column_stack([x, *marks]).astype(float)
    bread = np.linalg.inv(design.T @ design)
    slopes = bread @ design.T @ y
    return design, bread, slopes, y - design @ slopes


@pytest.mark.parametrize("two_way", [False, True])
def test_uneven_panels_are_solved_as_with_a_dummy_for_everything(two_way):
    y, x, whose, when = ragged()
    fit = within(y, x, whose, when if two_way else None)
    design, bread, slopes, left = by_dummies(y, x, whose, when if two_way else None)
    assert fit.slopes == pytest.approx(slopes[:2], abs=1e-10)
    assert fit.freedom == len(y) - design.shape[1]
    assert fit.plain_error(1) == pytest.approx(np.sqrt(left @ left / fit.freedom * bread[1, 1]))
    meat = sum(np.outer(s, s) for s in (design[whose == g].T @ left[whose == g] for g in range(9)))
    nested = 9  # dummies of the units count as one constant
    factor = 9 / 8 * (len(y) - 1) / (len(y) - (design.shape[1] - nested + 1))
    assert fit.estimate(1, errors=Errors.CRV1).se == pytest.approx(
        np.sqrt(factor * (bread @ meat @ bread)[1, 1])
    )


def written_out_cr2(design, left, whose, column):
    """Bell and McCaffrey with every row and every dummy: adjusted residuals and Satterthwaite's degrees."""
    bread = np.linalg.pinv(design.T @ design)
    away = np.eye(len(left)) - design @ bread @ design.T
    parts, directions = [], []
    for unit in np.unique(whose):
        at = np.flatnonzero(whose == unit)
        values, vectors = np.linalg.eigh(away[np.ix_(at, at)])
        root = np.where(values > 1e-9, 1 / np.sqrt(np.maximum(values, 1e-9)), 0)
        q = vectors * root @ vectors.T @ design[at] @ bread[:, column]
        parts.append(q @ left[at])
        directions.append(away[:, at] @ q)
    spread = np.array(directions) @ np.array(directions).T
    return np.sqrt(np.sum(np.square(parts))), np.trace(spread) ** 2 / (spread**2).sum()


@pytest.mark.parametrize("two_way", [False, True])
def test_few_units_get_the_bias_reduced_errors_as_written_out(two_way):
    y, x, whose, when = ragged(seed=3)
    when = when if two_way else None
    design, _, _, left = by_dummies(y, x, whose, when)
    found = within(y, x, whose, when).estimate(1, errors=Errors.CR2)
    assert (found.se, found.df) == pytest.approx(written_out_cr2(design, left, whose, 1), rel=1e-7)


def written_out_ik(design, left, whose, when, column):
    """The same where rows of a unit and period are as alike as the residuals say, every row written out."""
    bread = np.linalg.pinv(design.T @ design)
    away = np.eye(len(left)) - design @ bread @ design.T
    together = (whose[:, None] == whose) & (when[:, None] == when)
    pairs = together & ~np.eye(len(left), dtype=bool)
    variance = left @ left / (len(left) - np.linalg.matrix_rank(design))
    share = (np.outer(left, left) * pairs).sum() / pairs.sum() / variance
    spread = np.eye(len(left)) + share / (1 - share) * together
    directions = []
    for unit in np.unique(whose):
        at = np.flatnonzero(whose == unit)
        values, vectors = np.linalg.eigh(away[np.ix_(at, at)])
        root = np.where(values > 1e-9, 1 / np.sqrt(np.maximum(values, 1e-9)), 0)
        directions.append(away[:, at] @ (vectors * root @ vectors.T @ design[at] @ bread[:, column]))
    expected = np.array(directions) @ spread @ np.array(directions).T
    pull = design @ bread[:, column]
    short = max(1.0, pull @ spread @ pull / np.trace(expected))
    se, _ = written_out_cr2(design, left, whose, column)
    return np.sqrt(short) * se, np.trace(expected) ** 2 / (expected**2).sum(), share


def test_answers_of_a_period_that_are_alike_widen_the_errors_as_written_out():
    y, x, whose, when = ragged(seed=3, units=25, again=150)
    y = y + 20 * np.random.default_rng(8).normal(size=(25, 6))[whose, when]
    design, _, _, left = by_dummies(y, x, whose, when)
    fit = within(y, x, whose, when)
    found, usual = fit.estimate(1), fit.estimate(1, errors=Errors.CR2)
    se, df, share = written_out_ik(design, left, whose, when, 1)
    assert share > 0.2
    assert (found.se, found.df) == pytest.approx((se, df), rel=1e-7)
    assert found.se >= usual.se
    assert found.df < usual.df


def test_many_units_whose_answers_are_alike_take_the_short_way_too(monkeypatch):
    y, x, whose, when = ragged(seed=9, units=150, again=400)
    y = y + 30 * np.random.default_rng(8).normal(size=(150, 6))[whose, when]
    full = within(y, x, whose, when).estimate(1)
    monkeypatch.setattr(panel, "_UNITS_WITH_PERIODS", 0)
    short = within(y, x, whose, when).estimate(1)
    assert full.errors is short.errors is Errors.IK
    assert (short.se, short.df) == pytest.approx((full.se, full.df), rel=0.03)


def test_pooled_is_least_squares_with_errors_by_unit():
    y, x, whose, _ = ragged(seed=4)
    design = np.column_stack([x, np.ones(len(y))])
    slopes = np.linalg.lstsq(design, y, rcond=None)[0]
    fit, left = pooled(y, x, whose), y - design @ slopes
    assert fit.slopes == pytest.approx(slopes[:2], abs=1e-10)
    bread = np.linalg.inv(design.T @ design)
    meat = sum(np.outer(s, s) for s in (design[whose == g].T @ left[whose == g] for g in range(9)))
    factor = 9 / 8 * (len(y) - 1) / (len(y) - 3)
    assert fit.estimate(0, errors=Errors.CRV1).se == pytest.approx(
        np.sqrt(factor * (bread @ meat @ bread)[0, 0])
    )
    found = fit.estimate(0, errors=Errors.CR2)
    assert (found.se, found.df) == pytest.approx(written_out_cr2(design, left, whose, 0), rel=1e-7)


def test_many_units_take_the_short_way_to_the_same_errors(monkeypatch):
    y, x, whose, when = ragged(seed=9, units=150)
    full = within(y, x, whose, when)
    monkeypatch.setattr(panel, "_UNITS_WITH_PERIODS", 0)
    short = within(y, x, whose, when)
    assert short.plain_error(1) == pytest.approx(full.plain_error(1), rel=1e-9)
    by_crv1 = [fit.estimate(1, errors=Errors.CRV1).se for fit in (short, full)]
    assert by_crv1[0] == pytest.approx(by_crv1[1], rel=1e-9)
    assert short.estimate(1).se == pytest.approx(full.estimate(1).se, rel=0.01)
    assert short.estimate(1).df == pytest.approx(full.estimate(1).df, rel=0.03)


@pytest.mark.parametrize(("units", "errors"), [(19, None), (20, Errors.CR2), (50, Errors.CR2)])
def test_the_number_of_units_decides_what_is_inferred(units, errors):
    y, x, whose, when = ragged(seed=5, units=units)
    found = within(y, x, whose, when).estimate()
    assert found.units == units
    assert found.errors is errors
    assert found.effect == pytest.approx(2, abs=3)
    assert (found.interval is None) == (found.p_value is None) == (errors is None)
    if found.interval is not None:
        assert found.interval.low < found.effect < found.interval.high
        assert found.smallest_visible > found.interval.high - found.effect


def test_a_column_without_variation_of_its_own_has_no_effect():
    y, x, whose, when = ragged(seed=6, units=30)
    constant = np.full(len(y), 123456.7)
    of_unit, of_period = unit_means(x[:, 1], whose), unit_means(x[:, 1], when)
    columns = np.column_stack([x[:, 0], constant, of_unit, of_period])
    fit = within(y, columns, whose, when)
    assert fit.estimate(0).effect == pytest.approx(within(y, x[:, :1], whose, when).slopes[0], abs=1e-9)
    assert [fit.estimate(j).effect for j in (1, 2, 3)] == [None, None, None]
    assert fit.estimate(2).interval is None
    twins = within(y, x[:, [0, 0]], whose, when)
    assert [twins.estimate(j).effect for j in (0, 1)] == [None, None]


@pytest.mark.parametrize("two_way", [False, True])
def test_what_one_partner_alone_shows_is_not_inferred(two_way, monkeypatch):
    y, x, whose, when = ragged(seed=12, units=40)
    of_one = np.where(whose == 3, x[:, 0], 0.0)
    when = when if two_way else None
    found = within(y, of_one, whose, when).estimate()
    assert found.effect is not None
    assert found.interval is None
    of_two = within(y, np.where(whose < 2, x[:, 0], 0.0), whose, when).estimate()
    assert of_two.df < 3
    assert pooled(y, whose == 3, whose).estimate().interval is None
    monkeypatch.setattr(panel, "_UNITS_WITH_PERIODS", 0)
    short = within(y, of_one, whose, when).estimate()
    assert short.interval is None or short.df < 1.5


def test_an_outcome_that_is_always_the_same_proves_nothing():
    _, x, whose, when = ragged(seed=13, units=30)
    for outcome in (np.full(len(x), 100 / 3), 0.1 * whose + 1e5 / 3):
        assert within(outcome, x, whose, when).estimate().interval is None
    assert pooled(np.full(len(x), 100 / 3), x, whose).estimate().interval is None


def test_a_column_far_from_zero_is_the_same_column():
    y, x, whose, when = ragged(seed=7)
    assert within(y, np.add(x, (1e7, -1e5)), whose, when).slopes == pytest.approx(
        within(y, x, whose, when).slopes, rel=1e-6
    )


def test_seconds_and_shares_may_stand_in_one_table():
    y, x, whose, when = ragged(seed=7, units=40)
    plain = within(y, x, whose, when).estimate(0)
    scaled = within(y, x * [1e8, 1e-6], whose, when).estimate(0)
    assert scaled.effect * 1e8 == pytest.approx(plain.effect, rel=1e-9)
    assert scaled.se * 1e8 == pytest.approx(plain.se, rel=1e-9)
    assert scaled.df == pytest.approx(plain.df, rel=1e-9)


def test_many_units_without_periods_are_no_special_case(monkeypatch):
    y, x, whose, _ = ragged(seed=11, units=40)
    full = within(y, x, whose).estimate()
    monkeypatch.setattr(panel, "_UNITS_WITH_PERIODS", 0)
    assert within(y, x, whose).estimate().se == pytest.approx(full.se, rel=1e-9)


def test_unit_means_as_a_control_give_the_slope_within_units():
    y, x, whose, _ = ragged(seed=8)
    held = np.column_stack([x[:, 0], unit_means(x[:, 0], whose)])
    assert pooled(y, held, whose).slopes[0] == pytest.approx(within(y, x[:, 0], whose).slopes[0], abs=1e-10)


def test_labels_may_be_words_or_large_numbers():
    assert codes(["b", "a", "b"]).tolist() == [1, 0, 1]
    assert codes([7, 3, 7]).tolist() == [1, 0, 1]
    assert codes([10**12, 5, 10**12]).tolist() == [1, 0, 1]
    assert codes([-1, 4, -1]).tolist() == [0, 1, 0]


def test_more_cells_than_memory_are_refused_before_they_are_made():
    rows = np.arange(4000)
    with pytest.raises(NotAPanel, match="longer periods"):
        within(rows, rows % 7, rows, rows[::-1])


@pytest.mark.parametrize(
    ("outcome", "columns", "units"),
    [
        ([1.0, 2.0], [[1.0], [2.0], [3.0]], [0, 1]),
        ([1.0, 2.0], [[1.0], [2.0]], [0]),
        ([1.0, float("nan")], [[1.0], [2.0]], [0, 1]),
        ([], np.zeros((0, 1)), []),
        ([1.0, 2.0], np.zeros((2, 0)), [0, 1]),
    ],
)
def test_what_is_not_a_panel_is_refused(outcome, columns, units):
    with pytest.raises(NotAPanel):
        within(outcome, columns, units)
