"""The effect of a wait within partners over ten million answers: from facts on disk to the interval.

The whole way is timed: the manifest, the question written by ibis, DuckDB with the product's 512 MB, numpy,
the slope with its bias-reduced errors. The peer is the usual way by hand: the same columns by bare DuckDB,
both taken about the means of partner and month in turn until nothing changes, and plain clustered errors.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from otklik.stats.clustered import Errors
from otklik.stats.panel import Fit, within
from tests.bench.fact_files import installation, write_source
from tests.bench.harness import Sheet, as_json, measure_pair, ms, note, run_child, verdict
from tests.bench.product import open_product

if TYPE_CHECKING:
    import ibis

SOURCE = "exposures"
LIMIT = 5.0
RUNS = 5
SQL = """
    SELECT CASE WHEN score <= 6 THEN -100 WHEN score <= 8 THEN 0 ELSE 100 END AS outcome,
           wait_median AS wait, partner, year(day) * 12 + month(day) AS month
    FROM read_parquet({files}) WHERE kind = 'nps' AND program = {program} AND wait_median IS NOT NULL
"""


def run() -> Sheet:
    with installation() as folder:
        _build()
        child = run_child([sys.executable, "-m", "tests.bench.impact_effect", str(folder)])
    found: dict[str, Any] = as_json(child)
    sheet = Sheet(f"The effect within partners over {found['n']:,} answers with exposures")
    sheet.add("Parquet", f"{found['size'] / 2**20:.0f} MiB", f"{found['rows']:,} rows of two programs")
    limit = f"target under {LIMIT:.0f} s: {verdict(found['wall'], LIMIT)}"
    sheet.add("facts to interval, median", ms(found["wall"]), f"{limit}; p95 {ms(found['p95'])}")
    sheet.add("its CPU", ms(found["cpu"]), "of all cores: so long it takes on one, with nothing beside")
    sheet.add("of which reading the facts", ms(found["reading"]), "by the clock; the rest is numpy")
    sheet.add(
        "by hand in numpy",
        ms(found["peer"]),
        f"ours takes {found['ratio']:.2f} of it; CPU {ms(found['peer_cpu'])}",
    )
    sheet.add("with two controls", ms(found["controlled"]), "tickets and breaches held")
    sheet.add(
        "largest difference to the way by hand", f"{found['gap']:.0e}", "of slope and CRV1 error, as a share"
    )
    sheet.add("slope, points of NPS for an hour", f"{found['slope']:.4f}", f"error {found['se']:.5f}")
    sheet.add(
        "peak memory, both ways and their data", f"{child.peak_mb:,.0f} MiB", "DuckDB may take 512 of it"
    )
    return sheet


def _build() -> None:
    from tests.bench import impact_rows

    began = time.perf_counter()
    write_source(SOURCE, impact_rows.segments())
    note(f"facts of {impact_rows.SEGMENTS * impact_rows.ROWS:,} answers: {time.perf_counter() - began:.0f} s")


def _question(*held: str) -> ibis.Table:
    import ibis
    from ibis import _

    from otklik.analytics.public import facts
    from tests.bench.impact_rows import PROGRAM

    return (
        facts(SOURCE)
        .filter(_.kind == "nps", _.program == PROGRAM, _.wait_median.notnull())
        .select(
            *held,
            outcome=ibis.cases((_.score <= 6, -100), (_.score <= 8, 0), else_=100),
            wait=_.wait_median,
            partner=_.partner,
            month=_.day.year() * 12 + _.day.month(),
        )
    )


def _ours(*held: str) -> Fit:
    from otklik.analytics.public import columns_of

    found = columns_of(_question(*held))
    columns = np.column_stack([found[name] for name in ("wait", *held)])
    fit = within(found["outcome"], columns, found["partner"], found["month"])
    assert fit.estimate().se is not None
    return fit


def _by_hand(sql: str) -> tuple[float, float]:
    """Slope and CRV1 error."""
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute(sql).fetchnumpy()
    partner, month = found["partner"], found["month"] - found["month"].min()
    answers, by_month = np.bincount(partner), np.bincount(month)
    answers[answers == 0] = 1

    def free(values: Any) -> Any:
        while True:
            before = values
            values = values - (np.bincount(partner, values) / answers)[partner]
            values = values - (np.bincount(month, values) / by_month)[month]
            if np.abs(values - before).max() < 1e-9:
                return values

    x, y = free(found["wait"].astype(float)), free(found["outcome"].astype(float))
    slope = float(x @ y / (x @ x))
    parts = np.bincount(partner, x * (y - slope * x))
    units, n = int((np.bincount(partner) > 0).sum()), len(x)
    factor = units / (units - 1) * (n - 1) / (n - 1 - len(by_month))
    return slope, float(np.sqrt(factor * parts @ parts) / (x @ x))


def _measure(folder: Path) -> dict[str, Any]:
    open_product(folder)
    from otklik.analytics.public import columns_of
    from tests.bench.impact_rows import PROGRAM

    files = sorted(str(path) for path in (folder / "facts" / SOURCE).glob("*.parquet"))
    sql = SQL.format(files=files, program=PROGRAM)
    fit, (slope, error) = _ours(), _by_hand(sql)
    usual = fit.estimate(errors=Errors.CRV1)
    assert usual.se is not None
    ours, peer, ratio = measure_pair(_ours, lambda: _by_hand(sql), runs=RUNS)
    reading, controlled, _ = measure_pair(
        lambda: columns_of(_question()), lambda: _ours("tickets", "breaches"), runs=3
    )
    return {
        "n": fit.n,
        "rows": sum(_rows(file) for file in files),
        "size": sum(Path(file).stat().st_size for file in files),
        "wall": ours.median,
        "p95": ours.p95,
        "cpu": ours.median_cpu,
        "reading": reading.median,
        "controlled": controlled.median,
        "peer": peer.median,
        "peer_cpu": peer.median_cpu,
        "ratio": ratio,
        "gap": max(abs(float(fit.slopes[0]) / slope - 1), abs(usual.se / error - 1)),
        "slope": float(fit.slopes[0]),
        "se": fit.estimate().se,
    }


def _rows(file: str) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(file).num_rows)


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]))))
