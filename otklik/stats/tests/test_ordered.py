"""The proportional-odds logit: Copenhagen's tenants, and data it cannot be fitted to."""

import numpy as np
import pytest

from otklik.stats.ordered import Collinear, NotOrdered, OneCategory, Separated, ordered_logit
from otklik.stats.tests.reference_tables import HOUSING_NAMES, housing

# R MASS::polr: slope and its error
POLR = [
    (0.5663937389, 0.1046528),
    (1.2888190638, 0.1271561),
    (-0.5723501464, 0.1192380),
    (-0.3661865662, 0.1551733),
    (-1.0910149077, 0.1514860),
    (0.3602841499, 0.0955358),
]


def test_copenhagens_tenants_are_as_satisfied_as_published():
    satisfaction, marks, householders = housing()
    fit = ordered_logit(satisfaction, marks, HOUSING_NAMES, weights=householders)
    assert fit.slopes == pytest.approx([slope for slope, _ in POLR], abs=1e-6)
    assert fit.se == pytest.approx([error for _, error in POLR], abs=1e-6)
    assert fit.cuts == pytest.approx([-0.4961353438, 0.6907082904], abs=1e-6)
    assert fit.deviance == pytest.approx(3479.149299, abs=1e-6)
    assert fit.n == 1681
    assert fit.empty == ()
    assert fit.p_values()[1] < 1e-20


def test_a_weight_is_a_number_of_answers():
    satisfaction, marks, householders = housing()
    weighted = ordered_logit(satisfaction, marks, HOUSING_NAMES, weights=householders)
    each = np.repeat(np.arange(72), householders)
    alone = ordered_logit(satisfaction[each], marks[each], HOUSING_NAMES)
    assert weighted.slopes == pytest.approx(alone.slopes, abs=1e-9)
    assert weighted.se == pytest.approx(alone.se, abs=1e-9)


def test_ten_million_answers_end_where_the_table_does():
    satisfaction, marks, householders = housing()
    many = ordered_logit(satisfaction, marks, HOUSING_NAMES, weights=householders * 1e4)
    assert many.slopes == pytest.approx([slope for slope, _ in POLR], abs=1e-6)
    assert many.se == pytest.approx([error / 100 for _, error in POLR], abs=1e-8)


def answers(seed=0, n=200, levels=4):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2)) * [1, 50] + [0, 1000]
    latent = x @ (1.0, -0.02) + rng.logistic(size=n)
    return np.digitize(latent, np.quantile(latent, np.arange(1, levels) / levels)), x


def test_twins_of_one_unit_add_no_certainty():
    category, x = answers()
    once = ordered_logit(category, x, ["a", "b"], units=np.arange(200))
    twice = ordered_logit(
        np.tile(category, 2), np.tile(x, (2, 1)), ["a", "b"], units=np.tile(np.arange(200), 2)
    )
    assert twice.clustered_se == pytest.approx(once.clustered_se, rel=1e-8)
    assert twice.se == pytest.approx(once.se / np.sqrt(2), rel=1e-8)
    assert once.clustered_se == pytest.approx(once.se, rel=0.2), "one row a unit: nearly the plain error"


def test_two_categories_are_the_plain_logit():
    """Closed form for one 0 / 1 column: the slope is the log odds ratio of the table."""
    category, x = [0] * 30 + [1] * 20 + [0] * 12 + [1] * 45, [0] * 50 + [1] * 57
    fit = ordered_logit(category, np.array(x, dtype=float)[:, None], ["late"])
    assert fit.slopes[0] == pytest.approx(np.log(45 * 30 / (12 * 20)), abs=1e-9)
    assert fit.se[0] == pytest.approx(np.sqrt(1 / 45 + 1 / 12 + 1 / 30 + 1 / 20), abs=1e-8)
    assert fit.cuts[0] == pytest.approx(np.log(30 / 20), abs=1e-9)


def test_an_empty_category_is_told_and_left_out():
    category, x = answers(levels=3)
    spread = np.array([1, 4, 5])[category]
    fit = ordered_logit(spread, x, ["a", "b"])
    assert fit.empty == (0, 2, 3)
    assert fit.slopes == pytest.approx(ordered_logit(category, x, ["a", "b"]).slopes, abs=1e-9)
    assert len(fit.cuts) == 2


def test_a_column_that_splits_the_answers_is_named():
    category, x = answers(levels=3)
    splitting = np.column_stack([x, category + 0.1])
    with pytest.raises(Separated) as refused:
        ordered_logit(category, splitting, ["a", "b", "score itself"])
    assert refused.value.names == ("score itself",)


def test_a_rare_mark_that_only_the_happiest_have_is_named():
    category, x = answers(n=1000)
    rare = np.zeros(1000)
    rare[np.flatnonzero(category == 3)[:3]] = 1
    with pytest.raises(Separated) as refused:
        ordered_logit(category, np.column_stack([x, rare]), ["a", "b", "rare"])
    assert refused.value.names == ("rare",)
    rare[np.flatnonzero(category == 0)[0]] = 1
    assert ordered_logit(category, np.column_stack([x, rare]), ["a", "b", "rare"]).se[2] < 3


def test_columns_without_a_slope_of_their_own_are_named():
    category, x = answers()
    with pytest.raises(Collinear) as refused:
        ordered_logit(category, np.column_stack([x, np.full(200, 3.3)]), ["a", "b", "same"])
    assert refused.value.names == ("same",)
    with pytest.raises(Collinear) as refused:
        ordered_logit(category, np.column_stack([x, 2 * x[:, 0] + 1]), ["a", "b", "copy of a"])
    assert refused.value.names == ("a", "copy of a")


def test_units_of_other_rows_are_refused():
    category, x = answers()
    with pytest.raises(NotOrdered):
        ordered_logit(category, x, ["a", "b"], units=np.arange(199))


def test_one_category_cannot_be_compared():
    with pytest.raises(OneCategory):
        ordered_logit([2, 2, 2], [[1.0], [2.0], [3.0]], ["a"])
    with pytest.raises(OneCategory):
        ordered_logit([0, 1], [[1.0], [2.0]], ["a"], weights=[0, 0])


@pytest.mark.parametrize(
    ("category", "columns", "weights"),
    [
        ([0, 0.5], [[1.0], [2.0]], None),
        ([0, -1], [[1.0], [2.0]], None),
        ([0, 1], [[1.0], [float("inf")]], None),
        ([0, 1], [[1.0]], None),
        ([0, 1], [[1.0], [2.0]], [1, -1]),
    ],
)
def test_what_is_not_ordered_is_refused(category, columns, weights):
    with pytest.raises(NotOrdered):
        ordered_logit(category, columns, ["a"], weights=weights)
