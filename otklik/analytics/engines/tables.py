"""The facts of a source as a table that ibis knows the types of, whatever engine holds its rows."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from otklik.analytics.store.sources import ColumnType, fact_sources

if TYPE_CHECKING:
    import ibis

_TYPES = {
    ColumnType.BIG: "int64",
    # Stored in one byte; engines count with it as with any other whole number.
    ColumnType.SMALL: "int64",
    ColumnType.REAL: "float64",
    ColumnType.WORD: "string",
    ColumnType.DAY: "date",
    ColumnType.INSTANT: "timestamp('UTC', 6)",
}


class UnknownSource(LookupError):
    """No app writes facts of this name."""


def facts(source: str) -> ibis.Table:
    """An unbound table named after the source, with its columns. Raises UnknownSource."""
    found = fact_sources.get(source)
    if found is None:
        raise UnknownSource(source)
    return _table(source, found.columns)


@cache
def _table(source: str, columns: tuple[tuple[str, ColumnType], ...]) -> ibis.Table:
    import ibis

    return ibis.table({name: _TYPES[kind] for name, kind in columns}, name=source)


def sources_in(expression: ibis.Expr) -> list[str]:
    """Names of the sources that an expression reads, in order."""
    import ibis.expr.operations as ops

    return sorted({table.name for table in expression.op().find(ops.UnboundTable)})
