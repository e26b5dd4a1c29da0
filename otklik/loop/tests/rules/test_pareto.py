"""Root causes add up: alerts once, partners once, and no order that chance made."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from otklik.loop.rules.pareto import Behind, Together, pareto, rolled_up, top_of
from otklik.stats.share import wilson

PAY, RATES, SLOW = 1, 2, 3


def named(alerts: int, *causes: int) -> Together:
    return Together(frozenset(causes), alerts)


def test_an_alert_counts_for_each_cause_and_one_without_any_for_none() -> None:
    behind = {PAY: Behind(2, Decimal(150), 2), RATES: Behind(1, Decimal(100), 1), SLOW: Behind(1)}
    lines = pareto([named(1, PAY, RATES), named(2, PAY), named(1, SLOW), named(1)], behind)
    assert [(line.cause, line.alerts, line.partners) for line in lines] == [
        (PAY, 3, 2),
        (RATES, 1, 1),
        (SLOW, 1, 1),
    ]
    assert [line.revenue for line in lines] == [Decimal(150), Decimal(100), None]
    assert [line.covered for line in lines] == [0.75, 0.75, 1.0]
    assert lines[0].interval == wilson(3, 4, level=1 - 0.05 / 3)
    assert not lines[0].is_ahead


def test_a_cause_is_ahead_of_the_next_only_beyond_chance() -> None:
    assert [line.is_ahead for line in pareto([named(12, PAY), named(2, RATES)], {})] == [True, False]
    # Those that name both say nothing of which is more frequent.
    both = [named(40, PAY, RATES), named(4, PAY)]
    assert [line.is_ahead for line in pareto(both, {})] == [False, False]


def test_what_is_named_below_counts_above_once() -> None:
    parents = {PAY: None, RATES: PAY, SLOW: RATES}
    assert rolled_up([named(1, RATES, SLOW), named(2, SLOW)], parents) == [named(1, PAY), named(2, PAY)]
    assert top_of(4, {4: 5, 5: 4}) == 5


def test_nothing_named_is_no_line() -> None:
    assert pareto([], {}) == pareto([named(1)], {}) == []


@given(st.lists(st.frozensets(st.integers(1, 5)), max_size=30))
def test_lines_fall_and_cover_more_and_more(causes: list[frozenset[int]]) -> None:
    lines = pareto([Together(some, 1) for some in causes], {})
    assert [line.alerts for line in lines] == sorted((line.alerts for line in lines), reverse=True)
    assert [line.covered for line in lines] == sorted(line.covered for line in lines)
    assert all(line.interval.low <= line.share <= line.interval.high for line in lines)
    assert not lines or lines[-1].covered == 1
