from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.kit.money import payable
from otklik.payouts.rules.batch import (
    LeftOut,
    Line,
    Planned,
    approvals_missing,
    free_to_approve,
    may_approve,
    plan_batch,
    plan_line,
)
from otklik.payouts.rules.vocabulary import (
    BATCH_MOVES,
    PAYOUT_MOVES,
    ApprovalRefusal,
    BatchState,
    HandKind,
    LeftOutReason,
    PayoutState,
)

R = LeftOutReason
ANNA, BORIS, CLARA, DMITRI = 1, 2, 3, 4
ZERO = Decimal(0)
MONEY = st.decimals(min_value=0, max_value=1000, places=4)
LINES = st.builds(
    Line,
    partner=st.integers(1, 9),
    total=st.decimals(min_value=-500, max_value=1000, places=4),
    held=MONEY,
    planned=MONEY,
    requested=st.none() | MONEY,
    has_details=st.booleans(),
    minimum=st.none() | MONEY,
)


def planned(total: str, *, currency: str = "EUR", minimum: str = "50", **more: object) -> Planned | LeftOut:
    values = {name: Decimal(value) if isinstance(value, str) else value for name, value in more.items()}
    line = Line(7, Decimal(total), **values)  # type: ignore[arg-type]
    return plan_line(line, currency=currency, minimum=Decimal(minimum))


@pytest.mark.parametrize(
    ("case", "amount", "rests"),
    [
        ({"total": "100"}, "100", []),
        ({"total": "50"}, "50", []),
        ({"total": "100", "held": "30"}, "70", [(R.HELD, "30")]),
        ({"total": "100", "planned": "20", "held": "30"}, "50", [(R.PLANNED_ALREADY, "20"), (R.HELD, "30")]),
        ({"total": "100", "requested": "60"}, "60", [(R.REQUESTED_LESS, "40")]),
        ({"total": "100", "requested": "160"}, "100", []),
        ({"total": "100", "held": "30", "requested": "100"}, "70", [(R.HELD, "30")]),
        ({"total": "100.0049"}, "100.00", [(R.TOO_FINE, "0.0049")]),
        ({"total": "100.6", "currency": "JPY"}, "100", [(R.TOO_FINE, "0.6")]),
        ({"total": "100.1234", "currency": "KWD"}, "100.123", [(R.TOO_FINE, "0.0004")]),
        ({"total": "20", "minimum": "0"}, "20", []),
    ],
)
def test_a_hold_stops_its_own_part_only(
    case: dict[str, str], amount: str, rests: list[tuple[R, str]]
) -> None:
    outcome = planned(**case)  # type: ignore[arg-type]
    assert isinstance(outcome, Planned)
    assert outcome.amount == Decimal(amount)
    assert list(outcome.rests) == [(reason, Decimal(part)) for reason, part in rests]


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ({"total": "0"}, R.NOTHING),
        ({"total": "-12.50"}, R.OWES),
        ({"total": "49.99"}, R.BELOW_MINIMUM),
        ({"total": "100", "held": "60"}, R.BELOW_MINIMUM),
        ({"total": "100", "held": "100"}, R.HELD),
        ({"total": "100", "held": "400"}, R.HELD),
        ({"total": "100", "planned": "100"}, R.PLANNED_ALREADY),
        ({"total": "100", "planned": "90", "held": "10"}, R.HELD),
        ({"total": "100", "has_details": False}, R.DETAILS_MISSING),
        ({"total": "10", "has_details": False}, R.BELOW_MINIMUM),
        ({"total": "100", "requested": "0"}, R.REQUESTED_LESS),
        ({"total": "0.004", "minimum": "0"}, R.TOO_FINE),
    ],
)
def test_who_is_left_out_is_told_why(case: dict[str, str], reason: R) -> None:
    outcome = planned(**case)  # type: ignore[arg-type]
    assert isinstance(outcome, LeftOut)
    assert outcome.reason is reason


def test_a_partners_own_minimum_goes_before_the_batchs() -> None:
    assert isinstance(planned("20", minimum="50"), LeftOut)
    line = Line(7, Decimal(20), minimum=Decimal(10))
    assert isinstance(plan_line(line, currency="EUR", minimum=Decimal(50)), Planned)


@given(LINES, st.sampled_from(["EUR", "JPY", "KWD"]), MONEY)
def test_every_cent_of_a_line_is_paid_or_has_a_reason(line: Line, currency: str, minimum: Decimal) -> None:
    outcome = plan_line(line, currency=currency, minimum=minimum)
    paid = outcome.amount if isinstance(outcome, Planned) else ZERO
    assert paid + sum((rest.amount for rest in outcome.rests), ZERO) == line.total
    if isinstance(outcome, Planned):
        assert paid > 0
        assert paid == payable(paid, currency)
        assert paid <= line.total - line.held - line.planned
        assert line.has_details
        assert paid >= (minimum if line.minimum is None else line.minimum)
        assert line.requested is None or paid <= line.requested


@given(st.lists(LINES, max_size=12))
def test_a_batch_forgets_nobody_and_its_total_is_the_sum_of_its_payouts(lines: list[Line]) -> None:
    plan = plan_batch(lines, currency="EUR", minimum=Decimal(10))
    partners = [one.partner for one in plan.planned] + [one.partner for one in plan.left_out]
    assert sorted(partners) == sorted(line.partner for line in lines)
    assert plan.total == sum((one.amount for one in plan.planned), ZERO)


@pytest.mark.parametrize(
    ("user", "approvers", "hands", "refusal"),
    [
        (ANNA, [], {}, ApprovalRefusal.CALCULATED_IT),
        (BORIS, [], {}, None),
        (BORIS, [BORIS], {}, ApprovalRefusal.APPROVED_ALREADY),
        (CLARA, [BORIS], {}, None),
        (CLARA, [BORIS], {CLARA: HandKind.CHANGED}, ApprovalRefusal.ADJUSTED_IT),
        (CLARA, [BORIS], {CLARA: HandKind.BROUGHT_IN}, ApprovalRefusal.BROUGHT_IT_IN),
        (DMITRI, [BORIS, CLARA], {}, ApprovalRefusal.NOT_OPEN),
    ],
)
def test_two_people_approve_and_neither_made_what_they_approve(
    user: int, approvers: list[int], hands: dict[int, HandKind], refusal: ApprovalRefusal | None
) -> None:
    found = may_approve(
        user, state=BatchState.CALCULATED, calculated_by=ANNA, approvers=approvers, hands=hands
    )
    assert found is refusal


@pytest.mark.parametrize("state", [state for state in BatchState if state is not BatchState.CALCULATED])
def test_only_a_calculated_batch_waits_for_approval(state: BatchState) -> None:
    found = may_approve(BORIS, state=state, calculated_by=None, approvers=[], hands={})
    assert found is ApprovalRefusal.NOT_OPEN


@given(st.integers(1, 5), st.lists(st.integers(1, 5), max_size=8), st.sets(st.integers(1, 5)))
def test_no_order_of_clicks_gets_a_batch_through_with_fewer_than_the_house_has(
    calculator: int, clicks: list[int], changed: set[int]
) -> None:
    """Two where two may, one where one may, and never none."""
    hands = dict.fromkeys(changed, HandKind.CHANGED)
    may = set(range(1, 6)) - {calculator} - changed
    approvers: list[int] = []
    for user in clicks:
        refusal = may_approve(
            user, state=BatchState.CALCULATED, calculated_by=calculator, approvers=approvers, hands=hands
        )
        if refusal is None:
            approvers.append(user)
    free = free_to_approve(range(1, 6), calculated_by=calculator, approvers=approvers, hands=hands)
    assert set(approvers) <= may
    assert approvals_missing(approvers, free) == max(0, min(2, max(1, len(may))) - len(approvers))


def test_a_house_of_two_needs_one_approval_and_hears_when_nobody_is_left() -> None:
    two = {"calculated_by": ANNA, "approvers": []}
    assert free_to_approve([ANNA, BORIS], hands=[], **two) == {BORIS}
    assert approvals_missing([], {BORIS}) == 1
    assert approvals_missing([BORIS], ()) == 0
    # Boris brought in what Anna calculated: it waits, and no approval of nobody lets it go.
    assert free_to_approve([ANNA, BORIS], hands=[BORIS], **two) == set()
    assert approvals_missing([], ()) == 1


def test_states_lead_somewhere_and_ends_are_ends() -> None:
    assert set(PAYOUT_MOVES) == set(PayoutState)
    assert set(BATCH_MOVES) == set(BatchState)
    assert PayoutState.PAID not in PAYOUT_MOVES[PayoutState.APPROVED]
    assert PayoutState.CANCELLED not in PAYOUT_MOVES[PayoutState.SENT]
