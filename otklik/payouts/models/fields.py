"""Money in a column."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models

SCALE = 4
LARGEST = Decimal(2**63 - 1).scaleb(-SCALE)

# For the types of its values; nothing else of a decimal column is wanted.
if TYPE_CHECKING:
    _DecimalColumn = models.DecimalField
else:
    _DecimalColumn = models.Field


class AmountDoesNotFit(ValueError):
    """No number, finer than a ten-thousandth, or larger than the column holds."""


class MoneyField(_DecimalColumn):  # type: ignore[type-arg]
    """A ``Decimal`` in code, whole ten-thousandths in the table.

    SQLite keeps a decimal column as a binary fraction of fifteen digits and adds such up with an error;
    whole numbers are exact on both databases, sums of millions of lines as well.
    """

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def get_prep_value(self, value: Any) -> int | None:
        return None if value is None else units(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        return None if value is None else amount_of(value)

    def to_python(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(value)


def units(amount: Decimal | int) -> int:
    """As ``kit.bulk`` wants it. Raises AmountDoesNotFit."""
    exact = Decimal(amount)
    if not exact.is_finite() or abs(exact) > LARGEST:
        raise AmountDoesNotFit(str(amount))
    scaled = exact.scaleb(SCALE)
    if scaled != scaled.to_integral_value():
        raise AmountDoesNotFit(str(amount))
    return int(scaled)


def amount_of(stored: Any) -> Decimal:
    # A sum comes from PostgreSQL as a numeric.
    return Decimal(int(stored)).scaleb(-SCALE)
