"""A hold freezes its own amount, and never more than there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from otklik.payouts.rules.vocabulary import HoldState

ZERO = Decimal(0)
LONGEST_DAYS = 180
"""No check takes longer than this without somebody deciding anew: a hold for ever is a refusal to pay."""


class HoldProblem(StrEnum):
    NOT_POSITIVE = "not_positive"
    MORE_THAN_THERE_IS = "more_than_there_is"
    """More than the balance less what is held already: the rest would freeze what is not earned yet."""
    DECIDED_IN_THE_PAST = "decided_in_the_past"
    TOO_LONG = "too_long"
    NOTHING_SAID = "nothing_said"
    """The partner has a right to read what is being checked."""


@dataclass(frozen=True, slots=True)
class HeldPart:
    key: int
    amount: Decimal
    decide_by: date
    state: HoldState = HoldState.OPEN
    version: int = 0
    """One more with every change of the amount, the day or what is being checked."""


class Frozen(NamedTuple):
    key: int
    amount: Decimal
    """What it freezes now: less than its own amount where the balance is short."""


def frozen_part(balance: Decimal, holds: Iterable[HeldPart]) -> Decimal:
    """``min(max(0, balance), sum of the open holds)``."""
    return min(max(ZERO, balance), open_sum(holds))


def open_sum(holds: Iterable[HeldPart]) -> Decimal:
    return sum((hold.amount for hold in holds if hold.state is HoldState.OPEN), ZERO)


def frozen_by_hold(balance: Decimal, holds: Sequence[HeldPart]) -> list[Frozen]:
    """What each open hold freezes, the one decided first served first; the sum is ``frozen_part``."""
    left = max(ZERO, balance)
    result = []
    for hold in sorted(holds, key=lambda hold: (hold.decide_by, hold.key)):
        if hold.state is HoldState.OPEN:
            part = min(left, hold.amount)
            left -= part
            result.append(Frozen(hold.key, part))
    return result


def hold_problem(
    amount: Decimal,
    checking: str,
    decide_by: date,
    *,
    balance: Decimal,
    held: Decimal,
    on: date,
    before: Decimal = ZERO,
) -> HoldProblem | None:
    """``held``: sum of the other open holds. ``before``: the amount of the hold that is to be changed; what a
    chargeback left uncovered may still be made smaller, or be decided later."""
    if amount <= 0:
        return HoldProblem.NOT_POSITIVE
    if amount > max(before, balance - held):
        return HoldProblem.MORE_THAN_THERE_IS
    if decide_by < on:
        return HoldProblem.DECIDED_IN_THE_PAST
    if decide_by > on + timedelta(days=LONGEST_DAYS):
        return HoldProblem.TOO_LONG
    if not checking.strip():
        return HoldProblem.NOTHING_SAID
    return None


def late_holds(holds: Iterable[HeldPart], on: date) -> list[HeldPart]:
    """Open, and the day of the decision is over; the longest late first."""
    late = [hold for hold in holds if hold.state is HoldState.OPEN and hold.decide_by < on]
    return sorted(late, key=lambda hold: (hold.decide_by, hold.key))
