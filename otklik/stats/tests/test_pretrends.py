"""Before a policy comes, those it will come to should go the way of the others."""

import numpy as np
import pytest

from otklik.stats.panel import NotAPanel
from otklik.stats.pretrends import before_it_came
from otklik.stats.staggered import staggered_effect

STARTS = np.array([6, 10, 99])


def program(seed, noise=1.0, before=0.0, units=60, periods=16):
    """The last three periods before it came are off by ``before``; under it the outcome rises by 5."""
    rng = np.random.default_rng(seed)
    whose, when = np.indices((units, periods)).reshape(2, -1)
    age = when - STARTS[whose % 3]
    lead = np.where((age < 0) & (age >= -6), -((2 - age) // 3), 0)
    y = rng.normal(size=units)[whose] * 3 + np.sin(when) * 2 + 5 * (age >= 0) + before * (lead == -1)
    return y + noise * rng.normal(size=len(y)), age >= 0, whose, when, lead


def test_what_was_off_before_it_came_is_told_where_it_was():
    found = before_it_came(*program(1, noise=0.0, before=-4.0))
    assert [one.lead for one in found] == [-2, -1]
    assert [one.estimate.effect for one in found] == pytest.approx([0.0, -4.0], abs=1e-9)
    y, on, whose, when, lead = program(9, before=-4.0)
    twice, last = before_it_came(y, on, whose, when, lead)
    assert last.n == int((lead == -1).sum())
    assert last.estimate.interval.low < -4 < last.estimate.interval.high < 0
    assert twice.estimate.interval.low < 0 < twice.estimate.interval.high


def test_leads_as_written_out():
    """Least squares with every dummy a column, of the rows without the policy alone."""
    y, on, whose, when, lead = program(3)
    kept = np.random.default_rng(4).random(len(y)) < 0.7
    y, on, whose, when, lead = y[kept], on[kept], whose[kept], when[kept], lead[kept]
    marks = [whose[:, None] == np.unique(whose), when[:, None] == np.unique(when)[1:]]
    columns = np.column_stack([lead[:, None] == (-2, -1), *marks]).astype(float)
    expected = np.linalg.lstsq(columns[~on], y[~on], rcond=None)[0][:2]
    found = before_it_came(y, on, whose, when, lead)
    assert [one.estimate.effect for one in found] == pytest.approx(expected.tolist())


def test_what_the_policy_does_is_no_lead():
    y, on, whose, when, lead = program(5)
    moved = before_it_came(y + 100 * on, on, whose, when, lead)
    assert moved == before_it_came(y, on, whose, when, lead)


def test_nobody_looked_at_is_no_finding_and_a_short_column_no_panel():
    y, on, whose, when, lead = program(6)
    assert before_it_came(y, on, whose, when, np.zeros(len(y), int)) == ()
    with pytest.raises(NotAPanel):
        before_it_came(y, on, whose, when, lead[1:])


def test_effects_go_by_the_ages_that_are_given():
    y, on, whose, when, _ = program(7, noise=0.0)
    quarter = (when - STARTS[whose % 3]) // 3
    y += 2.0 * np.where(on, quarter, 0)
    found = staggered_effect(y, on, whose, when, ages=quarter)
    assert [age for age, _ in found.by_age] == [0, 1, 2, 3]
    assert [one.effect for _, one in found.by_age] == pytest.approx([5, 7, 9, 11])
    assert sum(found.rows) == int(on.sum()) - found.left_out


def test_intervals_by_age_hold_together():
    y, on, whose, when, _ = program(8)
    apart = staggered_effect(y, on, whose, when, ages=np.zeros(len(y), int))
    assert apart.by_age[0][1] == apart.average
    several = staggered_effect(y, on, whose, when, ages=when % 2)
    one = several.by_age[0][1]
    assert one.interval.high - one.effect > 2.0 * one.se
