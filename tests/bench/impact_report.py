"""A report of impact over 60,000 answers of 20,000 partners: computing it, and the pages that show it.

Partners, people and answers are those of ``relationships`` (fewer alerts); what was lived through before each
answer is drawn and written as facts of one program. The report is computed in a process of its own with one
thread of linear algebra, as the product does it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np

from tests.bench.desk_pages import collect_files, time_page
from tests.bench.fact_files import Columns, write_source
from tests.bench.harness import Sheet, as_json, note, run_child
from tests.bench.loop_people import Size
from tests.bench.loop_scale import open_loop
from tests.bench.pages import Variant
from tests.bench.product import open_product

SIZE = Size(partners=20_000, people=60_000, answers=60_000, alerts=200)
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
PAGE_LIMIT = 0.15
RUNS = 15
PATHS = {
    "overview": "/impact/",
    "one cause": "/impact/causes/breaches/",
    "answers behind it": "/impact/causes/breaches/answers/",
    "drivers": "/impact/drivers/",
    "what if": "/impact/goal/",
    "how do we know": "/impact/method/",
}


def run() -> Sheet:
    folder, there = open_loop(SIZE)
    from otklik.partners.public import Program

    program = Program.objects.order_by("pk")[0].pk
    note("facts")
    answers = _write(program)
    note("computing")
    child = run_child(
        [sys.executable, "-m", "tests.bench.impact_report", str(folder), str(program)], environment=ONE_THREAD
    )
    wall, cpu, learned, partners = as_json(child)
    sheet = Sheet(f"A report of impact over {answers:,} answers of {SIZE.partners:,} partners")
    sheet.add(
        "learned from",
        f"{learned:,}",
        f"answers of {partners:,} partners; the desk knew too little of the rest",
    )
    sheet.add("computed by the clock", f"{wall:.1f} s", f"{cpu:.1f} s of CPU, ten exposures and the drivers")
    sheet.add("whole process", f"{child.cpu:.1f} s of CPU", f"{child.own_mb:,.0f} MiB of its own at the most")
    collect_files()
    sheet.add("page", "p50 / p95", "(of CPU time) · queries · SQLite instructions")
    query = urlencode({"program": program, "outcome": "nps"})
    for name, path in PATHS.items():
        time_page(sheet, Variant(name, there.head, f"{path}?{query}"), PAGE_LIMIT, runs=RUNS)
    return sheet


def _write(program: int) -> int:
    """How many answers. All of them count for this program, whichever their partner is in."""
    from otklik.analytics.models import FactStore
    from otklik.feedback.models import Response

    fields = ("pk", "responded_at", "score", "partner_id", "contact_id", "manager_id", "segment", "tier",
              "country", "role")  # fmt: skip
    rows = list(Response.objects.order_by("responded_at", "pk").values_list(*fields))
    # Else the product finds the store behind what an earlier run wrote, and writes the true exposures: none.
    FactStore.objects.filter(source="exposures").delete()
    write_source("exposures", _facts(program, rows))
    return len(rows)


def _facts(program: int, rows: list[tuple[Any, ...]]) -> Iterator[Columns]:
    import pyarrow as pa

    random, n = np.random.default_rng(10), len(rows)
    pk, at, score, partner, contact, manager, segment, tier, country, role = map(
        list, zip(*rows, strict=True)
    )
    moments = pa.array(at)
    tickets = random.poisson(2, n)
    waited = pa.array(np.round(random.gamma(2, 4, n), 2), mask=tickets == 0)
    few = {name: random.binomial(tickets, 0.25) for name in
           ("breaches", "unanswered", "reopened", "handed_over", "foreign_language")}  # fmt: skip
    yield {
        "id": pk, "responded_at": moments, "day": [moment.date() for moment in at], "kind": ["nps"] * n,
        "score": score, "program": [program] * n, "partner": partner, "contact": contact, "manager": manager,
        "segment": segment, "tier": tier, "country": country, "role": role, "channel": ["email"] * n,
        "desk_since": [min(at)] * n, "tickets": tickets, "wait_median": waited, "wait_long": waited, **few,
        "own_tickets": random.binomial(tickets, 0.5), "own_wait_median": waited, "own_wait_long": waited,
        **{f"own_{name}": values // 2 for name, values in few.items()}, "money_held": random.poisson(0.3, n),
        "payouts_late": random.poisson(0.2, n), "manager_changed": random.binomial(1, 0.1, n),
        "main_channel": np.array(["email", "portal", "chat"])[random.integers(0, 3, n)],
        "main_topic": random.integers(1, 20, n), "main_team": random.integers(1, 6, n),
    }  # fmt: skip


def _compute(folder: Path, program: int) -> tuple[float, float, int, int]:
    """Seconds, CPU seconds, answers and partners that it learned from."""
    open_product(folder)
    from otklik.impact.models import ImpactReport
    from otklik.impact.operations.computing import compute_report
    from otklik.impact.rules.vocabulary import Outcome, ReportState
    from otklik.kit.clock import now

    report = ImpactReport.objects.create(program_id=program, outcome=Outcome.NPS.value, asked_at=now())
    began, cpu = time.perf_counter(), time.process_time()
    compute_report(report_id=report.pk, at=now())
    took = time.perf_counter() - began, time.process_time() - cpu
    report.refresh_from_db()
    assert report.state == ReportState.DONE
    return *took, report.report.answers, report.report.partners


if __name__ == "__main__":
    print(json.dumps(_compute(Path(sys.argv[1]), int(sys.argv[2]))))
