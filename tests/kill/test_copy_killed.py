"""A real copier of facts to a ClickHouse server, killed with -9 again and again: whoever asks the server gets
whole segments only, and in the end the copy is the store."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from otklik.analytics.engines.chosen import Engine, chosen_engine
from otklik.analytics.engines.clickhouse.copies import Copy
from otklik.analytics.engines.clickhouse.engine import NotCopied
from otklik.analytics.engines.clickhouse.server import speaking
from otklik.analytics.engines.duckdb import DuckDBEngine
from otklik.analytics.public import facts, nps_by_segment_month, rows_of
from otklik.feedback.facts import responses
from tests.kill.answers_filled import FILL
from tests.ready import put_empty_tables
from tests.servers.clickhouse import ClickHouse
from tests.servers.fixtures import clickhouse  # noqa: F401

ANSWERS = 6000
# Small batches and many of them, so that a kill falls between any two steps.
PRELUDE = """
import django
django.setup()
from otklik.analytics.operations import write_facts as writing
writing.BATCH_ROWS = 150
writing.SMALL_SEGMENT_ROWS = 4000
"""
WRITE = """
from datetime import timedelta
from otklik.analytics.operations import leases
from otklik.feedback.facts import responses
from otklik.kit.clock import now
leases.LEASE = timedelta(seconds=0.2)
while True:
    try:
        writing.write_facts(responses, clock=now)
        break
    except writing.StoreBusy:
        import time
        time.sleep(0.05)
"""
COPY = """
from datetime import timedelta
from django.conf import settings
from otklik.analytics.engines.clickhouse import copies
from otklik.analytics.operations import copy_facts, leases
from otklik.feedback.facts import responses
from otklik.kit.clock import now
leases.LEASE = timedelta(seconds=0.2)
copies.PIECE_ROWS = 40
# The longest part of a start, which a kill shall not fall into.
import clickhouse_connect, pyarrow.parquet
print("ready", flush=True)
while True:
    try:
        copy_facts.copy_facts(responses, settings.OTKLIK.analytics_server, clock=now)
        break
    except leases.StoreBusy:
        import time
        time.sleep(0.05)
"""


def start(code: str, data: Path, **more: str) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("OTKLIK_")}
    env |= more | {"OTKLIK_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "otklik.config.settings"}
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + code], env=env, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )


def run(code: str, data: Path, **more: str) -> str:
    process = start(code, data, **more)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return out


@pytest.mark.slow
def test_a_copier_killed_at_random_shows_whole_segments_and_the_copy_equals_the_store(
    tmp_path: Path,
    settings: Any,
    clickhouse: ClickHouse,  # noqa: F811
) -> None:
    put_empty_tables(tmp_path)
    run(FILL.format(answers=ANSWERS), tmp_path)
    run("writing.SMALL_SEGMENT_ROWS = 0\n" + WRITE, tmp_path)
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path, analytics_server=clickhouse)
    chance, counts, killed = random.Random(11), [], 0
    for _ in range(6):
        copier = start(COPY, tmp_path, OTKLIK_ANALYTICS_URL=clickhouse.url)
        assert copier.stdout is not None
        assert copier.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.1, 1.2))
        if copier.poll() is None:
            copier.send_signal(signal.SIGKILL)
            killed += 1
        copier.communicate()
        counts.append(copied_rows())

    assert set(counts) <= {0, ANSWERS}, "a manifest names all segments of the store or is not there"
    assert killed >= 3, f"the copier was too fast to be killed in the middle: {counts}"
    run(COPY, tmp_path, OTKLIK_ANALYTICS_URL=clickhouse.url)
    first = everything(DuckDBEngine())
    assert len(first) == ANSWERS
    assert everything(chosen_engine()) == first
    with speaking(settings.OTKLIK.analytics_server) as client:
        assert sum(Copy(client, responses).rows_by_part().values()) == ANSWERS

    months = nps_by_segment_month()
    run(
        "from django.core.management import call_command\ncall_command('write_facts', rebuild=True)", tmp_path
    )
    run(COPY, tmp_path, OTKLIK_ANALYTICS_URL=clickhouse.url)

    assert everything(DuckDBEngine()) == everything(chosen_engine()) == first
    assert nps_by_segment_month() == months


def copied_rows() -> int:
    try:
        return int(rows_of(facts("responses").count())[0][0])
    except NotCopied:
        return 0


def everything(engine: Engine) -> list[tuple[Any, ...]]:
    return engine.rows(facts("responses").order_by("id"))
