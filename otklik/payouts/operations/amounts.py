"""What amount an operation takes, and how an event tells it."""

from __future__ import annotations

from decimal import Decimal

from otklik.kit.money import LARGEST, UnknownCurrency, digits_of, payable
from otklik.payouts.models.fields import SCALE
from otklik.payouts.rules.vocabulary import LineProblem


class WrongAmount(Exception):
    """``problem``: ZERO, WRONG_SIGN, TOO_MANY_DIGITS, TOO_LARGE, NOT_A_NUMBER or UNKNOWN_CURRENCY."""

    def __init__(self, problem: LineProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def refuse_wrong(amount: Decimal, currency: str, *, signed: bool = False) -> None:
    """For what a bank could transfer. ``signed``: it may be below zero. Raises WrongAmount."""
    problem = amount_problem(amount, currency)
    if problem is None and amount == 0:
        problem = LineProblem.ZERO
    elif problem is None and amount < 0 and not signed:
        problem = LineProblem.WRONG_SIGN
    elif problem is None and payable(amount, currency) != amount:
        problem = LineProblem.TOO_MANY_DIGITS
    if problem is not None:
        raise WrongAmount(problem)


def amount_problem(amount: Decimal, currency: str) -> LineProblem | None:
    """What the ledger cannot hold. Its lines may be finer than a coin: commissions of a tenth of a cent add
    up."""
    try:
        digits_of(currency)
    except UnknownCurrency:
        return LineProblem.UNKNOWN_CURRENCY
    if not amount.is_finite():
        return LineProblem.NOT_A_NUMBER
    if abs(amount) >= LARGEST:
        return LineProblem.TOO_LARGE
    shifted = amount.scaleb(SCALE)
    return None if shifted == shifted.to_integral_value() else LineProblem.TOO_MANY_DIGITS


def told(amount: Decimal, currency: str) -> str:
    """The same amount is always the same text: with the digits of its currency, or all where it is finer."""
    digits = digits_of(currency) if payable(amount, currency) == amount else SCALE
    return f"{amount:.{digits}f}"
