"""Fifty million rows like clicks: how many visitors a source has, and a quantile of its milliseconds.

Approximate, by what ibis names so (``approx_nunique``, ``approx_quantile``), through the product's layer
against bare DuckDB on the same files, by turns. The product has no clicks yet: their source is known to the
bench only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.fact_files import Columns, installation, write_source
from tests.bench.harness import Sheet, measure_pair, ms, note

ROWS, SEGMENTS, SOURCES, VISITORS = 50_000_000, 25, 2_000, 5_000_000
RUNS = 5
LIMIT = 1.3
NAME = "clicks"
VISITORS_SQL = "SELECT source, approx_count_distinct(visitor) FROM read_parquet({}) GROUP BY 1 ORDER BY 1"
QUANTILE_SQL = "SELECT source, approx_quantile(milliseconds, 0.9) FROM read_parquet({}) GROUP BY 1 ORDER BY 1"


def run() -> Sheet:
    with installation() as folder:
        files = _build()
        sheet = Sheet(f"{ROWS:,} rows like clicks, {SOURCES:,} sources, from Parquet")
        size = sum(Path(file).stat().st_size for file in files)
        sheet.add("Parquet", f"{size / 2**20:.0f} MiB", f"{len(files)} segments")
        _compare(sheet, folder, files)
    return sheet


def _compare(sheet: Sheet, folder: Path, files: list[str]) -> None:
    import duckdb
    from ibis import _

    from otklik.analytics.public import facts, rows_of

    def visitors() -> list[tuple[Any, ...]]:
        by = facts(NAME).group_by(_.source).agg(visitors=_.visitor.approx_nunique())
        return rows_of(by.order_by("source"))

    def quantile() -> list[tuple[Any, ...]]:
        by = facts(NAME).group_by(_.source).agg(p90=_.milliseconds.approx_quantile(0.9))
        return rows_of(by.order_by("source"))

    def bare(sql: str) -> Callable[[], list[tuple[Any, ...]]]:
        def ask() -> list[tuple[Any, ...]]:
            with duckdb.connect() as connection:
                connection.execute("SET enable_progress_bar = false")
                return connection.execute(sql.format(files)).fetchall()

        return ask

    pairs = (("visitors", visitors, VISITORS_SQL), ("quantile 0.9", quantile, QUANTILE_SQL))
    for name, ours, sql in pairs:
        note(name)
        peer = bare(sql)
        mine, theirs = ours(), peer()
        assert len(mine) == len(theirs) == SOURCES
        off = max(abs(a[1] - b[1]) / b[1] for a, b in zip(mine, theirs, strict=True))
        ours_took, peer_took, ratio = measure_pair(ours, peer, runs=RUNS)
        sheet.add(f"{name}, the product", ms(ours_took.median), f"CPU {ms(ours_took.median_cpu)}")
        sheet.add(f"{name}, bare DuckDB", ms(peer_took.median), f"CPU {ms(peer_took.median_cpu)}")
        sheet.ratio(f"{name}, median ratio of the pairs", ratio, limit=LIMIT)
        sheet.add(f"{name}, largest difference between the two", f"{off:.1%}")


def _build() -> list[str]:
    from otklik.analytics.public import ColumnType, FactSource, fact_sources

    began = time.perf_counter()
    columns = (
        ("source", ColumnType.BIG),
        ("visitor", ColumnType.BIG),
        ("milliseconds", ColumnType.BIG),
    )
    fact_sources.add(FactSource(NAME, columns, lambda ids: [], lambda waiting: iter(())))
    files = write_source(NAME, _segments())
    note(f"Parquet of {ROWS:,} rows: {time.perf_counter() - began:.0f} s")
    return files


def _segments() -> Iterator[Columns]:
    """Sources of uneven size, as they are; some visitors come back often."""
    random = np.random.default_rng(6)
    rows = ROWS // SEGMENTS
    for _ in range(SEGMENTS):
        yield {
            "source": 1 + (SOURCES * random.random(rows) ** 2).astype(np.int64),
            "visitor": 1 + (VISITORS * random.random(rows) ** 1.5).astype(np.int64),
            "milliseconds": random.exponential(400, rows).astype(np.int64) + 5,
        }
