"""What a cell of a money file says: a value, or the named problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from otklik.kit.money import CURRENCIES, AmountProblem, BadAmount, read_amount
from otklik.kit.tabular import Cell, DateOrder, NoDate, Order, decimal_mark, is_missing, read_date, restored
from otklik.payouts.rules.vocabulary import LineProblem

_AMOUNT_PROBLEMS = {
    AmountProblem.NOT_A_NUMBER: LineProblem.NOT_A_NUMBER,
    AmountProblem.AMBIGUOUS: LineProblem.AMBIGUOUS_AMOUNT,
    AmountProblem.TOO_MANY_DIGITS: LineProblem.TOO_MANY_DIGITS,
    AmountProblem.TOO_LARGE: LineProblem.TOO_LARGE,
    AmountProblem.NEGATIVE: LineProblem.WRONG_SIGN,
}
_Word = TypeVar("_Word", bound=StrEnum)


class BadCell(Exception):
    def __init__(self, problem: LineProblem) -> None:
        self.problem = problem
        super().__init__(problem.value)


@dataclass(frozen=True, slots=True)
class ColumnHints:
    """What whole columns tell about their values."""

    mark: str | None
    """The decimal mark; None where no amount tells, or some speak for the point and others for the comma."""
    order: Order
    is_order_known: bool


def hints_of(amounts: Iterable[Cell], days: Iterable[Cell]) -> ColumnHints:
    # Not the majority: one line of another origin among a thousand would be read a thousand times too large.
    marks = {decimal_mark([cell]) for cell in amounts} - {None}
    order = DateOrder()
    for cell in days:
        order.see(cell)
    is_known = not order.is_ambiguous and not (order.day_first and order.month_first)
    return ColumnHints(marks.pop() if len(marks) == 1 else None, order.order, is_known)


def text_of(cell: Cell) -> str:
    """As a person would read it, on one line; "" where it is blank."""
    if is_missing(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(restored(str(cell).strip()).split())


def read_text(cell: Cell, longest: int) -> str:
    text = text_of(cell)
    if len(text) > longest:
        raise BadCell(LineProblem.TOO_LONG)
    return text


def read_word(cell: Cell, words: Sequence[_Word], unknown: LineProblem) -> _Word:
    said = text_of(cell).casefold().replace(" ", "_")
    for word in words:
        if word.value == said:
            return word
    raise BadCell(unknown)


def read_currency(cell: Cell) -> str:
    code = text_of(cell).upper()
    if code not in CURRENCIES:
        raise BadCell(LineProblem.UNKNOWN_CURRENCY)
    return code


def read_money(cell: Cell, currency: str, hints: ColumnHints, *, finest: int) -> Decimal:
    """With its sign, and ``finest`` digits at most where the currency has not more."""
    if isinstance(cell, dt.date | dt.time | dt.timedelta | None):
        raise BadCell(LineProblem.NOT_A_NUMBER)
    try:
        value = restored(cell.strip()) if isinstance(cell, str) else cell
        return read_amount(value, currency, signed=True, mark=hints.mark, finest=finest)
    except BadAmount as error:
        raise BadCell(_AMOUNT_PROBLEMS[error.problem]) from None


def read_day(cell: Cell, hints: ColumnHints, zone: dt.tzinfo) -> dt.date:
    """The day in ``zone`` where a time with a zone is given; else the day as it is written."""
    found = read_when(cell, hints)
    return found.astimezone(zone).date() if isinstance(found, dt.datetime) else found


def read_when(cell: Cell, hints: ColumnHints) -> dt.date:
    """A moment where a time with a zone is given; else the day as it is written."""
    found = read_date(cell, hints.order)
    if isinstance(found, NoDate):
        raise BadCell(LineProblem.BAD_DATE)
    alone = DateOrder()
    alone.see(cell)
    if alone.either and not hints.is_order_known:
        raise BadCell(LineProblem.AMBIGUOUS_DATE)
    return found.date() if isinstance(found, dt.datetime) and found.tzinfo is None else found
