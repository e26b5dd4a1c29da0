"""Rows by the thousand, past the model layer.

``bulk_create`` makes an object of each row and asks its fields about each value, which takes several times
what the database needs to store them. Whoever writes one table in every chunk of an import comes here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models

Rows = Sequence[tuple[Any, ...]]
# SQLite takes at most 32,766 parameters in a statement: enough for rows of 32 values.
ROWS_PER_STATEMENT = 1000


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Rows) -> None:
    """Moments are aware, JSON is given as the value itself. Nothing is filled in: of the model's columns only
    the id and those with NULL for a default may be left out."""
    if _goes_in_arrays(model, tuple(columns), connection.vendor):
        _execute_in_arrays(model, columns, rows)
    else:
        _execute(_insert_into(model, columns), _adapted(model, columns, rows))


def insert_for_ids(model: type[models.Model], columns: Sequence[str], rows: Rows) -> list[int]:
    """As ``insert_rows``; the new ids, in the order of ``rows``."""
    into, key = _insert_into(model, columns), connection.ops.quote_name(str(model._meta.pk.column))
    ids: list[int] = []
    if _goes_in_arrays(model, tuple(columns), connection.vendor):
        return sorted(row[0] for row in _execute_in_arrays(model, columns, rows, f"RETURNING {key}"))
    with connection.cursor() as cursor:
        for part in _parts(_adapted(model, columns, rows)):
            marks = _marks(len(columns), len(part))
            cursor.execute(f"{into} {marks} RETURNING {key}", [value for row in part for value in row])
            # Ids are given in the order of the rows, but come back in an order that nobody promises.
            ids += sorted(found[0] for found in cursor.fetchall())
    return ids


def insert_missing(
    model: type[models.Model], columns: Sequence[str], rows: Rows, *, told: str = ""
) -> set[Any]:
    """Rows whose key stands there already are left out; of those that were inserted the column ``told``, or
    the first one."""
    into, first = _insert_into(model, columns), connection.ops.quote_name(told or columns[0])
    found: set[Any] = set()
    with connection.cursor() as cursor:
        for part in _parts(_adapted(model, columns, rows)):
            marks = _marks(len(columns), len(part))
            sql = f"{into} {marks} ON CONFLICT DO NOTHING RETURNING {first}"
            cursor.execute(sql, [value for row in part for value in row])
            found |= {row[0] for row in cursor.fetchall()}
    return found


def put_for_ids(
    model: type[models.Model], key: Sequence[str], columns: Sequence[str], rows: Rows
) -> list[int]:
    """Rows of the key's columns and the others: where a row of this key is there already it gets the new
    values. Ids of all, in the order of ``rows``; no key may stand there twice."""
    name = connection.ops.quote_name
    sets = ", ".join(f"{name(column)} = excluded.{name(column)}" for column in columns)
    after = f"ON CONFLICT ({', '.join(map(name, key))}) DO UPDATE SET {sets}"
    told = ", ".join(map(name, (str(model._meta.pk.column), *key)))
    into, width = _insert_into(model, (*key, *columns)), len(key) + len(columns)
    ids: dict[tuple[Any, ...], int] = {}
    with connection.cursor() as cursor:
        for part in _parts(_adapted(model, (*key, *columns), rows)):
            sql = f"{into} {_marks(width, len(part))} {after} RETURNING {told}"
            cursor.execute(sql, [value for row in part for value in row])
            ids |= {tuple(found): pk for pk, *found in cursor.fetchall()}
    return [ids[row[: len(key)]] for row in rows]


def delete_rows(model: type[models.Model], ids: Sequence[int]) -> None:
    """Nothing is looked up first: for tables that nothing refers to."""
    name = connection.ops.quote_name
    where = f"DELETE FROM {name(model._meta.db_table)} WHERE {name(str(model._meta.pk.column))} IN"  # noqa: S608 - names only
    with connection.cursor() as cursor:
        for start in range(0, len(ids), ROWS_PER_STATEMENT):
            part = ids[start : start + ROWS_PER_STATEMENT]
            cursor.execute(f"{where} {_marks(len(part), 1)}", part)


def add_to_rows(model: type[models.Model], key: Sequence[str], amounts: Sequence[str], rows: Rows) -> None:
    """Rows of the key's columns and the amounts: each amount is added to what the row of this key holds;
    the row is made where there is none. Sorted: two writers that lock rows in one order cannot deadlock."""
    table = connection.ops.quote_name(model._meta.db_table)
    add = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in amounts)
    columns, after = (*key, *amounts), f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {add}"
    if connection.vendor == "postgresql":
        _execute_in_arrays(model, columns, sorted(rows), after)
    else:
        _execute(_insert_into(model, columns), sorted(rows), after)


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Rows) -> None:
    """Rows of the columns' new values and, last, the id of the row that gets them."""
    if not rows:
        return
    name, key = connection.ops.quote_name, str(model._meta.pk.column)
    if _goes_in_arrays(model, tuple(columns), connection.vendor):
        _update_in_arrays(model, columns, rows)
        return
    sets = ", ".join(f"{name(column)} = %s" for column in columns)
    sql = f"UPDATE {name(model._meta.db_table)} SET {sets} WHERE {name(key)} = %s"  # noqa: S608 - names only
    with connection.cursor() as cursor:
        cursor.executemany(sql, _adapted(model, (*columns, key), rows))


def _execute(into: str, rows: Rows, after: str = "") -> None:
    if not rows:
        return
    width = len(rows[0])
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # Parsed once for all rows; there is no way to a server to save.
            cursor.executemany(f"{into} {_marks(width, 1)} {after}", rows)
            return
        for part in _parts(rows):
            sql = f"{into} {_marks(width, len(part))} {after}"
            cursor.execute(sql, [value for row in part for value in row])


# What PostgreSQL reads out of the text of an array as we write it.
_NUMBERS = ("bigint", "integer", "smallint")
_PLAIN = (*_NUMBERS, "text", "date", "timestamp with time zone", "boolean", "jsonb")


@lru_cache(maxsize=256)
def _goes_in_arrays(model: type[models.Model], columns: tuple[str, ...], vendor: str) -> bool:
    """Quoting tens of thousands of values one by one takes longer than storing them: where there is a way to
    a server, each column goes as one parameter."""
    return vendor == "postgresql" and set(_array_types(model, columns)) <= set(_PLAIN)


def _execute_in_arrays(
    model: type[models.Model], columns: Sequence[str], rows: Rows, after: str = ""
) -> list[tuple[Any, ...]]:
    """What a RETURNING in ``after`` tells."""
    if not rows:
        return []
    kinds = _array_types(model, tuple(columns))
    into = _insert_into(model, columns).removesuffix(" VALUES")
    arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
    with connection.cursor() as cursor:
        sql = f"{into} SELECT * FROM unnest({arrays}) {after}"  # noqa: S608 - names and types only
        cursor.execute(sql, _arrays(kinds, rows))
        return cursor.fetchall() if "RETURNING" in after else []


def _update_in_arrays(model: type[models.Model], columns: Sequence[str], rows: Rows) -> None:
    """Rows of the new values and, last, the id."""
    name, key = connection.ops.quote_name, str(model._meta.pk.column)
    every = (*columns, key)
    kinds = _array_types(model, every)
    arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
    sets = ", ".join(f"{name(column)} = new.{name(column)}" for column in columns)
    table, names = name(model._meta.db_table), ", ".join(map(name, every))
    sql = f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS new ({names}) WHERE {table}.{name(key)} = new.{name(key)}"  # noqa: E501, S608 - names and types only
    with connection.cursor() as cursor:
        cursor.execute(sql, _arrays(kinds, rows))


@lru_cache(maxsize=256)
def _array_types(model: type[models.Model], columns: tuple[str, ...]) -> list[str]:
    """Texts without their length: a cast to varchar(10) would cut, where an INSERT refuses."""
    kinds = [str(model._meta.get_field(column).db_type(connection)) for column in columns]
    plain = {"bigserial": "bigint", "serial": "integer"}
    return ["text" if kind.startswith("varchar") else plain.get(kind, kind) for kind in kinds]


def _arrays(kinds: Sequence[str], rows: Rows) -> list[str]:
    """As PostgreSQL writes them: all but numbers and NULL in quotes, so that "NULL" and "" stay texts."""
    by_column = zip(kinds, zip(*rows, strict=True), strict=True)
    return ["{" + ",".join(_elements(kind, values)) + "}" for kind, values in by_column]


def _elements(kind: str, values: Sequence[Any]) -> Iterable[str]:
    if kind in _NUMBERS and None not in values:
        # Most values are the cells of histograms.
        return map(str, values)
    return map(_element, map(_json, values) if kind == "jsonb" else values)


def _json(value: Any) -> str | None:
    """None is NULL, as it is when a model is saved, and not the JSON word."""
    return None if value is None else json.dumps(value)


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _insert_into(model: type[models.Model], columns: Sequence[str]) -> str:
    return _insert_into_table(model._meta.db_table, tuple(columns))


@lru_cache(maxsize=256)
def _insert_into_table(table: str, columns: tuple[str, ...]) -> str:
    name = connection.ops.quote_name
    return f"INSERT INTO {name(table)} ({', '.join(map(name, columns))}) VALUES"


@lru_cache(maxsize=256)
def _marks(columns: int, rows: int) -> str:
    row = f"({', '.join(['%s'] * columns)})"
    return ", ".join([row] * rows)


def _parts(rows: Rows) -> Iterator[Rows]:
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        yield rows[start : start + ROWS_PER_STATEMENT]


def _adapted(model: type[models.Model], columns: Sequence[str], rows: Rows) -> Rows:
    """Values as the database's driver takes them."""
    places = _to_adapt(model, tuple(columns))
    if not places or not rows:
        return rows
    adapt_moment, adapt_json = connection.ops.adapt_datetimefield_value, connection.ops.adapt_json_value
    by_column = [list(column) for column in zip(*rows, strict=True)]
    for place, is_moment in places:
        values = by_column[place]
        # None is NULL, as it is when a model is saved, and not the JSON word.
        by_column[place] = (
            list(map(adapt_moment, values))
            if is_moment
            else [None if value is None else adapt_json(value, None) for value in values]
        )
    return list(zip(*by_column, strict=True))


@lru_cache(maxsize=256)
def _to_adapt(model: type[models.Model], columns: tuple[str, ...]) -> list[tuple[int, bool]]:
    """Places of moments (True) and of JSON (False)."""
    kinds = [type(model._meta.get_field(column)) for column in columns]
    adapted = (models.DateTimeField, models.JSONField)
    return [(place, kind is models.DateTimeField) for place, kind in enumerate(kinds) if kind in adapted]
