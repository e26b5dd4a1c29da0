"""What a partner has, and what of it is free."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from otklik.payouts.rules.vocabulary import SIGNS, EntryKind, LineProblem, Sign

ZERO = Decimal(0)
LARGEST_SUM = Decimal(9 * 10**14)
"""No balance, file or batch comes to more: the column takes a little more, and whoever adds up has to stop
before it is full."""


def entry_problem(kind: EntryKind, amount: Decimal) -> LineProblem | None:
    """Zero, or a sign the kind does not take: a commission below zero is a chargeback and has to say so."""
    if amount == 0:
        return LineProblem.ZERO
    sign = SIGNS[kind]
    if (sign is Sign.PLUS and amount < 0) or (sign is Sign.MINUS and amount > 0):
        return LineProblem.WRONG_SIGN
    return None


def balance_of(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of the ledger's lines; below zero when chargebacks came after the money had left."""
    return sum(amounts, ZERO)


def available(total: Decimal, held: Decimal, planned: Decimal = ZERO) -> Decimal:
    """``max(0, total - held - planned)``.

    ``held``: sum of the open holds. ``planned``: sum of the payouts that are planned or approved and not sent
    (``RESERVED``); sent ones have left the total.
    """
    return max(ZERO, total - held - planned)


def owed(total: Decimal) -> Decimal:
    """What the partner owes the program: ``max(0, -total)``. Later earnings pay it off."""
    return max(ZERO, -total)


def is_covered(total: Decimal, held: Decimal, planned: Decimal) -> bool:
    """Whether all that is planned can still be sent: a chargeback or a hold may have come after the batch was
    calculated. To be asked again at every approval and before sending."""
    return planned <= 0 or total - held >= planned
