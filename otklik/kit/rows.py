"""Rows by their ids, for doors that are walked through all day.

The ORM writes a statement anew for each call, and for a wide table that takes ten times as long as the
database needs to answer it. Here it is written once for each model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)


def rows_by_id(model: type[M], ids: Iterable[int]) -> dict[int, M]:
    """As ``in_bulk``: whole rows, those there are. At most as many as a statement takes parameters."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    select, names, converted = _statement(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(f"{select} ({', '.join(['%s'] * len(wanted))})", wanted)
        found = cursor.fetchall()
    changes = [(place, column, _changes(column)) for place, column in converted]
    rows: dict[int, M] = {}
    for values in map(list, found):
        for place, column, change in changes:
            for one in change:
                values[place] = one(values[place], column, connection)
        row = model.from_db(connection.alias, names, values)
        rows[row.pk] = row
    return rows


@lru_cache(maxsize=64)
def _statement(model: type[models.Model], vendor: str) -> tuple[str, list[str], list[tuple[int, Any]]]:
    """The statement up to its ids, the attributes in the order of its columns, and the columns whose values
    are stored as something else. ``vendor`` decides about those."""
    quote, meta = connection.ops.quote_name, model._meta
    fields = [field.get_col(meta.db_table) for field in meta.concrete_fields]
    columns = ", ".join(quote(str(field.column)) for field in meta.concrete_fields)
    key = quote(str(meta.pk.column))
    select = f"SELECT {columns} FROM {quote(meta.db_table)} WHERE {key} IN"  # noqa: S608 - names only
    converted = [(place, column) for place, column in enumerate(fields) if _changes(column)]
    return select, [field.attname for field in meta.concrete_fields], converted


def _changes(column: Any) -> list[Callable[..., Any]]:
    """What a stored value goes through before it is the attribute's, as in the ORM."""
    found: list[Callable[..., Any]] = connection.ops.get_db_converters(column)
    return found + list(column.get_db_converters(connection))
