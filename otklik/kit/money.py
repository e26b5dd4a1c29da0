"""Amounts of money: exact, in one currency, as people type them and as they read them.

Digits after the point are those of ISO 4217. The tables of CLDR are no help there: they say what is shown in
shops, and would cut the paras off a Serbian bank transfer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.numbers import NumberPattern

ZERO = Decimal(0)
LARGEST = Decimal(10) ** 12
"""No amount reaches it. The column takes 14 digits before the point, and sums have to fit as well."""

_LONGEST = 40
_TWO_DIGITS = 2
_OTHER_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF BYR ITL ESP",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS = {code: digits for digits, codes in _OTHER_DIGITS.items() for code in codes.split()}
_KNOWN: frozenset[str] = frozenset(get_global("all_currencies"))

CURRENCIES: frozenset[str] = frozenset(
    code
    for uses in get_global("territory_currencies").values()
    for code, _since, until, is_tender in uses
    if until is None and is_tender
)
"""What somebody pays with today. A ledger may hold older ones: `digits_of` knows them too."""

_MINUS = "\u2212"
_GAPS = "\u0020\u00a0\u2009\u202f"
_QUOTES = "'\u2019"
_WHOLE = r"[0-9]+"
_GROUPED = rf"[0-9]{{1,3}}(?:(?P<group>[{_GAPS}{_QUOTES}.,])[0-9]{{3}})(?:(?P=group)[0-9]{{3}})*"
_AMOUNT = re.compile(rf"(?P<whole>{_GROUPED}|{_WHOLE}|)(?:(?P<mark>[.,])(?P<part>[0-9]+))?\Z")
_SIGN = re.compile(
    rf"(?P<open>\()?(?P<before>[-+{_MINUS}\u2013])?(?P<bare>.*?)(?P<after>[-{_MINUS}])?(?P<close>\))?\Z", re.S
)

# CLDR wants a gap between a code and a digit (KWD 1.500), and Babel leaves it out.
_UNSPACED = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")


class UnknownCurrency(Exception):
    """No code of ISO 4217, not even of former times."""


class CurrencyMismatch(Exception):
    """Amounts of two currencies have no sum and no order."""


class NotExact(Exception):
    """Money is a finite `Decimal`; a float has lost its cents before it arrives."""


class AmountProblem(StrEnum):
    NOT_A_NUMBER = "not_a_number"
    AMBIGUOUS = "ambiguous"
    """"1,234": a thousand and some, or one and some."""
    TOO_MANY_DIGITS = "too_many_digits"
    """More than the currency has: half a cent, a tenth of a yen."""
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"


class BadAmount(Exception):
    def __init__(self, problem: AmountProblem) -> None:
        self.problem = problem
        super().__init__(problem.value)


@dataclass(frozen=True, slots=True)
class Money:
    """Raises `NotExact` and `UnknownCurrency`; sums and comparisons raise `CurrencyMismatch`."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise NotExact(repr(self.amount))
        digits_of(self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._like(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._like(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._like(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._like(other)

    def _like(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.amount


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Zero of the currency where there are none."""
    result = Money(ZERO, currency)
    for amount in amounts:
        result += amount
    return result


def digits_of(currency: str) -> int:
    """After the point, by ISO 4217: JPY 0, EUR 2, KWD 3. Raises `UnknownCurrency`."""
    if currency not in _KNOWN:
        raise UnknownCurrency(currency)
    return _DIGITS.get(currency, _TWO_DIGITS)


def smallest_unit(currency: str) -> Decimal:
    """A cent, a yen, a fils."""
    return Decimal(1).scaleb(-digits_of(currency))


def payable(amount: Decimal, currency: str) -> Decimal:
    """The part a bank can transfer: what is finer than the smallest unit is left, towards zero."""
    return amount.quantize(smallest_unit(currency), rounding=ROUND_DOWN)


def read_amount(
    text: str | float | Decimal,
    currency: str,
    *,
    signed: bool = False,
    mark: str | None = None,
    finest: int = 0,
) -> Decimal:
    """The amount, with the digits of its currency, or `finest` where that is more. Raises `BadAmount`,
    `UnknownCurrency`.

    Understood: 1234.5, 1 234,56, 1,234.56, 1.234,56, 1'234.56 and, where `signed`, a minus of any kind before
    the number, one after it, and (1,234.56), as accountants write. Digits beyond the currency's are allowed
    when they are zeros: 12.5000 EUR.

    One mark followed by three digits ("1,234") is refused as ambiguous, for a wrong guess is a thousand times
    too much; not so where no digits are allowed, and where `mark` ("." or ",") says which of the two is
    the decimal mark of the column. A number cell of a spreadsheet is read with the 15 digits it can hold.
    """
    digits = max(digits_of(currency), finest)
    value = _read_text(text.strip(), digits, mark) if isinstance(text, str) else _read_cell(text)
    if value < 0 and not signed:
        raise BadAmount(AmountProblem.NEGATIVE)
    if abs(value) >= LARGEST:
        raise BadAmount(AmountProblem.TOO_LARGE)
    result = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_DOWN)
    if result != value:
        raise BadAmount(AmountProblem.TOO_MANY_DIGITS)
    return result + 0  # no "-0"


def _read_cell(cell: float | Decimal) -> Decimal:
    if isinstance(cell, bool):
        raise BadAmount(AmountProblem.NOT_A_NUMBER)
    value = Decimal(format(cell, ".15g")) if isinstance(cell, float) else Decimal(cell)
    if not value.is_finite():
        raise BadAmount(AmountProblem.NOT_A_NUMBER)
    return value


def _read_text(text: str, digits: int, mark: str | None) -> Decimal:
    sign = _SIGN.match(text)
    if len(text) > _LONGEST or not sign:
        raise BadAmount(AmountProblem.NOT_A_NUMBER)
    signs = [bool(sign["open"] or sign["close"]), bool(sign["before"]), bool(sign["after"])]
    if bool(sign["open"]) is not bool(sign["close"]) or sum(signs) > 1:
        raise BadAmount(AmountProblem.NOT_A_NUMBER)
    value = _read_bare(sign["bare"].strip(_GAPS), digits, mark)
    return -value if any(signs) and sign["before"] != "+" else value


def _read_bare(text: str, digits: int, mark: str | None) -> Decimal:
    found = _AMOUNT.match(text)
    if not found or not text:
        raise BadAmount(AmountProblem.NOT_A_NUMBER)
    group, decimal = found["group"], found["mark"]
    if group in {".", ","} and decimal == group:
        raise BadAmount(AmountProblem.NOT_A_NUMBER)  # 1.234.56
    whole, part = found["whole"], found["part"] or ""
    if group in {".", ","} and decimal is None and whole.count(group) == 1:
        whole, _, after = whole.partition(group)
        if _is_decimal_mark(group, whole, digits, mark):
            part = after
        else:
            whole += after
    return Decimal("".join(c for c in whole if c.isdigit()) + f".{part or 0}")


def _is_decimal_mark(group: str, before: str, digits: int, mark: str | None) -> bool:
    """Of one mark with three digits after it and one to three before."""
    if before.startswith("0"):
        return True  # no thousand begins with a nought: 0,500
    if mark is not None:
        return group == mark
    if digits == 0:
        return False
    raise BadAmount(AmountProblem.AMBIGUOUS)


def shown(amount: Decimal, currency: str, language: str) -> str:
    """As the language writes it: €1,234.56 or 1 234,56 €, with a true minus.

    As many digits as the currency has, and more where the amount is finer: lines have to add up to their sum.
    """
    text: str = _pattern(language, digits_of(currency)).apply(
        amount + 0,
        Locale.parse(language, sep="-"),
        currency=currency,
        currency_digits=False,
        decimal_quantization=False,
    )
    return _UNSPACED.sub("\u00a0", text).replace("-", _MINUS)


@lru_cache(maxsize=256)
def _pattern(language: str, digits: int) -> NumberPattern:
    pattern: NumberPattern = copy(Locale.parse(language, sep="-").currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    return pattern
