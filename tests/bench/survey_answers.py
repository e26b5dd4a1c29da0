"""Answers taken in over HTTP, each stored with its event, its place in the histogram and its trace.

The web process is the product's own, with as many threads as `otklik serve` gives it. The load comes from a
process of its own (raw sockets that are kept open, one request at a time on each); its CPU is reported, since
it takes from the same cores. Chunks are as large as they get by themselves. Every twentieth answer is posted
once more at the end, and must not count again.

The bare peer: one INSERT of the same values a row, in transactions of the mean chunk, with the same
durability.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.harness import CACHE, ROOT, Sheet, as_json, note, run_child, synchronous
from tests.bench.product import settings_for
from tests.servers.ports import free_port

ANSWERS, PARTNERS, MANAGERS, CONNECTIONS = 5_000, 300, 12, 96
TARGET = {"sqlite": 500, "postgresql": 1000}
_WARM_UP = 500
_BARE = """
import json, sys, time
kind, where, rows, chunk, level = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
sql = "INSERT INTO bare_answer (invitation, score, comment, at) VALUES (%s, %s, %s, %s)"
if kind == "sqlite":
    import sqlite3
    db, sql = sqlite3.connect(where, isolation_level=None), sql.replace("%s", "?")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=" + level)
    key, begin = "INTEGER PRIMARY KEY", "BEGIN IMMEDIATE"
else:
    import psycopg
    db, key, begin = psycopg.connect(where, autocommit=True), "bigserial PRIMARY KEY", "BEGIN"
db.execute(f"CREATE TABLE bare_answer (id {key}, invitation bigint UNIQUE, score int, comment text, at text)")
began, cpu, cursor = time.perf_counter(), time.process_time(), db.cursor()
for start in range(0, rows, chunk):
    cursor.execute(begin)
    for n in range(start, min(start + chunk, rows)):
        cursor.execute(sql, (n, n % 11, "The payout was on time" if n % 3 == 0 else "", "2026-03-02 09:00"))
    cursor.execute("COMMIT")
print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}))
"""


def run() -> Sheet:
    """Nothing of the product is imported here: each engine has processes of its own."""
    from tests.servers.postgres import PostgresMissing, private_postgres

    sheet = Sheet(f"{ANSWERS:,} answers over HTTP from {CONNECTIONS} connections, with event and histogram")
    with _folder("sqlite") as folder:
        _measure(sheet, folder, "sqlite", {}, str(folder / "bare.sqlite3"))
    try:
        with private_postgres() as server, _folder("postgresql") as folder:
            from tests.bench.desk_intake import make_durable

            make_durable(server.url())
            url = server.create_database("bench")
            _measure(sheet, folder, "postgresql", {"OTKLIK_DATABASE_URL": url}, url)
    except PostgresMissing as missing:
        sheet.add("postgresql", "-", str(missing))
    return sheet


@contextlib.contextmanager
def _folder(engine: str) -> Iterator[Path]:
    folder = CACHE / f"survey_answers_{engine}.run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _measure(sheet: Sheet, folder: Path, engine: str, extra: dict[str, str], bare: str) -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
    port = free_port()
    environment = {**plain, **settings_for(folder), "OTKLIK_PORT": str(port), **extra}
    _drive("build", folder, environment)
    note(f"{engine}: {ANSWERS:,} people invited")
    with _web(folder, port, environment) as pid:
        before = _cpu_of(pid)
        told = _drive("load", folder, environment)
        spent = _cpu_of(pid) - before
        held = _connections_to(bare) if engine == "postgresql" else 0
    checked = _drive("check", folder, environment)
    rate, limit = told["answers"] / told["seconds"], TARGET[engine]
    sheet.add(f"{engine}: answers a second", f"{rate:,.0f}", f"target {limit:,}: {_verdict(rate, limit)}")
    sheet.add("  CPU of the web process", f"{spent / told['answers'] * 1000:.2f} ms", "for each answer")
    share = told["cpu"] / told["seconds"]
    sheet.add("  CPU of the load generator", f"{told['cpu']:.2f} s", f"{share:.0%} of a core, of the two")
    sheet.add(
        "  time to the reply", f"{told['median']:.1f} ms", f"median; 95 of 100 under {told['p95']:.1f} ms"
    )
    sheet.add("  answers in one transaction", f"{checked['chunk']:.1f}", "mean, as it came about")
    setting = f"synchronous={synchronous()}" if engine == "sqlite" else "fsync and synchronous_commit on"
    if engine == "postgresql":
        sheet.add("  connections to the database", str(held), "held by the web process after the load")
    sheet.add("  durability", engine, setting)
    sheet.add("  replies", str(told["answers"] + told["again"]), told["replies"])
    whole = f"{checked['events']:,} events, {checked['counted']:,} in the histogram"
    sheet.add("  stored", f"{checked['stored']:,}", f"{whole}: {checked['verdict']}")
    chunk = str(max(1, round(checked["chunk"])))
    child = as_json(
        run_child([sys.executable, "-c", _BARE, engine, bare, str(ANSWERS), chunk, synchronous()])
    )
    ratio = child["seconds"] / ANSWERS * rate
    sheet.add(
        "  bare INSERT",
        f"{ANSWERS / child['seconds']:,.0f} /s",
        f"in transactions of {chunk}; ratio {ratio:.3f}",
    )


def _connections_to(url: str) -> int:
    import psycopg

    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
        ).fetchone()
    assert found is not None
    return int(found[0])


def _verdict(rate: float, limit: float) -> str:
    return "met" if rate >= limit else "MISSED"


def _drive(role: str, folder: Path, environment: dict[str, str]) -> Any:
    """In a process of its own; what it printed last."""
    command = [sys.executable, "-m", "tests.bench.survey_answers", role, str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


@contextlib.contextmanager
def _web(folder: Path, port: int, environment: dict[str, str]) -> Iterator[int]:
    from otklik.cli.serve import Options, web_command

    command = web_command(Options("127.0.0.1", port, port + 1, folder))
    with (folder / "web.log").open("wb") as log:
        web = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/health/", folder)
            yield web.pid
        finally:
            os.killpg(web.pid, signal.SIGTERM)
            web.wait(30)


def _wait_for(url: str, folder: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.1)
    raise AssertionError((folder / "web.log").read_text(errors="replace"))


def _cpu_of(group: int) -> float:
    """Seconds of all processes in the group that are there now."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            if int(fields[2]) == group:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


# What follows runs in the processes.


def _build(folder: Path) -> dict[str, int]:
    import django

    django.setup()
    from tests.bench.product import built_without_syncs, make_tables

    make_tables()
    with built_without_syncs():
        tokens = _invite()
    (folder / "tokens.json").write_text(json.dumps(tokens), encoding="utf-8")
    return {"people": len(tokens)}


def _invite() -> list[str]:
    from datetime import timedelta

    from otklik.events.public import Actor
    from otklik.feedback.models import Invitation, Wave
    from otklik.feedback.operations.surveys import create_survey
    from otklik.feedback.rules.vocabulary import InvitationState, SurveyKind, WaveMode, WaveState
    from otklik.feedback.tokens import invitation_token
    from otklik.identity.models import User
    from otklik.kit.clock import now
    from otklik.partners.models import Contact, Partner, Program

    at = now()
    program = Program.objects.create(name="North", slug="north", created_at=at)
    staff = [User(email=f"m{n}@bench.example", name=f"M {n}", created_at=at) for n in range(MANAGERS)]
    managers = User.objects.bulk_create(staff)
    partners = Partner.objects.bulk_create(
        Partner(
            program=program, name=f"Partner {n}", tier=("gold", "silver", "bronze")[n % 3],
            country=("RU", "KZ", "DE", "BR", "IN")[n % 5], manager=managers[n % MANAGERS], created_at=at,
        )
        for n in range(PARTNERS)
    )  # fmt: skip
    people = Contact.objects.bulk_create(
        [
            Contact(partner=partners[n % PARTNERS], name=f"Person {n}", created_at=at)
            for n in range(ANSWERS + _WARM_UP)
        ],
        batch_size=1000,
    )
    version = create_survey(program_id=program.pk, name="NPS", kind=SurveyKind.NPS, by=Actor.system(), at=at)
    wave = Wave.objects.create(
        survey=version.survey, version=version, program=program, name="Spring", mode=WaveMode.WAVE,
        state=WaveState.RUNNING, created_at=at,
    )  # fmt: skip
    invitations = Invitation.objects.bulk_create(
        [
            Invitation(
                wave=wave, key=f"contact:{person.pk}", version=version, program=program,
                partner=person.partner, contact=person, state=InvitationState.SENT, language="en",
                address=f"p{n}@bench.example", tier=person.partner.tier, country=person.partner.country,
                role=("decision_maker", "end_user", "influencer")[n % 3], manager=person.partner.manager,
                planned_at=at, sent_at=at, expires_at=at + timedelta(days=60),
            )
            for n, person in enumerate(people)
        ],
        batch_size=500,
    )  # fmt: skip
    return [invitation_token(one.pk) for one in invitations]


def _load(folder: Path) -> dict[str, Any]:
    tokens = json.loads((folder / "tokens.json").read_text(encoding="utf-8"))
    requests = [_request(token, n) for n, token in enumerate(tokens)]
    port = int(os.environ["OTKLIK_PORT"])
    _Generator(port, requests[:_WARM_UP]).run()
    measured = requests[_WARM_UP:]
    first = _Generator(port, measured)
    cpu, began = time.process_time(), time.perf_counter()
    first.run()
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    again = _Generator(port, measured[::20])
    again.run()
    times = sorted(first.times)
    return {
        "answers": len(measured),
        "again": len(again.times),
        "seconds": seconds,
        "cpu": cpu,
        "median": times[len(times) // 2] * 1000,
        "p95": times[len(times) * 95 // 100] * 1000,
        "replies": f"{dict(first.replies)}, then the same {dict(again.replies)}",
    }


def _request(token: str, n: int) -> bytes:
    said = {
        "score": n * 7 % 11, "comment": "The payout was on time" if n % 3 == 0 else None, "answers": None,
        "may_contact": None, "language": "en", "gesture": "pointer", "screen": "390x844@3", "seconds": 4,
    }  # fmt: skip
    body = json.dumps(said).encode()
    head = (
        f"POST /a/{token}/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"X-Otklik-Answer: 1\r\nUser-Agent: Phone {n % 50}\r\nAccept-Language: en\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Generator:
    """As many connections as there are, each with one request on its way."""

    def __init__(self, port: int, requests: list[bytes]) -> None:
        self.port = port
        self.waiting = iter(requests)
        self.times: list[float] = []
        self.replies: Counter[str] = Counter()
        self.selector = selectors.DefaultSelector()

    def run(self) -> None:
        for _ in range(CONNECTIONS):
            connection = socket.create_connection(("127.0.0.1", self.port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.selector.register(connection, selectors.EVENT_READ, [0.0, b""])
            self._next(connection)
        while self.selector.get_map():
            for key, _events in self.selector.select(30):
                self._read(key.fileobj, key.data)

    def _next(self, connection: Any) -> None:
        request = next(self.waiting, None)
        if request is None:
            self.selector.unregister(connection)
            connection.close()
            return
        self.selector.get_key(connection).data[:] = [time.perf_counter(), b""]
        connection.sendall(request)

    def _read(self, connection: Any, state: list[Any]) -> None:
        chunk = connection.recv(65_536)
        assert chunk, "the server hung up"
        state[1] += chunk
        head, separator, body = state[1].partition(b"\r\n\r\n")
        if not separator:
            return
        length = re.search(rb"(?i)content-length: (\d+)", head)
        assert length is not None
        if len(body) < int(length[1]):
            return
        self.times.append(time.perf_counter() - state[0])
        self.replies[f"{head[9:12].decode()} {json.loads(body).get('outcome', '')}"] += 1
        self._next(connection)


def _check() -> dict[str, Any]:
    import django

    django.setup()
    from django.db.models import Sum

    from otklik.analytics.models import PendingFact, ScoreCell
    from otklik.events.models import Event
    from otklik.feedback.models import AnswerTrace, Response
    from otklik.feedback.operations.histograms import rebuild_histograms

    def counted() -> list[int]:
        found = ScoreCell.objects.aggregate(**{f"c{n}": Sum(f"c{n}") for n in range(11)})
        return [found[f"c{n}"] or 0 for n in range(11)]

    before = counted()
    rebuild_histograms()
    events = Event.objects.filter(kind="response.recorded")
    numbers = {
        Response.objects.count(), events.count(), sum(before), AnswerTrace.objects.count(),
        PendingFact.objects.count(), ANSWERS + _WARM_UP,
    }  # fmt: skip
    is_whole = len(numbers) == 1 and before == counted()
    return {
        "stored": Response.objects.count(),
        "events": events.count(),
        "counted": sum(before),
        "chunk": events.count() / events.values("recorded_at").distinct().count(),
        "verdict": "each once, histogram as recounted" if is_whole else f"WRONG {numbers}",
    }


def main(role: str, folder: Path) -> None:
    if role == "load":
        print(json.dumps(_load(folder)))
    elif role == "build":
        print(json.dumps(_build(folder)))
    else:
        print(json.dumps(_check()))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
