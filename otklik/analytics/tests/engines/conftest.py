"""Two sources with the same rows on each engine: every test of this folder runs on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from otklik.analytics.operations.copy_facts import copy_facts
from otklik.analytics.operations.write_facts import write_facts
from otklik.analytics.store.sources import ColumnType, FactSource, fact_sources
from tests.servers.fixtures import clickhouse  # noqa: F401

Row = tuple[Any, ...]
Fill = Callable[..., None]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANSWERS = (
    ("id", ColumnType.BIG),
    ("day", ColumnType.DAY),
    ("at", ColumnType.INSTANT),
    ("kind", ColumnType.WORD),
    ("score", ColumnType.SMALL),
    ("partner", ColumnType.BIG),
    ("wait", ColumnType.REAL),
)
PARTNERS = (("id", ColumnType.BIG), ("tier", ColumnType.WORD), ("opened", ColumnType.DAY))


def source_of(name: str, columns: tuple[tuple[str, ColumnType], ...], rows: dict[int, Row]) -> FactSource:
    def fetch(ids: Sequence[int]) -> Iterator[Row]:
        return (rows[pk] for pk in ids if pk in rows)

    def all_ids(waiting: Any) -> Iterator[list[int]]:
        yield sorted(rows)

    return FactSource(name, columns, fetch, all_ids)


@pytest.fixture(params=["duckdb", pytest.param("clickhouse", marks=pytest.mark.slow)])
def fill(
    request: pytest.FixtureRequest,
    db: None,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Fill:
    """``fill(answers=[...], partners=[...])`` puts these rows where the engine of the test reads them."""
    server = None
    if request.param == "clickhouse":
        server = request.getfixturevalue("clickhouse")
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path, analytics_server=server)

    def put(**rows: Sequence[Row]) -> None:
        for name, columns in (("answers", ANSWERS), ("partners", PARTNERS)):
            source = source_of(name, columns, {row[0]: tuple(row) for row in rows.get(name, [])})
            monkeypatch.setitem(fact_sources._entries, name, source)
            write_facts(source, clock=lambda: NOW, rebuild=True)
            if server is not None:
                copy_facts(source, server, clock=lambda: NOW)

    return put
