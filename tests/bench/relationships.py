"""The map, the board of the loop and the renewals: what was planted is found, and how fast pages are.

First the simulation of ``otklik/relationships/tests/simulation.py`` on programs nobody has tuned anything on,
each seed by itself, so that the spread is seen; then server time as in ``desk_pages`` over 20,000 partners,
100,000 people and 20,000 alerts, for one who sees all and for an account manager who sees own partners. The
bare peer of a list is its fifty rows and the figures above them, by hand-written queries on the same file.
``OTKLIK_BENCH_PARTNERS`` makes the installation smaller.
"""

from __future__ import annotations

import gc
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.bench.desk_pages import collect_files, time_page
from tests.bench.desk_scale import rows_in
from tests.bench.harness import Sheet, measure, ms
from tests.bench.loop_people import Size
from tests.bench.loop_scale import Installation, open_loop
from tests.bench.pages import Variant, asker

RUNS = 40
LIMIT = 0.15
QUIET = tuple(range(951, 971))
PAIRS = (
    ("moves: moved by 2 or more (naive)", "moves: beyond scatter, losses first"),
    ("moves: fell by 2 or more (naive)", "moves: falls beyond scatter, as many"),
    ("moves: largest moves (naive), as many", "moves: certain"),
    ("moves: largest falls (naive), as many", "moves: certain falls"),
    ("silence: never answered (naive)", "silence: our ranking, as many"),
    ("silence: answered last time (naive 2)", "silence: our ranking, as many as naive 2"),
    ("gaming: most promoters asked (naive)", "gaming: least chance, as many"),
)
TABLES = (
    "partners_partner",
    "partners_contact",
    "feedback_invitation",
    "feedback_response",
    "loop_alert",
    "relationships_tie",
)
# What a page cannot do without: its fifty rows, the counts above them, how long people waited for a word.
_BOARD = (
    (
        "SELECT a.id, a.due_at, a.score, p.name, c.name FROM loop_alert a"
        " JOIN partners_partner p ON p.id = a.partner_id JOIN partners_contact c ON c.id = a.contact_id"
        " WHERE a.closed_at IS NULL ORDER BY a.due_at, a.id LIMIT 50"
    ),
    (
        "SELECT COUNT(*), SUM(first_contact_at IS NULL), SUM(due_at < datetime('now')) FROM loop_alert"
        " WHERE closed_at IS NULL"
    ),
    (
        "SELECT outcome, COUNT(*), SUM(told_at IS NOT NULL) FROM loop_alert"
        " WHERE opened_at > datetime('now', '-90 days') GROUP BY outcome"
    ),
    (
        "SELECT julianday(first_contact_at) - julianday(opened_at) AS waited FROM loop_alert"
        " WHERE opened_at > datetime('now', '-90 days') AND first_contact_at IS NOT NULL ORDER BY waited"
    ),
)
_RENEWALS = (
    (
        "SELECT p.id, p.name, p.renewal_on FROM partners_partner p WHERE p.renewal_on IS NOT NULL"
        " ORDER BY p.renewal_on, p.id LIMIT 50"
    ),
    "SELECT COUNT(*) FROM partners_partner",
)


def run() -> Sheet:
    sheet = Sheet("The relationship map and the loop")
    _find_what_was_planted(sheet)
    partners = int(os.environ.get("OTKLIK_BENCH_PARTNERS", "20000"))
    folder, there = open_loop(Size(partners, partners * 5, partners * 3, partners))
    collect_files()
    # As a web process does once it is warm: else what the bench holds is looked through again and again.
    gc.collect()
    gc.freeze()
    size = (folder / "otklik.sqlite3").stat().st_size / 2**20
    sheet.add("database file", f"{size:,.0f} MiB", f"made in {there.built}, kept for the next run")
    for table in TABLES:
        sheet.add(f"rows in {table}", f"{rows_in(table):,}")
    _judge_all(sheet)
    sheet.add("page", "p50 / p95", "(of CPU time) · queries · SQLite instructions")
    for variant in variants(there):
        time_page(sheet, variant, LIMIT, runs=RUNS)
    _compare_with_bare(sheet, folder, there)
    return sheet


def _judge_all(sheet: Sheet) -> None:
    """What the worker does every hour for the lists over all partners."""
    from otklik.kit.clock import now
    from otklik.relationships.models import AccountCheck, SilentPerson
    from otklik.relationships.public import check_due, count_silence

    at = now()
    if not AccountCheck.objects.exists():
        began = time.process_time()
        checked = check_due(at=at)
        sheet.add(
            "checking every partner", f"{time.process_time() - began:.0f} s", f"CPU; {checked:,} partners"
        )
    if not SilentPerson.objects.exists():
        began = time.process_time()
        silent = count_silence(at=at)
        sheet.add("counting who is silent", f"{time.process_time() - began:.0f} s", f"CPU; {silent:,} people")


def _find_what_was_planted(sheet: Sheet) -> None:
    from otklik.relationships.rules.scatter import FALSE_ALARMS
    from otklik.relationships.tests.simulation import (
        HELD_OUT_SEEDS,
        Found,
        World,
        build,
        false_alarm_share,
        figures_of,
    )

    for world in World:
        sheet.add(
            f"1,000 partners, {world.value}",
            "precision",
            f"(worst - best of {len(HELD_OUT_SEEDS)} seeds) · recall",
        )
        found = [figures_of(build(seed, world=world)) for seed in HELD_OUT_SEEDS]
        for naive, ours in PAIRS:
            for rule in (naive, ours):
                each = [one[rule] for one in found]
                total = sum(each, Found(0, 0, 0))
                spread = sorted(one.precision for one in each)
                remark = f"({spread[0]:.3f} - {spread[-1]:.3f}) · {total.recall:.3f} · {total.alarms} alarms"
                sheet.add(f"  {rule}", f"{total.precision:.3f}", remark)
            won = sum(one[ours].hits > one[naive].hits for one in found)
            lost = sum(one[ours].hits < one[naive].hits for one in found)
            sheet.add("    seeds where ours finds more", f"{won} of {len(found)}", f"fewer in {lost}")
    shares = [false_alarm_share(seed) for seed in QUIET]
    alarms, judged = (sum(column) for column in zip(*shares, strict=True))
    each_share = sorted(one / of for one, of in shares)
    verdict = "met" if alarms <= FALSE_ALARMS * judged else "MISSED"
    remark = f"({each_share[0]:.4f} - {each_share[-1]:.4f}) · stated at most {FALSE_ALARMS}: {verdict}"
    sheet.add("called changed where nothing changed", f"{alarms / judged:.4f}", remark)


def variants(there: Installation) -> Iterator[Variant]:
    for name, user in (("head", there.head), ("account manager", there.keeper)):
        yield Variant(f"map of 300 people: {name}", user, f"/partners/{there.filled.large_partner}/map/")
    for name, user in (("head", there.head), ("account manager", there.manager)):
        yield Variant(f"board: {name}", user, "/loop/")
        yield Variant(f"board of a year: {name}", user, "/loop/?days=365")
        yield Variant(f"what came of it: {name}", user, "/loop/results/?days=90")
        yield Variant(f"what came of a year: {name}", user, "/loop/results/?days=365")
        yield Variant(f"board, closed: {name}", user, "/loop/?show=closed")
        yield Variant(f"board, overdue: {name}", user, "/loop/?show=late")
        yield Variant(f"renewals: {name}", user, "/map/renewals/")
        yield Variant(f"renewals, page 100: {name}", user, "/map/renewals/?page=100")
        yield Variant(f"openings: {name}", user, "/map/openings/")
        yield Variant(f"silence: {name}", user, "/map/silence/")
        yield Variant(f"blind spots: {name}", user, "/map/blind-spots/")
        yield Variant(f"quality of the data: {name}", user, "/map/quality/")
        yield Variant(f"promoters: {name}", user, "/loop/promoters/")


def _compare_with_bare(sheet: Sheet, folder: Path, there: Installation) -> None:
    with sqlite3.connect(folder / "otklik.sqlite3") as bare:
        for name, path, queries in (
            ("board", "/loop/", _BOARD),
            ("renewals", "/map/renewals/", _RENEWALS),
        ):
            page = measure(asker(there.head, path), runs=RUNS).median
            rows = measure(_reading(bare, queries), runs=RUNS).median
            sheet.add(f"bare queries of the {name}", ms(rows), f"ratio of the page {page / rows:,.1f}")


def _reading(bare: sqlite3.Connection, queries: Sequence[str]) -> Callable[[], object]:
    return lambda: [bare.execute(sql).fetchall() for sql in queries]
