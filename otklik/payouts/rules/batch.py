"""Who is paid how much in a batch, why the rest stays, and who may approve it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from otklik.kit.money import payable
from otklik.payouts.rules.vocabulary import ApprovalRefusal, BatchState, HandKind, LeftOutReason

ZERO = Decimal(0)
APPROVALS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """What is known of one partner in the batch's currency."""

    partner: int
    total: Decimal
    """Balance of what was earned up to the batch's last day; chargebacks of later days included, so that
    nobody is paid what is known to be lost."""
    held: Decimal = ZERO
    """Sum of the open holds. They freeze what would be paid now before what is paid later: it is not known
    which earnings they mean."""
    planned: Decimal = ZERO
    """In other batches, not sent yet."""
    requested: Decimal | None = None
    """The partner asked for no more than this; None: for all, or for nothing in particular."""
    has_details: bool = True
    """It is known where to send the money."""
    minimum: Decimal | None = None
    """By the partner's own terms; None: the batch's."""


class Rest(NamedTuple):
    """A part that stays on the balance."""

    reason: LeftOutReason
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Planned:
    """``amount`` plus all of ``rests`` is the line's total, exactly."""

    partner: int
    amount: Decimal
    rests: tuple[Rest, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """``reason`` is the one to tell first; ``rests`` add up to the line's total (or are empty: nothing)."""

    partner: int
    reason: LeftOutReason
    rests: tuple[Rest, ...] = ()


class Plan(NamedTuple):
    planned: tuple[Planned, ...]
    left_out: tuple[LeftOut, ...]
    total: Decimal


def plan_batch(lines: Iterable[Line], *, currency: str, minimum: Decimal) -> Plan:
    """Every line is in one of the two lists, in the order given."""
    planned: list[Planned] = []
    left_out: list[LeftOut] = []
    for line in lines:
        outcome = plan_line(line, currency=currency, minimum=minimum)
        if isinstance(outcome, Planned):
            planned.append(outcome)
        else:
            left_out.append(outcome)
    return Plan(tuple(planned), tuple(left_out), sum((one.amount for one in planned), ZERO))


def plan_line(line: Line, *, currency: str, minimum: Decimal) -> Planned | LeftOut:
    """What other batches have planned is taken off first, then the holds, then what was not asked for, then
    what is finer than the smallest coin. What is left is paid if it reaches the minimum."""
    if line.total < 0:
        return LeftOut(line.partner, LeftOutReason.OWES, (Rest(LeftOutReason.OWES, line.total),))
    if line.total == 0:
        return LeftOut(line.partner, LeftOutReason.NOTHING)
    amount, rests = _set_aside(line, currency)
    if amount == 0:
        return LeftOut(line.partner, _first_of(rests), rests)
    least = minimum if line.minimum is None else line.minimum
    if amount < least:
        reason = LeftOutReason.BELOW_MINIMUM
    elif not line.has_details:
        reason = LeftOutReason.DETAILS_MISSING
    else:
        return Planned(line.partner, amount, rests)
    return LeftOut(line.partner, reason, (*rests, Rest(reason, amount)))


def _set_aside(line: Line, currency: str) -> tuple[Decimal, tuple[Rest, ...]]:
    left = line.total
    rests = []
    for reason, wanted in (
        (LeftOutReason.PLANNED_ALREADY, line.planned),
        (LeftOutReason.HELD, line.held),
    ):
        part = min(left, wanted)
        left -= part
        rests.append(Rest(reason, part))
    if line.requested is not None:
        rests.append(Rest(LeftOutReason.REQUESTED_LESS, max(ZERO, left - line.requested)))
        left = min(left, line.requested)
    amount = payable(left, currency)
    rests.append(Rest(LeftOutReason.TOO_FINE, left - amount))
    return amount, tuple(rest for rest in rests if rest.amount)


def _first_of(rests: Sequence[Rest]) -> LeftOutReason:
    """A hold is what the partner has to hear of, however small it is beside the others."""
    reasons = [rest.reason for rest in rests]
    return (
        LeftOutReason.HELD
        if LeftOutReason.HELD in reasons
        else max(rests, key=lambda rest: rest.amount).reason
    )


def may_approve(
    user: int,
    *,
    state: BatchState,
    calculated_by: int | None,
    approvers: Collection[int],
    hands: Mapping[int, HandKind],
) -> ApprovalRefusal | None:
    """None: the person may. ``hands``: who brought in or changed lines that the batch pays out.
    ``calculated_by`` is None where a timer did it."""
    if state is not BatchState.CALCULATED or len(set(approvers)) >= APPROVALS:
        return ApprovalRefusal.NOT_OPEN
    if user == calculated_by:
        return ApprovalRefusal.CALCULATED_IT
    if user in hands:
        return _OF_HANDS[hands[user]]
    if user in approvers:
        return ApprovalRefusal.APPROVED_ALREADY
    return None


def free_to_approve(
    people: Collection[int],
    *,
    calculated_by: int | None,
    approvers: Collection[int],
    hands: Collection[int],
) -> set[int]:
    """Of those with the right: who could still do it. Nobody: a small house has to appoint somebody, or have
    somebody else calculate the batch."""
    return set(people) - {calculated_by} - set(hands) - set(approvers)


def approvals_missing(approvers: Collection[int], free: Collection[int]) -> int:
    """Two are wanted. Where the house has only one who may, that one is enough: with who calculated or
    brought in, two have looked at it. It is never none."""
    given = len(set(approvers))
    wanted = min(APPROVALS, max(1, given + len(set(free) - set(approvers))))
    return max(0, wanted - given)


_OF_HANDS = {
    HandKind.AGREED: ApprovalRefusal.ADJUSTED_IT,
    HandKind.BROUGHT_IN: ApprovalRefusal.BROUGHT_IT_IN,
    HandKind.CHANGED: ApprovalRefusal.ADJUSTED_IT,
}
