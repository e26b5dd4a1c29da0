"""Many rows into a database that nobody reads: without indexes, which are made once the rows are there."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.bench.harness import note

# As FTS5 has it by itself, and as much as a chunk of some ten thousand texts fills.
_FTS_HASH, _FTS_LARGE_HASH = 2**20, 2**28


@contextmanager
def built_in_bulk(tables: Sequence[str]) -> Iterator[None]:
    """Rows that are written in the block cost no index, no foreign key and no journal. What breaks a promise
    of the schema is found when the indexes are made, or never: a foreign key."""
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with _on_postgresql(tables):
            yield
        return
    with _on_sqlite(tables):
        yield
    connection.close()  # the next one gets the product's own settings again


@contextmanager
def _on_sqlite(tables: Sequence[str]) -> Iterator[None]:
    for pragma in (
        "journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-3000000", "threads=2",
    ):  # fmt: skip
        _run(f"PRAGMA {pragma}")
    marks = ", ".join(["%s"] * len(tables))
    found = _run(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        f" AND tbl_name IN ({marks}) ORDER BY tbl_name",
        tables,
    )
    # One large piece of the index at a time instead of hundreds that are merged again and again.
    _fts("hashsize", _FTS_LARGE_HASH)
    with _without(found):
        yield
    _fts("hashsize", _FTS_HASH)
    _run("PRAGMA journal_mode=WAL")


def _fts(name: str, value: int) -> None:
    _run("INSERT INTO search_index (search_index, rank) VALUES (%s, %s)", [name, value])


@contextmanager
def _on_postgresql(tables: Sequence[str]) -> Iterator[None]:
    found = _run(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN"
        " (SELECT conname FROM pg_constraint) ORDER BY tablename",
        [list(tables)],
    )
    # No triggers, and foreign keys are triggers there.
    _run("SET session_replication_role = replica")
    _run("SET synchronous_commit = off")
    _run("SET maintenance_work_mem = '1GB'")
    with _without(found):
        yield
    for name in ("session_replication_role", "synchronous_commit", "maintenance_work_mem"):
        _run(f"RESET {name}")


@contextmanager
def _without(indexes: Sequence[tuple[Any, ...]]) -> Iterator[None]:
    for name, _sql in indexes:
        _run(f'DROP INDEX "{name}"')
    yield
    began = time.perf_counter()
    for _name, sql in indexes:
        _run(sql)
    note(f"{len(indexes)} indexes made in {time.perf_counter() - began:.0f} s")


def _run(sql: str, values: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []
