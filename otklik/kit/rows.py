"""Rows by their ids or another column, for doors that are walked through all day.

The ORM writes a statement anew for each call, and for a wide table that takes ten times as long as the
database needs to answer it. Here it is written once for each model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def rows_by_id(model: type[M], ids: Iterable[int]) -> dict[int, M]:
    """As ``in_bulk``: whole rows, those there are. At most as many as a statement takes parameters."""
    return {row.pk: row for row in rows_where(model, str(model._meta.pk.column), sorted(set(ids)))}


def rows_where(model: type[M], column: str, values: Sequence[Any]) -> list[M]:
    """Whole rows whose column has one of these values, in no order. The values are what the database keeps:
    numbers and texts."""
    if not values:
        return []
    select, names, converted = _statement(model, connection.vendor)
    where = f"WHERE {connection.ops.quote_name(column)} IN ({', '.join(['%s'] * len(values))})"
    with connection.cursor() as cursor:
        cursor.execute(f"{select} {where}", values)
        found = cursor.fetchall()
    changes = [(place, expression, _changes(expression)) for place, expression in converted]
    rows = []
    for stored in map(list, found):
        for place, expression, change in changes:
            for one in change:
                stored[place] = one(stored[place], expression, connection)
        rows.append(model.from_db(connection.alias, names, stored))
    return rows


def values_by_id(model: type[models.Model], column: str, ids: Iterable[int]) -> dict[int, Any]:
    """One column, of those there are: a number or a text."""
    wanted, quote = sorted(set(ids)), connection.ops.quote_name
    if not wanted:
        return {}
    key = quote(str(model._meta.pk.column))
    select = f"SELECT {key}, {quote(column)} FROM {quote(model._meta.db_table)}"  # noqa: S608 - names only
    with connection.cursor() as cursor:
        cursor.execute(f"{select} WHERE {key} IN ({', '.join(['%s'] * len(wanted))})", wanted)
        return dict(cursor.fetchall())


@lru_cache(maxsize=64)
def _statement(model: type[models.Model], vendor: str) -> tuple[str, list[str], list[tuple[int, Any]]]:
    """The statement up to its condition, the attributes in the order of its columns, and the columns whose
    values are stored as something else. ``vendor`` decides about those."""
    quote, meta = connection.ops.quote_name, model._meta
    fields = [field.get_col(meta.db_table) for field in meta.concrete_fields]
    columns = ", ".join(quote(str(field.column)) for field in meta.concrete_fields)
    select = f"SELECT {columns} FROM {quote(meta.db_table)}"  # noqa: S608 - names only
    converted = [(place, column) for place, column in enumerate(fields) if _changes(column)]
    return select, [field.attname for field in meta.concrete_fields], converted


def _changes(column: Any) -> list[Callable[..., Any]]:
    """What a stored value goes through before it is the attribute's, as in the ORM."""
    found: list[Callable[..., Any]] = connection.ops.get_db_converters(column)
    return found + list(column.get_db_converters(connection))
