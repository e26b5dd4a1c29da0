"""NPS by segment and month over ten million raw answers: the product's query against bare DuckDB.

The same SQL over the same Parquet files, by turns. "Bare" is DuckDB with its defaults; one peer opens a
connection each time as the product does, the other keeps one open, which is the harder comparison.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench import scale
from tests.bench.harness import ROOT, Sheet, cached_folder, measure_pair, ms, note
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


def run() -> Sheet:
    key = key_of(
        Path(__file__), ROOT / "otklik/feedback/facts.py", *(ROOT / "otklik/analytics/store").glob("*.py")
    )
    with cached_folder(f"parquet-{key}") as (folder, ready):
        open_product(folder)
        if not ready:
            _build(folder / "facts" / SOURCE)
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
    return sheet


def _build(folder: Path) -> None:
    """Segments as the product's writer leaves them after joining small ones, and the manifest over them."""
    from otklik.analytics.store import segments as store
    from otklik.analytics.store.manifest import NAME, Manifest, prepare_manifest
    from otklik.feedback.facts import COLUMNS

    began = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    schema = store._schema(COLUMNS)
    manifest = Manifest(SOURCE)
    random = np.random.default_rng(3)
    for number in range(SEGMENTS_OF_STORE):
        name = f"{number:09d}-1-joined.parquet"
        segment = store._store(folder, name, schema, _tables(random, schema, number))
        manifest = replace(manifest, segments=(*manifest.segments, segment))
    prepare_manifest(folder, manifest).replace(folder / NAME)
    note(f"Parquet of {ANSWERS:,} answers: {time.perf_counter() - began:.0f} s")


def _tables(random: np.random.Generator, schema: Any, number: int) -> Iterator[Any]:
    """One segment's answers in the order of time, each segment a stretch of the 24 months."""
    import pyarrow as pa

    rows = ANSWERS // SEGMENTS_OF_STORE
    start, stretch = np.datetime64("2024-01-01", "us"), 731 * 86_400_000_000 // SEGMENTS_OF_STORE
    moments = start + np.sort(random.integers(0, stretch, rows)) + number * stretch

    def word(values: tuple[str, ...] | list[str]) -> Any:
        return pa.array(np.array(values)[random.integers(0, len(values), rows)], type=pa.string())

    partner = random.integers(1, scale.PARTNERS + 1, rows)
    columns = {
        "id": pa.array(np.arange(rows) + number * rows + 1),
        "responded_at": pa.array(moments).cast(schema.field("responded_at").type),
        "day": pa.array(moments.astype("datetime64[D]")),
        "kind": word(["nps"]),
        "score": pa.array(random.integers(0, 11, rows), type=pa.int8()),
        "program": pa.array(partner % 2 + 1),
        "partner": pa.array(partner),
        "contact": pa.array(random.integers(1, scale.CONTACTS + 1, rows)),
        "manager": pa.array(partner % scale.MANAGERS + 1),
        "segment": word(scale.SEGMENTS),
        "tier": word(scale.TIERS),
        "country": word(scale.COUNTRIES),
        "role": word(scale.ROLES),
        "channel": word(scale.CHANNELS),
    }
    yield pa.table([columns[name].cast(schema.field(name).type) for name in schema.names], schema=schema)
