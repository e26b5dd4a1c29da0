"""``otklik import answers`` on 100,000 rows: rows a second, peak memory, and what a bare INSERT would take.

The whole command in a process of its own, on a file database with the product's settings: reading, checking,
finding the people, freezing dimensions, histograms, facts to come, events, search for twins. The bare peer
reads the same file with ``csv`` and puts it with one ``executemany`` into an empty table of the same columns
and indexes in one transaction; it checks nothing and writes nothing else.
"""

from __future__ import annotations

import csv
import random
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench.harness import CACHE, Child, Sheet, as_json, cached_folder, note, run_child
from tests.bench.product import key_of, make_tables, open_product, settings_for

SMALL, LARGE = 25_000, 100_000
PARTNERS, CONTACTS = 2_000, 5_000
PROGRAM = "bench"
HEADER = ("answer id", "date", "e-mail", "score", "comment", "channel")

BARE = """
import csv, sqlite3, sys
source, schema, target = sys.argv[1:]
made = sqlite3.connect(schema).execute(
    "SELECT sql FROM sqlite_master WHERE tbl_name = 'feedback_response' AND sql IS NOT NULL"
    " ORDER BY type DESC"
).fetchall()
db = sqlite3.connect(target)
db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
for (sql,) in made:
    db.execute(sql)
rows = (
    (1, "nps", "", 1, 1, int(score), text, "complete", key, day, day, 1, "", "", "", "unknown", None, channel)
    for key, day, email, score, text, channel in csv.reader(open(source, encoding="utf-8"))
    if score != "score"
)
with db:
    db.executemany(
        "INSERT INTO feedback_response (version_id, kind, language, partner_id, contact_id, score, comment,"
        " status, source_key, responded_at, recorded_at, program_id, segment, tier, country, role,"
        " manager_id, channel)"
        " VALUES (" + ", ".join("?" * 18) + ")", rows)
print(db.execute("SELECT COUNT(*) FROM feedback_response").fetchone()[0])
"""


def run() -> Sheet:
    with cached_folder(f"import-{key_of(Path(__file__))}") as (base, ready):
        if not ready:
            open_product(base)
            _build()
            for rows in (SMALL, LARGE):
                _write_file(base / f"{rows}.csv", rows)
    small, large = _import(base, SMALL), _import(base, LARGE)
    bare = _bare(base, LARGE)
    sheet = Sheet(f"Import of {LARGE:,} answers from CSV, whole command")
    for name, child in (("rows a second", large), ("bare csv and executemany", bare)):
        rate = f"{child.seconds:.1f} s; {LARGE / child.cpu:,.0f} rows a CPU second"
        sheet.add(name, f"{LARGE / child.seconds:,.0f}", rate)
    sheet.add(
        "ratio of the CPU times", f"{large.cpu / bare.cpu:.0f}", "the bare one checks and keeps nothing else"
    )
    for rows, child in ((SMALL, small), (LARGE, large)):
        remark = f"{child.peak_mb:.0f} MiB with the mapped pages of the database file"
        sheet.add(f"peak memory of its own, {rows:,} rows", f"{child.own_mb:.0f} MiB", remark)
    sheet.ratio("growth of it, 4 times the file", large.own_mb / small.own_mb, limit=1.1)
    return sheet


def _import(base: Path, rows: int) -> Child:
    """Into a fresh copy, so that no run finds the answers of another one."""
    folder = CACHE / "import.run"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base, folder, ignore=shutil.ignore_patterns("*.csv", "complete"))
    command = [sys.executable, "-m", "otklik.cli", "import", "answers", str(base / f"{rows}.csv")]
    child = run_child([*command, "--program", PROGRAM, "--json"], environment=settings_for(folder))
    told = as_json(child)
    assert (told["read"], told["stored"]) == (rows, rows), told
    shutil.rmtree(folder)
    note(f"{rows:,} rows: {child.seconds:.1f} s, {child.own_mb:.0f} MiB of its own")
    return child


def _bare(base: Path, rows: int) -> Child:
    target = CACHE / "bare.sqlite3"
    target.unlink(missing_ok=True)
    files = [str(base / f"{rows}.csv"), str(base / "otklik.sqlite3"), str(target)]
    child = run_child([sys.executable, "-c", BARE, *files])
    assert int(child.output) == rows
    target.unlink()
    return child


def _build() -> None:
    from django.db import connection

    from otklik.events.public import Actor
    from otklik.partners.public import ContactRow, PartnerRow, create_program, store_contacts, store_partners

    at, by = datetime(2024, 1, 1, tzinfo=UTC), Actor.system()
    make_tables()
    program = create_program(
        name="Bench", slug=PROGRAM, currency="EUR", managers_see_own_only=False, by=by, at=at
    ).pk
    for first in range(0, PARTNERS, 500):
        rows = [
            PartnerRow(
                name=f"Partner {n}", external_id=f"P-{n}", tier=("gold", "silver")[n % 2], country="KZ"
            )
            for n in range(first, first + 500)
        ]
        store_partners(program, rows, by=by, at=at)
    for first in range(0, CONTACTS, 500):
        people = [
            ContactRow(name=f"Person {n}", partner_external_id=f"P-{n % PARTNERS}", emails=(_email(n),))
            for n in range(first, first + 500)
        ]
        outcomes = store_contacts(program, people, by=by, at=at)
        assert all(outcome.id for outcome in outcomes), outcomes[:3]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _write_file(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_rows(rows))


def _rows(rows: int) -> Iterator[tuple[object, ...]]:
    draw = random.Random(2)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    for n in range(rows):
        moment = start + timedelta(seconds=n * 600)
        comment = "The payout came late, the manager answers quickly" if n % 8 == 0 else ""
        yield (
            f"A-{n}",
            f"{moment:%Y-%m-%d %H:%M}",
            _email(draw.randrange(CONTACTS)),
            draw.randrange(11),
            comment,
            "email",
        )


def _email(n: int) -> str:
    return f"person{n}@partner.example"
