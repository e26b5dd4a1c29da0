"""Groups compared like with like: against regression with everything written out, and against the truth."""

from __future__ import annotations

import numpy as np
import pytest

from otklik.stats.clustered import Errors
from otklik.stats.groups import NotCells, cells, compare_all
from otklik.stats.panel import pooled


def tickets(seed: int, partners: int, *, effect: float = 0.0, topics: int = 6):
    """Uneven partners, each with a channel they prefer and a mood; hard topics come by the first channel."""
    chance = np.random.default_rng(seed)
    size = chance.integers(1, 12, partners) * chance.integers(1, 8, partners)
    partner = np.repeat(np.arange(partners), size)
    topic = chance.integers(0, topics, len(partner))
    hard = np.linspace(0, 1, topics)[topic]
    habit = chance.beta(1, 1, partners)[partner]
    second = (chance.random(len(partner)) > (habit + hard) / 2).astype(int)
    mood = chance.normal(0, 0.6, partners)[partner]
    good = chance.normal(0, 1, len(partner)) + mood - hard - effect * second > 0
    return second, partner, topic, good.astype(float)


def added_up(second, partner, topic, good):
    """The same rows as cells."""
    _, cell = np.unique(np.stack([second, partner, topic]), axis=1, return_inverse=True)
    first = np.unique(cell.reshape(-1), return_index=True)[1]
    rows, sums = np.bincount(cell.reshape(-1)), np.bincount(cell.reshape(-1), good)
    return cells(second[first], partner[first], topic[first], rows, sums)


def test_it_is_the_regression_with_an_effect_of_every_topic():
    second, partner, topic, good = tickets(3, 40)
    dummies = [topic == one for one in range(1, 6)]
    written_out = pooled(good, np.column_stack([1 - second, *dummies]), partner)

    (found,) = compare_all(added_up(second, partner, topic, good), [0, 1])

    expected = written_out.estimate(errors=Errors.CR2)
    assert found.alike.effect == pytest.approx(expected.effect, abs=1e-12)
    assert found.alike.se == pytest.approx(expected.se, rel=0.01)
    assert found.alike.df == pytest.approx(expected.df, rel=0.02)


def test_without_strata_it_is_the_difference_of_the_means():
    second, partner, _, good = tickets(4, 30)
    (found,) = compare_all(cells(second, partner, None, np.ones(len(good)), good), [0, 1])
    difference = good[second == 0].mean() - good[second == 1].mean()
    assert found.plain.effect == pytest.approx(difference, abs=1e-12)
    assert found.alike == found.plain
    assert found.covered == 1.0


def test_very_many_units_leave_the_constant_out_and_change_nothing_else():
    second, partner, topic, good = tickets(5, 501)
    many = added_up(second, partner, topic, good)
    fewer = many.of(many.unit != 500)
    (all_of_them,), (one_less,) = compare_all(many, [0, 1]), compare_all(fewer, [0, 1])
    assert all_of_them.alike.se == pytest.approx(one_less.alike.se, rel=0.02)


def test_only_strata_that_both_have_count():
    rows = cells([0, 0, 1, 1], [1, 2, 3, 4], [0, 1, 1, 2], [5, 10, 10, 15], [5, 10, 0, 15])
    (found,) = compare_all(rows, [0, 1])
    assert (found.alike.effect, found.covered) == (1.0, 0.5)
    apart = cells([0, 1], [1, 2], [0, 1], [5, 10], [5, 10])
    (found,) = compare_all(apart, [0, 1])
    assert (found.alike.effect, found.covered, found.alike.interval) == (None, 0.0, None)


def test_few_partners_are_shown_without_an_interval():
    (found,) = compare_all(added_up(*tickets(6, 19)), [0, 1])
    assert found.alike.effect is not None
    assert found.alike.interval is None


def test_cells_that_cannot_be_are_refused():
    with pytest.raises(NotCells):
        cells([0, 1], [1, 2], None, [1, 0], [1, 0])
    with pytest.raises(NotCells):
        cells([0, 1], [1], None, [1, 2], [1, 2])


def test_nobody_at_all_compares_with_nobody():
    (found,) = compare_all(cells([], [], None, [], []), [0, 1])
    assert found.plain.effect is None


@pytest.mark.slow
@pytest.mark.parametrize("partners", [20, 50, 200])
def test_the_interval_holds_the_truth_as_often_as_it_says(partners):
    held = 0
    for seed in range(1000):
        (found,) = compare_all(added_up(*tickets(seed, partners)), [0, 1])
        held += (
            found.alike.interval is not None and found.alike.interval.low <= 0 <= found.alike.interval.high
        )
    assert 0.92 < held / 1000 < 0.975
