"""A wave planned for 100,000 people: histories looked at, a sample drawn within quotas, every invitation
frozen and queued (or left out with its reason), as the product's own job does it.

The clock starts with the press of "Start" and stops when the wave runs, that is when the sender finds the
last invitation. A fifth of the people were asked before, some not long ago.

The bare peer: one INSERT of the same values a row in transactions of as many, with the same durability; it
looks at nobody's history, draws nothing and reckons no moment.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.bench.harness import CACHE, Sheet, as_json, note, run_child, synchronous
from tests.bench.product import built_without_syncs, make_tables, open_product, settings_for

PEOPLE, PARTNERS, ASKED_BEFORE = 100_000, 20_000, 20_000
TARGET_SECONDS = 60
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROLES = ("decision_maker", "influencer", "end_user", "unknown")
ZONES = ("Europe/Moscow", "Europe/Berlin", "Asia/Almaty", "America/Sao_Paulo", "Asia/Tokyo", "UTC")
COUNTRIES = ("RU", "DE", "KZ", "BR", "JP", "GB")
_BARE = """
import json, sys, time
kind, where, rows, level = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
columns = "wave, key, version, program, partner, contact, state, reason, language, zone, address"
columns += ", segment, tier, country, role, manager, planned, send, expires"
marks = ", ".join(["%s"] * 19)
sql = f"INSERT INTO bare_invitation ({columns}) VALUES ({marks})"
if kind == "sqlite":
    import sqlite3
    db, sql = sqlite3.connect(where, isolation_level=None), sql.replace("%s", "?")
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=" + level)
    key, begin = "INTEGER PRIMARY KEY", "BEGIN IMMEDIATE"
else:
    import psycopg
    db, key, begin = psycopg.connect(where, autocommit=True), "bigserial PRIMARY KEY", "BEGIN"
typed = ", ".join(name.strip() + " text" for name in columns.split(","))
db.execute(f"CREATE TABLE bare_invitation (id {key}, {typed}, UNIQUE (wave, key))")
began, cpu, cursor = time.perf_counter(), time.process_time(), db.cursor()
for start in range(0, rows, 500):
    cursor.execute(begin)
    cursor.executemany(sql, [
        ("1", f"c{n}", "1", "1", str(n // 5), str(n), "planned", "", "en", "Europe/Moscow",
         f"p{n}@bench.example", "", "gold", "RU", "end_user", "7", "2026-03-02 09:00",
         "2026-03-02 11:00", "2026-06-02 11:00")
        for n in range(start, start + 500)
    ])
    cursor.execute("COMMIT")
print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}))
"""


def run() -> Sheet:
    """Each engine in a process of its own: the product opens one database and keeps to it."""
    from tests.bench.desk_intake import make_durable
    from tests.servers.postgres import PostgresMissing, private_postgres

    sheet = Sheet(f"A wave planned and queued for {PEOPLE:,} people at {PARTNERS:,} partners")
    _measure(sheet, "sqlite", "", "")
    try:
        with private_postgres() as server:
            make_durable(server.url())
            _measure(sheet, "postgresql", server.create_database("bench"), server.create_database("bare"))
    except PostgresMissing as missing:
        sheet.add("postgresql", "-", str(missing))
    return sheet


def _measure(sheet: Sheet, engine: str, database: str, bare_database: str) -> None:
    folder = CACHE / f"survey_plan_{engine}.run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    plain = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
    drive = [sys.executable, "-m", "tests.bench.survey_plan", str(folder), database]
    told = as_json(run_child(drive, environment={**plain, **settings_for(folder)}))
    level = synchronous()
    where = bare_database or str(folder / "bare.sqlite3")
    bare = as_json(run_child([sys.executable, "-c", _BARE, engine, where, str(PEOPLE), level]))
    seconds, met = told["seconds"], "met" if told["seconds"] < TARGET_SECONDS else "MISSED"
    sheet.add(f"{engine}: planned and queued", f"{seconds:.1f} s", f"target {TARGET_SECONDS} s: {met}")
    sheet.add("  CPU of the process", f"{told['cpu']:.1f} s", f"{told['cpu'] / PEOPLE * 1e6:.0f} µs each")
    sheet.add("  most memory", f"{told['memory']:.0f} MiB", "of the process, resident")
    sheet.add("  to be sent", f"{told['planned']:,}", f"{told['left_out']:,} left out: {told['reasons']}")
    sheet.add("  quotas and cooldown", told["kept"], "looked at in the rows afterwards")
    sheet.add("  preview without writing", f"{told['preview']:.1f} s", "histories, moments and sample")
    told_bare = f"{bare['cpu']:.1f} s CPU; ratio of the CPU times {told['cpu'] / bare['cpu']:.1f}"
    sheet.add("  bare INSERT of as many rows", f"{bare['seconds']:.1f} s", told_bare)
    setting = f"synchronous={level}" if engine == "sqlite" else "fsync and synchronous_commit on"
    sheet.add("  durability", engine, setting)
    shutil.rmtree(folder)


# What follows runs in the process of the product.


def _build() -> tuple[int, int]:
    """Program and version."""
    from otklik.events.public import Actor
    from otklik.feedback.operations.surveys import create_survey
    from otklik.feedback.rules.vocabulary import SurveyKind
    from otklik.partners.models import Address, Contact, Partner, Program

    program = Program.objects.create(name="North", slug="north", created_at=NOW)
    partners = Partner.objects.bulk_create(
        [
            Partner(
                program=program, name=f"Partner {n}", tier=("gold", "silver", "bronze")[n % 3],
                country=COUNTRIES[n % 6], time_zone=ZONES[n % 6], created_at=NOW,
            )
            for n in range(PARTNERS)
        ],
        batch_size=1000,
    )  # fmt: skip
    people = Contact.objects.bulk_create(
        [
            Contact(
                partner=partners[n % PARTNERS], name=f"Person {n}", role=ROLES[n % 4], created_at=NOW,
                preferred_hours=("", "09:00-13:00")[n % 10 == 0], consent=("given", "withdrawn")[n % 97 == 0],
            )
            for n in range(PEOPLE)
        ],
        batch_size=1000,
    )  # fmt: skip
    Address.objects.bulk_create(
        [
            Address(contact=one, kind="email", value=text, normalised=text, is_primary=True)
            for n, one in enumerate(people)
            for text in [f"p{n}@bench.example"]
        ],
        batch_size=1000,
    )
    version = create_survey(program_id=program.pk, name="NPS", kind=SurveyKind.NPS, by=Actor.system(), at=NOW)
    _ask_before(program.pk, version.pk, version.survey_id, people)
    return program.pk, version.survey_id


def _ask_before(program: int, version: int, survey: int, people: Any) -> None:
    from otklik.feedback.models import Invitation, Wave

    earlier = Wave.objects.create(
        survey_id=survey, version_id=version, program_id=program, name="Before", mode="wave", state="closed",
        created_at=NOW,
    )  # fmt: skip
    Invitation.objects.bulk_create(
        [
            Invitation(
                wave=earlier, key=f"c{one.pk}", version_id=version, program_id=program, contact=one,
                partner_id=one.partner_id, state="sent", role=one.role, address=f"p{n * 5}@bench.example",
                planned_at=NOW - timedelta(days=200), sent_at=NOW - timedelta(days=20 + n % 160),
                expires_at=NOW, answered_at=NOW - timedelta(days=10) if n % 4 == 0 else None,
            )
            for n, one in enumerate(people[:: PEOPLE // ASKED_BEFORE])
        ],
        batch_size=500,
    )  # fmt: skip


def _plan(survey: int) -> dict[str, Any]:
    from otklik.events.public import Actor
    from otklik.feedback.models import Invitation, Wave
    from otklik.feedback.operations.planning import plan_wave
    from otklik.feedback.operations.waves import create_wave, start_wave
    from otklik.feedback.queries.forecast import forecast
    from otklik.feedback.queries.layout import lay_out
    from otklik.feedback.rules.plans import Plan
    from otklik.feedback.rules.sampling import Dimension
    from otklik.feedback.rules.vocabulary import WaveMode

    quotas = {Dimension.ROLE: {"unknown": 20_000}, Dimension.TIER: {"bronze": 30_000}}
    wave = create_wave(
        survey_id=survey, name="Q1", mode=WaveMode.WAVE, plan=Plan(seed="bench", quotas=quotas, wished=5),
        by=Actor.system(), at=NOW,
    )  # fmt: skip
    began = time.perf_counter()
    forecast(wave, lay_out(wave, at=NOW), at=NOW)
    preview = time.perf_counter() - began
    began, cpu = time.perf_counter(), time.process_time()
    start_wave(wave_id=wave.pk, by=Actor.system(), at=NOW)
    plan_wave(wave_id=wave.pk, clock=lambda: NOW)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    wave = Wave.objects.get(pk=wave.pk)
    assert (wave.state, wave.planned) == ("running", PEOPLE), (wave.state, wave.planned)
    planned = Invitation.objects.filter(wave=wave, state="planned", send_at__isnull=False)
    recent = Invitation.objects.filter(sent_at__gt=NOW - timedelta(days=90)).values("contact_id")
    broken = planned.filter(contact_id__in=recent).filter(send_at__lt=NOW + timedelta(days=1)).count()
    kept = (
        planned.filter(role="unknown").count() <= 20_000 and planned.filter(tier="bronze").count() <= 30_000
    )
    return {
        "seconds": seconds,
        "cpu": cpu,
        "preview": preview,
        "planned": planned.count(),
        "left_out": PEOPLE - planned.count(),
        "reasons": ", ".join(_reasons(wave)),
        "kept": "kept" if kept and not broken else f"BROKEN ({broken} asked too early)",
    }


def _reasons(wave: Any) -> list[str]:
    from django.db.models import Count

    from otklik.feedback.models import Invitation

    rows = Invitation.objects.filter(wave=wave, state="left_out").order_by().values_list("reason")
    return [f"{count:,} {reason}" for reason, count in rows.annotate(n=Count("pk")).order_by("-n")]


def main(folder: Path, database: str) -> None:
    from tests.bench.harness import memory_of

    open_product(folder, database=database)
    make_tables()
    with built_without_syncs():
        _program, survey = _build()
    from django.db import connection

    connection.close()  # what was set for the building goes with the connection
    note(f"{connection.vendor}: {PEOPLE:,} people made")
    told = _plan(survey)
    print(json.dumps({**told, "memory": memory_of(os.getpid())["VmHWM"]}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
