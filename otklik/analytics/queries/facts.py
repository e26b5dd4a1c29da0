"""Reading the fact store by an in-memory DuckDB: a DuckDB file would lock out every other process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings

from otklik.analytics.store.manifest import Manifest, file_sha256, read_manifest
from otklik.analytics.store.sources import FactSource, folder_of
from otklik.stats.nps import LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE, Counts

if TYPE_CHECKING:
    import duckdb

MEMORY = "512MB"
MOST_THREADS = 4


@dataclass(frozen=True, slots=True)
class SegmentMonth:
    """Answers of one partner segment in one calendar month (its first day, UTC)."""

    segment: str
    month: date
    counts: Counts


def nps_by_segment_month(source: str = "responses", kind: str = "nps") -> list[SegmentMonth]:
    """From the raw facts, by segment and month. Empty where nothing was written yet."""
    sql = f"""
        SELECT segment, CAST(date_trunc('month', day) AS DATE) AS month,
               count(*) FILTER (score <= {LAST_DETRACTOR_SCORE}),
               count(*) FILTER (score > {LAST_DETRACTOR_SCORE} AND score <= {LAST_PASSIVE_SCORE}),
               count(*) FILTER (score > {LAST_PASSIVE_SCORE})
        FROM facts WHERE kind = ? GROUP BY ALL ORDER BY ALL
    """  # noqa: S608 (own numbers)
    rows = query_facts(source, sql, [kind])
    return [SegmentMonth(segment, month, Counts(*counts)) for segment, month, *counts in rows]


def query_facts(source: str, sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """Rows of a SELECT over ``facts``: all whole segments of the source as one manifest names them."""
    manifest = read_manifest(folder_of(source), source)
    if not manifest.segments:
        return []
    with _duckdb(source) as connection:
        files = [str(folder_of(source) / segment.file) for segment in manifest.segments]
        connection.read_parquet(files).create_view("facts")
        return connection.execute(sql, values).fetchall()


@contextmanager
def _duckdb(source: str) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    scratch = settings.OTKLIK.data_dir / "facts" / ".scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": min(MOST_THREADS, os.cpu_count() or 1),
            "memory_limit": MEMORY,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    try:
        # Nothing but these folders can be read or written from here on, whatever a query says.
        connection.execute("SET allowed_directories = ?", [[str(folder_of(source)), str(scratch)]])
        connection.execute("SET enable_external_access = false")
        yield connection
    finally:
        connection.close()


def broken_segments(source: FactSource) -> list[str]:
    """Files that are missing or not what was written, by their checksums. Reads the whole store."""
    folder = folder_of(source.name)
    manifest: Manifest = read_manifest(folder, source.name)
    return [
        segment.file
        for segment in manifest.segments
        if not (folder / segment.file).exists() or file_sha256(folder / segment.file) != segment.sha256
    ]
