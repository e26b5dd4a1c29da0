"""A real writer process, killed with -9 again and again: the store stays readable and is complete at last."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ready import put_empty_tables

ANSWERS = 6000
# Small batches and many of them, so that a kill falls between any two steps.
PRELUDE = """
import django
django.setup()
from otklik.analytics.operations import write_facts as writing
writing.BATCH_ROWS = 150
writing.SMALL_SEGMENT_ROWS = 4000
"""
FILL = """
from datetime import UTC, datetime, timedelta
from otklik.events.public import Actor
from otklik.feedback.public import ResponseRow, SurveyKind, ensure_survey, record_responses
from otklik.partners.models import Partner, Program
at = datetime(2026, 3, 1, tzinfo=UTC)
program = Program.objects.create(name="North", slug="north", created_at=at)
partner = Partner.objects.create(program=program, name="Aurora", segment="Media", created_at=at)
version = ensure_survey(program_id=program.pk, name="NPS", kind=SurveyKind.NPS, by=Actor.system(), at=at).pk
for start in range(0, {answers}, 500):
    record_responses(
        [
            ResponseRow(f"k{{n}}", partner.pk, version, n % 11, at - timedelta(hours=n % 5000))
            for n in range(start, start + 500)
        ],
        by=Actor.system(),
        at=at,
    )
"""
WRITE = """
from datetime import timedelta
from otklik.feedback.facts import responses
from otklik.kit.clock import now
writing.LEASE = timedelta(seconds=0.2)
while True:
    try:
        writing.write_facts(responses, clock=now)
        break
    except writing.StoreBusy:
        import time
        time.sleep(0.05)
"""
READ = """
from otklik.analytics.public import query_facts
rows = query_facts("responses", "SELECT count(*), count(DISTINCT id) FROM facts", [])
print(*(rows[0] if rows else (0, 0)))
"""


def start(code: str, data: Path) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("OTKLIK_")}
    env |= {"OTKLIK_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "otklik.config.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + code], env=env, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )


def run(code: str, data: Path) -> str:
    process = start(code, data)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return out


@pytest.mark.slow
def test_a_writer_killed_at_random_leaves_a_readable_store_and_every_answer_once(tmp_path: Path) -> None:
    put_empty_tables(tmp_path)
    run("from django.core.management import call_command\ncall_command('migrate', verbosity=0)", tmp_path)
    run(FILL.format(answers=ANSWERS), tmp_path)
    chance, counts, killed = random.Random(7), [], 0
    for _ in range(7):
        writer = start(WRITE, tmp_path)
        folder = tmp_path / "facts" / "responses"
        until = time.monotonic() + 20
        seen = len(list(folder.glob("*"))) if folder.exists() else 0
        while writer.poll() is None and time.monotonic() < until:
            if folder.exists() and len(list(folder.glob("*"))) > seen:
                break
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.15))
        if writer.poll() is None:
            writer.send_signal(signal.SIGKILL)
            killed += 1
        writer.communicate()
        rows, different = map(int, run(READ, tmp_path).split())
        assert rows == different
        counts.append(rows)

    assert counts == sorted(counts), "a later manifest never holds less"
    assert killed >= 3, f"the writer was too fast to be killed in the middle: {counts}"
    run(WRITE, tmp_path)
    assert run(READ, tmp_path).split() == [str(ANSWERS), str(ANSWERS)]
