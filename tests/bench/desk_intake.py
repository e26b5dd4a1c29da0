"""Mails taken in: stored, threaded, each with its event, findable by the search when the clock stops.

One process stores them in batches of 50, as the reader of a mailbox does, and one (on PostgreSQL two) takes
them in by the product's own job. Documents of the search are written in the transaction that makes the
message, so the index has caught up when the last mail is settled; the sheet checks that. What the events set
off afterwards (routing, priorities, triggers) is worked off and measured apart.

The bare peer: Python's ``email`` parses the mail, its text goes into one table by one INSERT, forty to a
transaction as the product takes them, with the same ``synchronous``. It knows no ticket and no search.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.desk_cast import make_cast
from tests.bench.desk_mails import BEGAN, KINDS, Made, make_mails
from tests.bench.harness import CACHE, ROOT, Sheet, as_json, cached_folder, note, run_child, synchronous
from tests.bench.product import key_of, make_tables, open_product, settings_for

MAILS, TICKETS, PARTNERS, CONTACTS = 2_000, 500, 500, 1_000
TARGET = {"sqlite": 200, "postgresql": 300}
_FILES = [Path(__file__).with_name(name) for name in ("desk_intake.py", "desk_cast.py", "desk_mails.py")]
BARE = """
import email, email.policy, json, pickle, sqlite3, sys, time
mails = [m.raw for m in pickle.load(open(sys.argv[1], "rb"))]
db = sqlite3.connect(sys.argv[2], isolation_level=None)
db.execute("PRAGMA journal_mode=WAL")
db.execute("PRAGMA synchronous=" + sys.argv[3])
db.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, mid TEXT, subject TEXT, sender TEXT, body TEXT)")
began, cpu = time.perf_counter(), time.process_time()
for start in range(0, len(mails), 40):
    db.execute("BEGIN IMMEDIATE")
    for raw in mails[start : start + 40]:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        body = mail.get_body(("plain",))
        row = (mail["Message-ID"], mail["Subject"], mail["From"], body.get_content() if body else "")
        db.execute("INSERT INTO mail (mid, subject, sender, body) VALUES (?, ?, ?, ?)", row)
    db.execute("COMMIT")
print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}))
"""


def run() -> Sheet:
    sheet = Sheet(f"Intake of {MAILS:,} mails: stored, threaded, with their events, findable")
    with cached_folder(f"desk_intake-{key_of(*_FILES)}") as (base, ready):
        if not ready:
            open_product(base)
            _build(base)
    _measure(sheet, base, "sqlite", workers=1)
    return sheet


def run_on_postgres() -> Sheet:
    """Called in a process of its own: the product opens one database and keeps to it."""
    from tests.servers.postgres import PostgresMissing, private_postgres

    sheet = Sheet(f"Intake of {MAILS:,} mails on PostgreSQL with two workers")
    folder = CACHE / "desk_intake_postgres.run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with private_postgres() as server:
            make_durable(server.url())
            open_product(folder, database=server.create_database("bench"))
            _build(folder)
            _measure(sheet, folder, "postgresql", workers=2, database=os.environ["OTKLIK_DATABASE_URL"])
    except PostgresMissing as missing:
        sheet.add("skipped", "-", str(missing))
    shutil.rmtree(folder, ignore_errors=True)
    return sheet


def make_durable(url: str) -> None:
    """A private server of the tests syncs nothing; what is measured here must be on the disk."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as db:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            db.execute(f"ALTER SYSTEM SET {setting} = on")
        db.execute("SELECT pg_reload_conf()")
        time.sleep(0.3)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            row = db.execute(f"SHOW {setting}").fetchone()
            assert row is not None
            assert row[0] == "on"


def _build(folder: Path) -> None:
    """Tickets that are there already, and the mails, half of which answer in them or in each other."""
    from otklik.desk.models import Mailbox
    from otklik.desk.operations.opening import create_tickets_bulk
    from otklik.desk.operations.shapes import NewTicket
    from otklik.desk.queries.installation import reply_keys
    from otklik.desk.rules.reply_token import RecipientKey, make_token, tagged_address
    from otklik.desk.rules.vocabulary import Channel, Side
    from otklik.events.public import Actor
    from otklik.partners.models import Address

    make_tables()
    cast = make_cast(partners=PARTNERS, contacts=CONTACTS, managers=20, agents=30, at=BEGAN)
    people = list(Address.objects.order_by("pk").values_list("contact_id", "value", "contact__partner_id"))
    tokens = []
    for start in range(0, TICKETS, 100):
        chosen = [people[n * 13 % len(people)] for n in range(start, start + 100)]
        rows = [
            NewTicket(
                program_id=cast.programs[0], subject=f"Earlier matter {address}", channel=Channel.EMAIL,
                side=Side.PARTNER, text="Where is it?", contact_id=contact, mailbox_id=cast.mailbox,
            )
            for contact, address, _partner in chosen
        ]  # fmt: skip
        opened = create_tickets_bulk(rows, by=Actor.system(), at=BEGAN)
        for one, (contact, address, _partner) in zip(opened, chosen, strict=True):
            token = make_token(one.ticket.pk, RecipientKey(Side.PARTNER, contact), reply_keys()[0])
            mailbox = Mailbox.objects.get(pk=cast.mailbox)
            tokens.append((one.ticket.pk, tagged_address(mailbox.address, token), address))
    _work_off(limit=None)
    began = time.process_time()
    mails = make_mails(MAILS, tokens=tokens, contacts=CONTACTS)
    note(f"{len(mails):,} mails made")
    with (folder / "mails.pickle").open("wb") as file:
        pickle.dump(mails, file)
    facts = {"mailbox": cast.mailbox, "generator_cpu": time.process_time() - began, "cast": asdict(cast)}
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _measure(sheet: Sheet, base: Path, engine: str, *, workers: int, database: str = "") -> None:
    folder = base
    if engine == "sqlite":
        folder = CACHE / "desk_intake.run"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(base, folder, ignore=shutil.ignore_patterns("complete"))
    environment = {**os.environ, **settings_for(folder)}
    if database:
        environment["OTKLIK_DATABASE_URL"] = database
    told = _take_in(environment, folder, workers)
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    bare = _bare(folder)
    seconds = max(one["until"] for one in told) - min(one["since"] for one in told)
    rate, cpu = MAILS / seconds, sum(one["cpu"] for one in told)
    limit = TARGET[engine]
    sheet.add("mails a second", f"{rate:,.0f}", f"target {limit}: {'met' if rate >= limit else 'MISSED'}")
    sheet.add("CPU of ours per mail", f"{cpu / MAILS * 1000:.2f} ms", _roles(told))
    sheet.add(
        "mails a CPU second", f"{MAILS / cpu:,.0f}", "of the Python processes; PostgreSQL's own is beside"
    )
    sheet.add("making the mails, CPU", f"{facts['generator_cpu']:.2f} s", "before the clock started")
    setting = f"synchronous={synchronous()}" if engine == "sqlite" else "fsync and synchronous_commit on"
    sheet.add("durability", engine, setting)
    checked = as_json(run_child(_drive("check", folder), environment=environment))
    sheet.add("settled", f"{checked['taken']:,}", f"{checked['parked']:,} parked, {checked['left']} left")
    sheet.add("in the right ticket", f"{checked['right']:,}", f"{checked['wrong']} elsewhere")
    sheet.add("messages without event or document", str(checked["bare_messages"]), checked["mix"])
    told_bare = (
        f"{bare['cpu'] / MAILS * 1000:.2f} ms CPU each; ratio of the CPU times {cpu / bare['cpu']:.1f}"
    )
    sheet.add("bare email parse and INSERT", f"{MAILS / bare['seconds']:,.0f} /s", told_bare)
    after = as_json(run_child(_drive("work", folder), environment=environment))
    told_after = f"{after['seconds']:.1f} s, {after['cpu'] / MAILS * 1000:.2f} ms CPU a mail"
    sheet.add("jobs that followed", f"{after['jobs']:,}", told_after)
    if engine == "sqlite":
        shutil.rmtree(folder)


def _roles(told: Sequence[dict[str, Any]]) -> str:
    return ", ".join(f"{one['role']} {one['cpu'] / MAILS * 1000:.2f} ms" for one in told)


def _drive(role: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "tests.bench.desk_intake", role, str(folder)]


def _take_in(environment: dict[str, str], folder: Path, workers: int) -> list[dict[str, Any]]:
    """All processes have started and connected before the clock does."""
    (folder / "stored").unlink(missing_ok=True)
    children = [
        subprocess.Popen(
            _drive(role, folder), cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for role in ["store", *["take"] * workers]
    ]  # fmt: skip
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    told = []
    for child in children:
        output, _ = child.communicate(timeout=600)
        assert child.returncode == 0, child.args
        told.append(json.loads(output.splitlines()[-1]))
    return told


def _bare(folder: Path) -> dict[str, float]:
    target = CACHE / "bare_mails.sqlite3"
    target.unlink(missing_ok=True)
    child = run_child([sys.executable, "-c", BARE, str(folder / "mails.pickle"), str(target), synchronous()])
    target.unlink()
    return dict(as_json(child))


# What follows runs in the processes.


def _store(folder: Path, mails: Sequence[Made], mailbox: int) -> None:
    import io

    from otklik.desk.operations.storing import NewMail, store_mails
    from otklik.kit.clock import now

    for start in range(0, len(mails), 50):
        batch = mails[start : start + 50]
        store_mails(
            [NewMail(mailbox, io.BytesIO(m.raw), "sender@example", [m.envelope_to]) for m in batch], at=now()
        )
    (folder / "stored").touch()


def _take(folder: Path) -> None:
    from otklik.desk.models import InboundMail
    from otklik.desk.operations.intake import take_in_next
    from otklik.kit.clock import now

    while True:
        everything_stored = (folder / "stored").exists()
        if take_in_next(at=now()):
            continue
        if everything_stored and not InboundMail.objects.filter(state="stored").exists():
            return
        time.sleep(0.005)


def _check(mails: Sequence[Made]) -> dict[str, Any]:
    from collections import Counter

    from otklik.desk.models import InboundMail, Message
    from otklik.events.models import Event
    from otklik.search.models import Document, IndexedText

    rows = list(InboundMail.objects.order_by("pk").values_list("sha256", "state", "message__ticket_id"))
    import hashlib

    by_hash = {sha: (state, ticket) for sha, state, ticket in rows}
    places = [by_hash[hashlib.sha256(mail.raw).hexdigest()] for mail in mails]
    wrong = 0
    for mail, (_state, ticket) in zip(mails, places, strict=True):
        if mail.belongs is None:
            wrong += ticket is not None
        elif mail.belongs < 0:
            wrong += ticket != -mail.belongs
        else:
            wrong += ticket is None or ticket != places[mail.belongs][1]
    states = Counter(state for _sha, state, _ticket in rows)
    told = {
        event["message"]
        for event in Event.objects.filter(kind__in=["ticket.created", "ticket.message_received"])
        .values_list("data", flat=True)
        if "message" in event
    }  # fmt: skip
    indexed = set(
        Document.objects.filter(kind="message", pk__in=IndexedText.objects.values("rowid"))
        .values_list("object_id", flat=True)
    )  # fmt: skip
    # Receipts are said by us and neither looked for nor told as events of their own.
    ids = set(Message.objects.exclude(kind="notice").values_list("pk", flat=True))
    kinds = Counter(mail.kind for mail in mails)
    return {
        "taken": states["taken"],
        "parked": states["parked"],
        "left": states["stored"] + states["quarantined"],
        "right": len(mails) - wrong,
        "wrong": wrong,
        "bare_messages": len(ids - told) + len(ids - indexed),
        "mix": ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS),
    }


def _work_off(*, limit: float | None) -> int:
    """Runs what waits in the queue, in order, until nothing does; how many jobs that were."""
    from django.utils.module_loading import import_string
    from django_q.models import OrmQ
    from django_q.signing import SignedPackage

    done, began = 0, time.monotonic()
    while rows := list(OrmQ.objects.order_by("pk")[:50]):
        for row in rows:
            task = SignedPackage.loads(row.payload)
            import_string(task["func"])(*task["args"], **task["kwargs"])
            row.delete()
            done += 1
        if limit is not None and time.monotonic() - began > limit:
            break
    return done


def main(role: str, folder: Path) -> None:
    import django

    django.setup()
    from django.db import connection

    connection.ensure_connection()
    with (folder / "mails.pickle").open("rb") as file:
        mails: list[Made] = pickle.load(file)
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    if role == "check":
        print(json.dumps(_check(mails)))
        return
    if role == "work":
        began, cpu = time.time(), time.process_time()
        jobs = _work_off(limit=None)
        spent = {"seconds": time.time() - began, "cpu": time.process_time() - cpu}
        print(json.dumps({"jobs": jobs, **spent}))
        return
    from otklik.desk.operations.intake import take_in_next  # noqa: F401 - loaded before the clock starts

    print("ready", flush=True)
    sys.stdin.readline()
    since, cpu = time.time(), time.process_time()
    if role == "store":
        _store(folder, mails, facts["mailbox"])
    else:
        _take(folder)
    told = {"role": role, "since": since, "until": time.time(), "cpu": time.process_time() - cpu}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
