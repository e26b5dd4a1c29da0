"""Writing facts: answers with what was lived through before them, tickets, answers, all from the database.

100,000 answers of the partners of a desk of 100,000 tickets, spread over its two years. Each source is
written anew by ``write_facts`` in a process of its own, as a rebuild does. ``OTKLIK_BENCH_FACTS`` sets
both numbers.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from tests.bench.desk_rows import DAYS
from tests.bench.desk_scale import open_desk
from tests.bench.harness import Sheet, as_json, note, run_child
from tests.bench.product import insert_many, open_product
from tests.bench.scale import RESPONSE

SOURCES = ("exposures", "tickets", "responses")
# A family of its own among the kept desks: this one gets answers.
PEOPLE = 4


def run() -> Sheet:
    size = int(os.environ.get("OTKLIK_BENCH_FACTS", "100000"))
    folder, desk = open_desk(size, people=PEOPLE)
    _ensure_answers(size)
    sheet = Sheet(f"Facts of {size:,} answers and {desk.tickets:,} tickets, written anew")
    for source in SOURCES:
        note(source)
        child = run_child([sys.executable, "-m", "tests.bench.fact_writing", str(folder), source])
        rows, wall, cpu = as_json(child)
        each = f"{cpu / rows * 10_000:.2f} s of CPU for 10,000"
        sheet.add(f"{source}, {rows:,} rows", f"{rows / wall:,.0f} a second", each)
        sheet.add(f"{source}, rows a CPU second", f"{rows / cpu:,.0f}", f"{child.own_mb:,.0f} MiB of its own")
    return sheet


def _ensure_answers(size: int) -> None:
    from otklik.events.public import Actor
    from otklik.feedback.models import Response
    from otklik.feedback.public import SurveyKind, ensure_survey
    from otklik.partners.models import Program

    if Response.objects.exists():
        return
    at, by = datetime.now(UTC).replace(microsecond=0), Actor.system()
    versions = {
        program: ensure_survey(program_id=program, name="NPS", kind=SurveyKind.NPS, by=by, at=at).pk
        for program in Program.objects.values_list("pk", flat=True)
    }
    insert_many("feedback_response", RESPONSE, _answers(size, versions, at))


def _answers(size: int, versions: dict[int, int], at: datetime) -> Iterator[tuple[object, ...]]:
    """In the order of time, by people of all partners alike."""
    from otklik.partners.models import Contact

    random = np.random.default_rng(9)
    people = list(
        Contact.objects.order_by("pk").values_list(
            "pk", "partner_id", "partner__program_id", "partner__manager_id", "partner__segment"
        )
    )
    who = random.integers(0, len(people), size).tolist()
    ago = np.sort(random.integers(0, DAYS * 86_400, size))[::-1].tolist()
    scores = random.integers(0, 11, size).tolist()
    for number, (person, seconds, score) in enumerate(zip(who, ago, scores, strict=True)):
        pk, partner, program, manager, segment = people[person]
        moment = (at - timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")
        yield (
            versions[program], "nps", "en", partner, pk, score, "", "complete", f"bench:{number:07d}",
            moment, moment, program, segment, "gold", "DE", "unknown", manager, "email",
            "{}", False,
        )  # fmt: skip


def _write(folder: Path, source: str) -> tuple[int, float, float]:
    """Rows, seconds, CPU seconds."""
    open_product(folder)
    from otklik.analytics.operations.write_facts import write_facts
    from otklik.analytics.public import fact_sources
    from otklik.kit.clock import now

    found = fact_sources.get(source)
    assert found is not None
    # As the worker's pool stands (jobs/management/commands/qcluster.py).
    gc.collect()
    gc.freeze()
    began, cpu = time.perf_counter(), time.process_time()
    done = write_facts(found, clock=now, rebuild=True)
    return done.rows, time.perf_counter() - began, time.process_time() - cpu


if __name__ == "__main__":
    print(json.dumps(_write(Path(sys.argv[1]), sys.argv[2])))
