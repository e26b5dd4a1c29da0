"""What an engine answered, in the types of the expression: the same whatever engine it was.

Engines differ in what a sum, a count or a truncated date comes back as (128 bits, unsigned, a timestamp).
Each gives an Arrow table, and its columns are cast to what ibis says of the expression.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis
    import ibis.expr.datatypes as dt
    import numpy as np
    import pyarrow as pa


class UnknownAnswerType(TypeError):
    """An expression gives values that facts do not consist of."""


def rows_from(answer: pa.Table, expression: ibis.Expr) -> list[tuple[Any, ...]]:
    """Whole numbers as int, others as float (NaN stays NaN), words as str, bool, date, datetime in UTC and
    lists; None for an empty cell."""
    columns = [_values(column) for column in _cast(answer, expression).columns]
    return list(zip(*columns, strict=True))


def columns_from(answer: pa.Table, expression: ibis.Expr) -> dict[str, np.ndarray[Any, Any]]:
    """By name: int64, float64, bool, datetime64[D], datetime64[us] (UTC), and objects for words and lists.

    A column with empty cells is a masked array; under the mask lie 0, NaN, False, NaT and "", so that
    ``numpy.ma.filled(column, numpy.nan)`` works for a REAL column with and without empty cells.
    """
    table = _cast(answer, expression)
    return {name: _array(column) for name, column in zip(table.column_names, table.columns, strict=True)}


def _cast(answer: pa.Table, expression: ibis.Expr) -> pa.Table:
    import pyarrow as pa

    schema = expression.as_table().schema()
    wanted = pa.schema([pa.field(name, _type(kind)) for name, kind in schema.items()])
    # A date that came as a timestamp loses no time of day by the cast: the engine truncated it.
    return answer.rename_columns(wanted.names).cast(wanted, safe=False)


def _type(kind: dt.DataType) -> pa.DataType:
    import pyarrow as pa

    if kind.is_timestamp():
        # A truncated moment has no zone to ibis, and is UTC like the one it was made from.
        return pa.timestamp("us", tz="UTC")
    if kind.is_array():
        return pa.list_(_type(kind.value_type))
    plain = (
        (kind.is_integer(), pa.int64()),
        (kind.is_floating() or kind.is_decimal(), pa.float64()),
        (kind.is_boolean(), pa.bool_()),
        (kind.is_string(), pa.string()),
        (kind.is_date(), pa.date32()),
    )
    for fits, found in plain:
        if fits:
            return found
    raise UnknownAnswerType(str(kind))


def _values(column: pa.ChunkedArray) -> list[Any]:
    import pyarrow.types as types

    if not types.is_timestamp(column.type):
        found: list[Any] = column.to_pylist()
        return found
    # Arrow takes a zone of whatever library it finds on the machine.
    naive = column.cast("timestamp[us]").to_pylist()
    return [moment and moment.replace(tzinfo=UTC) for moment in naive]


def _array(column: pa.ChunkedArray) -> np.ndarray[Any, Any]:
    import numpy as np

    whole = column.combine_chunks()
    if not whole.null_count:
        return _plain(whole)
    mask = whole.is_null().to_numpy(zero_copy_only=False)
    return np.ma.MaskedArray(_plain(_filled(whole)), mask=mask)


def _filled(column: pa.Array) -> pa.Array:
    import pyarrow.types as types

    if types.is_floating(column.type):
        return column.fill_null(float("nan"))
    if types.is_integer(column.type):
        return column.fill_null(0)
    if types.is_boolean(column.type):
        return column.fill_null(False)
    return column.fill_null("") if types.is_string(column.type) else column


def _plain(column: pa.Array) -> np.ndarray[Any, Any]:
    import pyarrow.types as types

    if types.is_timestamp(column.type):
        column = column.cast("timestamp[us]")
    found: np.ndarray[Any, Any] = column.to_numpy(zero_copy_only=False)
    return found
