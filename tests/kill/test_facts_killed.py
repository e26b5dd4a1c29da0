"""A real writer of facts, killed with -9 again and again while it writes, joins and rebuilds several sources:
whoever asks meanwhile gets whole segments only, and in the end nothing is lost or doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from otklik.analytics.store.manifest import Manifest, file_sha256, read_manifest
from tests.kill.answers_filled import FILL
from tests.ready import put_empty_tables

ANSWERS = 2000
KILLS = 4
SOURCES = ("responses", "exposures")
# Small batches and many of them, so that a kill falls between any two steps.
PRELUDE = """
import random, time
from datetime import timedelta
import django
django.setup()
from django.db import transaction
from otklik.analytics.operations import leases
from otklik.analytics.operations import write_facts as writing
from otklik.analytics.public import fact_sources, note_facts
from otklik.feedback.models import Response
from otklik.kit.clock import now
writing.BATCH_ROWS = 150
writing.SMALL_SEGMENT_ROWS = 2000
leases.LEASE = timedelta(seconds=0.2)
sources = [fact_sources.get(name) for name in ("responses", "exposures")]

def write(**options):
    for source in sources:
        while True:
            try:
                writing.write_facts(source, clock=now, **options)
                break
            except leases.StoreBusy:
                time.sleep(0.05)
"""
# Until it is killed: answers change and one in four runs writes everything anew.
WRITE = """
chance = random.Random({seed})
write()
while True:
    with transaction.atomic():
        for pk in chance.sample(range(1, {answers} + 1), 40):
            Response.objects.filter(pk=pk).update(score=chance.randrange(11))
            for source in sources:
                note_facts(source.name, [pk])
    write(rebuild=chance.random() < 0.25)
"""
FINISH = """
write()
for pk, score in Response.objects.order_by("pk").values_list("pk", "score"):
    print(pk, score)
"""


def start(code: str, data: Path) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("OTKLIK_")}
    env |= {"OTKLIK_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "otklik.config.settings"}
    command = [sys.executable, "-c", PRELUDE + code]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())


def run(code: str, data: Path) -> str:
    process = start(code, data)
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return out


def manifest_of(data: Path, source: str) -> Manifest:
    return read_manifest(data / "facts" / source, source)


def scores(data: Path, source: str) -> dict[int, int]:
    """Of the whole segments, by answer. A row that stands there twice is refused."""
    found: dict[int, int] = {}
    for segment in manifest_of(data, source).segments:
        table = pq.read_table(data / "facts" / source / segment.file, columns=["id", "score"])
        part = dict(zip(*(column.to_pylist() for column in table.columns), strict=True))
        assert len(part) == table.num_rows == segment.rows
        assert not part.keys() & found.keys()
        found |= part
    return found


def watched(writer: subprocess.Popen[str], data: Path, *, seconds: float) -> dict[str, int]:
    """What a reader sees until the writer is killed: the least rows of each source."""
    least = {source: len(scores(data, source)) for source in SOURCES}
    until = time.monotonic() + seconds
    while time.monotonic() < until and writer.poll() is None:
        for source in SOURCES:
            least[source] = min(least[source], len(scores(data, source)))
    return least


@pytest.mark.slow
def test_a_writer_killed_at_random_leaves_whole_segments_and_every_row_once(tmp_path: Path) -> None:
    put_empty_tables(tmp_path)
    run(FILL.format(answers=ANSWERS), tmp_path)
    chance = random.Random(7)
    written = dict.fromkeys(SOURCES, 0)
    tokens: set[int] = set()
    for kill in range(KILLS):
        before = {source: manifest_of(tmp_path, source).token for source in SOURCES}
        writer = start(WRITE.format(answers=ANSWERS, seed=kill), tmp_path)
        try:
            # Not before it has begun: it takes seconds to start and may be killed at any step after that.
            until = time.monotonic() + 60
            while time.monotonic() < until and not begun(tmp_path, before):
                time.sleep(0.005)
            least = watched(writer, tmp_path, seconds=chance.uniform(0, 2))
            assert writer.poll() is None, "it writes until it is killed"
        finally:
            writer.send_signal(signal.SIGKILL)
            writer.communicate()
        for source in SOURCES:
            # A later manifest never holds less, neither while it is written anew.
            assert least[source] >= written[source]
            written[source] = len(scores(tmp_path, source))
            assert written[source] >= least[source]
            tokens.add(manifest_of(tmp_path, source).token)
    assert len(tokens) > KILLS / 2, "most of the killed have written something"

    lines = run(FINISH, tmp_path).splitlines()

    expected = dict(tuple(map(int, line.split())) for line in lines)
    assert len(expected) == ANSWERS
    for source in SOURCES:
        assert scores(tmp_path, source) == expected
        for segment in manifest_of(tmp_path, source).segments:
            assert file_sha256(tmp_path / "facts" / source / segment.file) == segment.sha256


def begun(data: Path, before: dict[str, int]) -> bool:
    return any(manifest_of(data, source).token != token for source, token in before.items())
