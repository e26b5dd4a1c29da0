"""NPS by segment and month over ten million raw answers: the product's query against bare DuckDB.

The same question over the same Parquet files, by turns; the product's is written anew by ibis each time.
"Bare" is DuckDB with its defaults; one peer opens a connection each time as the product does, the other keeps
one open, which is the harder comparison.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench import scale
from tests.bench.fact_files import Columns, write_source
from tests.bench.harness import ROOT, Sheet, cached_folder, measure, measure_pair, ms, note, run_child
from tests.bench.product import key_of, open_product

ANSWERS, SEGMENTS_OF_STORE = 10_000_000, 10
SOURCE = "responses"
SQL = """
    SELECT segment, CAST(date_trunc('month', day) AS DATE) AS month,
           count(*) FILTER (score <= 6),
           count(*) FILTER (score > 6 AND score <= 8),
           count(*) FILTER (score > 8)
    FROM {facts} WHERE kind = 'nps' GROUP BY ALL ORDER BY ALL
"""
FIRST_QUESTION = """
import time, duckdb, pyarrow
began = time.perf_counter()
import ibis
ibis.to_sql(ibis.table({"id": "int64"}, name="facts"), dialect="duckdb")
print(time.perf_counter() - began)
"""


def run() -> Sheet:
    key = key_of(
        Path(__file__),
        ROOT / "tests/bench/fact_files.py",
        ROOT / "otklik/feedback/facts.py",
        *(ROOT / "otklik/analytics/store").glob("*.py"),
    )
    with cached_folder(f"parquet-{key}") as (folder, ready):
        open_product(folder)
        if not ready:
            _build()
    import duckdb

    from otklik.analytics.public import nps_by_segment_month

    files = sorted(str(path) for path in (folder / "facts" / SOURCE).glob("*.parquet"))
    sql = SQL.format(facts=f"read_parquet({files})")
    kept = duckdb.connect()

    def connecting() -> list[Any]:
        with duckdb.connect() as connection:
            return connection.execute(sql).fetchall()

    ours_rows = [(row.segment, row.month, *row.counts) for row in nps_by_segment_month()]
    assert ours_rows == connecting(), "the product and bare DuckDB disagree"
    assert sum(sum(row[2:]) for row in ours_rows) == ANSWERS
    sheet = Sheet("NPS by segment and month over 10,000,000 raw answers, from Parquet")
    size = sum(Path(file).stat().st_size for file in files)
    sheet.add(
        "Parquet", f"{size / 2**20:.0f} MiB", f"{len(files)} segments, {len(ours_rows)} rows in the answer"
    )
    ours, peer, ratio = measure_pair(nps_by_segment_month, connecting, runs=21)
    sheet.add("the product's query", ms(ours.median), f"p95 {ms(ours.p95)}")
    sheet.add("bare DuckDB, connecting each time", ms(peer.median), f"p95 {ms(peer.p95)}")
    sheet.ratio("median ratio of the pairs", ratio, limit=1.3)
    _, peer, ratio = measure_pair(nps_by_segment_month, lambda: kept.execute(sql).fetchall(), runs=21)
    sheet.add("bare DuckDB, connection kept open", ms(peer.median), f"p95 {ms(peer.p95)}")
    sheet.ratio("median ratio of the pairs", ratio, limit=1.3)
    _without_facts(sheet)
    return sheet


def _without_facts(sheet: Sheet) -> None:
    """What the question costs before a row is read."""
    from otklik.analytics.public import FactSource, fact_sources, nps_by_segment_month
    from otklik.feedback.facts import COLUMNS

    fact_sources.add(FactSource("no_responses", COLUMNS, lambda ids: [], lambda waiting: iter(())))
    asked = measure(lambda: nps_by_segment_month("no_responses"), runs=21)
    sheet.add("the same question without facts", ms(asked.median), "ibis, connecting, an empty answer")
    importing = [sys.executable, "-c", FIRST_QUESTION]
    first = [float(run_child(importing).output) for _ in range(5)]
    sheet.add(
        "importing ibis, once a process", ms(statistics.median(first)), "and the first question written"
    )


def _build() -> None:
    began = time.perf_counter()
    write_source(SOURCE, _segments())
    note(f"Parquet of {ANSWERS:,} answers: {time.perf_counter() - began:.0f} s")


def _segments() -> Iterator[Columns]:
    """Answers in the order of time, each segment a stretch of the 24 months."""
    random = np.random.default_rng(3)
    for number in range(SEGMENTS_OF_STORE):
        yield _segment(random, number)


def _segment(random: np.random.Generator, number: int) -> Columns:
    import pyarrow as pa

    rows = ANSWERS // SEGMENTS_OF_STORE
    start, stretch = np.datetime64("2024-01-01", "us"), 731 * 86_400_000_000 // SEGMENTS_OF_STORE
    moments = start + np.sort(random.integers(0, stretch, rows)) + number * stretch

    def word(values: tuple[str, ...] | list[str]) -> Any:
        return pa.DictionaryArray.from_arrays(random.integers(0, len(values), rows), list(values))

    partner = random.integers(1, scale.PARTNERS + 1, rows)
    return {
        "id": np.arange(rows) + number * rows + 1,
        "responded_at": moments,
        "day": moments.astype("datetime64[D]"),
        "kind": word(["nps"]),
        "score": random.integers(0, 11, rows),
        "program": partner % 2 + 1,
        "partner": partner,
        "contact": random.integers(1, scale.CONTACTS + 1, rows),
        "manager": partner % scale.MANAGERS + 1,
        "segment": word(scale.SEGMENTS),
        "tier": word(scale.TIERS),
        "country": word(scale.COUNTRIES),
        "role": word(scale.ROLES),
        "channel": word(scale.CHANNELS),
    }
