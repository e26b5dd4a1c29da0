from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.payouts.rules.balance import available, balance_of, entry_problem, is_covered, owed
from otklik.payouts.rules.holds import (
    LONGEST_DAYS,
    HeldPart,
    HoldProblem,
    frozen_by_hold,
    frozen_part,
    hold_problem,
    late_holds,
    open_sum,
)
from otklik.payouts.rules.vocabulary import EntryKind, HoldState, LineProblem

MONDAY = date(2026, 9, 7)
AMOUNTS = st.decimals(min_value=-100_000, max_value=100_000, places=2)
POSITIVE = st.decimals(min_value="0.01", max_value=100_000, places=2)
HOLDS = st.lists(
    st.tuples(POSITIVE, st.integers(0, 60), st.sampled_from(HoldState)).map(
        lambda drawn: (drawn[0], MONDAY + timedelta(days=drawn[1]), drawn[2])
    ),
    max_size=6,
).map(lambda some: [HeldPart(key, *hold) for key, hold in enumerate(some)])


def D(text: str) -> Decimal:  # noqa: N802  # as short as a figure
    return Decimal(text)


@pytest.mark.parametrize(
    ("kind", "amount", "problem"),
    [
        (EntryKind.EARNED, "10", None),
        (EntryKind.EARNED, "-10", LineProblem.WRONG_SIGN),
        (EntryKind.CHARGEBACK, "-10", None),
        (EntryKind.CHARGEBACK, "10", LineProblem.WRONG_SIGN),
        (EntryKind.FEE, "1", LineProblem.WRONG_SIGN),
        (EntryKind.PAYOUT, "10", LineProblem.WRONG_SIGN),
        (EntryKind.RETURN, "10", None),
        (EntryKind.ADJUSTMENT, "-10", None),
        (EntryKind.ADJUSTMENT, "10", None),
        (EntryKind.REVERSAL, "-10", None),
        (EntryKind.OPENING, "-10", None),
        (EntryKind.BONUS, "0", LineProblem.ZERO),
        (EntryKind.ADJUSTMENT, "0.00", LineProblem.ZERO),
    ],
)
def test_a_kind_of_entry_has_its_sign(kind: EntryKind, amount: str, problem: LineProblem | None) -> None:
    assert entry_problem(kind, D(amount)) is problem


@pytest.mark.parametrize(
    ("total", "held", "planned", "free", "debt"),
    [
        ("100", "0", "0", "100", "0"),
        ("100", "30", "0", "70", "0"),
        ("100", "30", "50", "20", "0"),
        ("100", "30", "100", "0", "0"),
        ("100", "130", "0", "0", "0"),
        ("-40", "0", "0", "0", "40"),
        ("-40", "30", "0", "0", "40"),
        ("0", "0", "0", "0", "0"),
    ],
)
def test_what_is_free_is_what_nobody_holds_or_plans(
    total: str, held: str, planned: str, free: str, debt: str
) -> None:
    assert available(D(total), D(held), D(planned)) == D(free)
    assert owed(D(total)) == D(debt)


def test_an_empty_ledger_has_a_balance() -> None:
    assert balance_of([]) == 0
    assert balance_of([D("0.10")] * 3) == D("0.30")


@pytest.mark.parametrize(
    ("total", "held", "planned", "covered"),
    [
        ("100", "0", "100", True),
        ("100", "0.01", "100", False),
        ("99.99", "0", "100", False),
        ("-5", "0", "0", True),
    ],
)
def test_a_chargeback_after_the_calculation_uncovers_the_batch(
    total: str, held: str, planned: str, covered: bool
) -> None:
    assert is_covered(D(total), D(held), D(planned)) is covered


@given(AMOUNTS, HOLDS)
def test_holds_freeze_no_more_than_there_is_and_nothing_besides(
    balance: Decimal, holds: list[HeldPart]
) -> None:
    frozen = frozen_part(balance, holds)
    assert 0 <= frozen <= max(Decimal(0), balance)
    assert frozen <= open_sum(holds)
    assert frozen == sum((part.amount for part in frozen_by_hold(balance, holds)), Decimal(0))
    assert available(balance, open_sum(holds)) + frozen == max(Decimal(0), balance)


@given(AMOUNTS, HOLDS)
def test_a_hold_that_ended_freezes_nothing(balance: Decimal, holds: list[HeldPart]) -> None:
    still_open = [hold for hold in holds if hold.state is HoldState.OPEN]
    assert frozen_by_hold(balance, holds) == frozen_by_hold(balance, still_open)


def test_where_the_balance_is_short_the_hold_decided_first_is_served_first() -> None:
    later = HeldPart(1, D("80"), MONDAY + timedelta(days=9))
    sooner = HeldPart(2, D("50"), MONDAY + timedelta(days=2))
    assert frozen_by_hold(D("100"), [later, sooner]) == [(2, D("50")), (1, D("50"))]


@pytest.mark.parametrize(
    ("amount", "checking", "days", "problem"),
    [
        ("70", "Orders 17 to 29", 5, None),
        ("70", "Orders 17 to 29", 0, None),
        ("70.01", "Orders 17 to 29", 5, HoldProblem.MORE_THAN_THERE_IS),
        ("0", "Orders 17 to 29", 5, HoldProblem.NOT_POSITIVE),
        ("-5", "Orders 17 to 29", 5, HoldProblem.NOT_POSITIVE),
        ("5", "  ", 5, HoldProblem.NOTHING_SAID),
        ("5", "Orders 17 to 29", -1, HoldProblem.DECIDED_IN_THE_PAST),
        ("5", "Orders 17 to 29", LONGEST_DAYS, None),
        ("5", "Orders 17 to 29", LONGEST_DAYS + 1, HoldProblem.TOO_LONG),
    ],
)
def test_a_hold_says_how_much_what_for_and_until_when(
    amount: str, checking: str, days: int, problem: HoldProblem | None
) -> None:
    decide_by = MONDAY + timedelta(days=days)
    found = hold_problem(D(amount), checking, decide_by, balance=D("100"), held=D("30"), on=MONDAY)
    assert found is problem


@pytest.mark.parametrize(
    ("amount", "problem"), [("80", None), ("60", None), ("80.01", HoldProblem.MORE_THAN_THERE_IS)]
)
def test_a_hold_that_a_chargeback_uncovered_can_still_be_changed(
    amount: str, problem: HoldProblem | None
) -> None:
    values = {"balance": D("50"), "held": D("0"), "before": D("80")}
    assert hold_problem(D(amount), "Orders", MONDAY, on=MONDAY, **values) is problem


def test_a_decision_is_late_on_the_day_after_its_date() -> None:
    hold = HeldPart(1, D("10"), MONDAY)
    older = HeldPart(2, D("10"), MONDAY - timedelta(days=3))
    ended = HeldPart(3, D("10"), MONDAY - timedelta(days=3), HoldState.RELEASED)
    assert late_holds([hold, older, ended], MONDAY) == [older]
    assert late_holds([hold, older, ended], MONDAY + timedelta(days=1)) == [older, hold]
