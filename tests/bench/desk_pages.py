"""Server time of inbox, ticket and search over a large desk: three messages to a ticket.

As ``pages``: the test client, every middleware and template, the real database file with the product's own
settings, warm. ``OTKLIK_BENCH_TICKETS`` sets the size (1,000,000), ``OTKLIK_BENCH_POSTGRES=1`` takes a
PostgreSQL of its own instead of SQLite. The bare peer of a search is the FTS query alone on the same file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests.bench.desk_scale import LONG_TICKET, RARE, Desk, open_desk, rows_in
from tests.bench.harness import Sheet, measure, ms, note, steps_counted, verdict
from tests.bench.pages import Variant, asker, queries_of

RUNS = 20
PAGE_LIMIT, SEARCH_LIMIT = 0.1, 0.2
TABLES = ("desk_ticket", "desk_message", "desk_mailreference", "events_event", "search_document")


def run() -> Sheet:
    tickets = int(os.environ.get("OTKLIK_BENCH_TICKETS", "1000000"))
    with ExitStack() as stack:
        database = ""
        if os.environ.get("OTKLIK_BENCH_POSTGRES"):
            database = stack.enter_context(postgres_for(tickets))
        folder, desk = open_desk(tickets, database=database, long_thread=True)
        return measured(folder, desk, database)


@contextmanager
def postgres_for(tickets: int) -> Iterator[str]:
    from tests.servers.postgres import private_postgres

    with private_postgres() as server:
        yield server.create_database(f"desk_{tickets}")
        from django.db import connection

        connection.close()


def measured(folder: Path, desk: Desk, database: str) -> Sheet:
    collect_files()
    engine = "PostgreSQL" if database else "SQLite"
    sheet = Sheet(f"Desk of {desk.tickets:,} tickets and {desk.messages:,} messages on {engine}")
    if not database:
        size = (folder / "otklik.sqlite3").stat().st_size / 2**20
        sheet.add("database file", f"{size:,.0f} MiB", "kept for the next run")
    for table in TABLES:
        sheet.add(f"rows in {table}", f"{rows_in(table):,}")
    sheet.add("page", "p50 / p95", "(of CPU time) · queries · SQLite instructions")
    for variant, limit in variants(desk):
        time_page(sheet, variant, limit)
    if not database:
        _bare_search(sheet, desk)
    return sheet


def collect_files() -> None:
    """Packed and named by their content, as an installation does at its start."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)


def variants(desk: Desk) -> Iterator[tuple[Variant, float]]:
    from otklik.desk.queries.inbox_filter import View

    cast = desk.cast
    people = {
        "head": cast.head, "agent": cast.agents[0], "account manager": cast.managers[0],
        "finance": cast.finance,
    }  # fmt: skip
    for name, user in people.items():
        for view in View:
            yield Variant(f"inbox: {name}, {view.value}", user, f"/inbox/?view={view.value}"), PAGE_LIMIT
    for order in ("activity", "age"):
        path = f"/inbox/?view=all&order={order}"
        yield Variant(f"inbox: head, all by {order}", cast.head, path), PAGE_LIMIT
        yield Variant(f"inbox: account manager, all by {order}", cast.managers[0], path), PAGE_LIMIT
    for name, query in (
        ("closed", {"view": "all", "status": "closed", "order": "activity"}),
        ("one partner", {"view": "all", "partner": "7", "order": "activity"}),
        ("one team and topic", {"view": "open", "team": cast.teams[1], "topic": cast.topics[1]}),
        ("language and channel", {"view": "all", "language": "ru", "channel": "phone", "order": "activity"}),
    ):
        yield Variant(f"inbox: head, {name}", cast.head, f"/inbox/?{urlencode(query)}"), PAGE_LIMIT
    for name, user in people.items():
        yield Variant(f"ticket: {name}", user, f"/tickets/{_ticket_of(user)}/"), PAGE_LIMIT
    yield Variant("ticket: 50,000 messages", cast.head, f"/tickets/{LONG_TICKET}/"), PAGE_LIMIT
    yield from _searches(desk)


def _searches(desk: Desk) -> Iterator[tuple[Variant, float]]:
    cast = desk.cast
    words = {
        "rare word": RARE, "usual word": desk.usual, "common word": desk.common,
        "two words": f"{desk.usual} {desk.common}", "two common words": f"{desk.common} payout",
        "beginning": desk.usual[:4], "word form": desk.inflected, "number": f"INV-{desk.messages - 5}",
        "nothing": "qwertyzxcvb",
    }  # fmt: skip
    for who, user in (("head", cast.head), ("account manager", cast.managers[0])):
        for name, word in words.items():
            query = urlencode({"view": "all", "q": word})
            yield Variant(f"search: {who}, {name}", user, f"/inbox/?{query}"), SEARCH_LIMIT
        for name in ("rare word", "usual word", "common word", "two common words", "beginning"):
            query = urlencode({"q": words[name]})
            yield Variant(f"search everywhere: {who}, {name}", user, f"/search/?{query}"), SEARCH_LIMIT


def _ticket_of(user_id: int) -> int:
    from otklik.desk.access import visible_tickets
    from otklik.identity.models import User

    rows = visible_tickets(User.objects.get(pk=user_id)).filter(is_open=True, merged_into=None)
    return int(rows.order_by("-pk").values_list("pk", flat=True)[0])


def time_page(
    sheet: Sheet, variant: Variant, limit: float, *, runs: int = RUNS, by_median: bool = False
) -> None:
    """Adds p50 and p95; the target is for p95, or for the median."""
    from django.db import connection

    ask = asker(variant.user_id, variant.path)
    ask()
    queries, steps = queries_of(ask), [0]
    if connection.vendor == "sqlite":
        assert connection.connection is not None
        with steps_counted(connection.connection) as steps:
            ask()
    timing = measure(ask, runs=runs, warm_up=1)
    wall, cpu = (timing.median, timing.median_cpu) if by_median else (timing.p95, timing.p95_cpu)
    remark = (
        f"({ms(timing.median_cpu)} / {ms(timing.p95_cpu)}) · {queries} · {steps[0]:,}"
        f" · under {ms(limit)}: {verdict(wall, limit)}, of CPU time {verdict(cpu, limit)}"
    )
    sheet.add(variant.name, f"{ms(timing.median)} / {ms(timing.p95)}", remark)
    note(f"{variant.name}: {ms(timing.median)} / {ms(timing.p95)} {remark}")


def _bare_search(sheet: Sheet, desk: Desk) -> None:
    from django.db import connection

    from otklik.search.models.lookups import fts5_query
    from otklik.search.rules.terms import parse_query

    for name, word in (("rare", RARE), ("common", desk.common)):
        asked = fts5_query(parse_query(word))

        def bare(asked: str = asked) -> None:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT rowid FROM search_index WHERE search_index MATCH %s LIMIT 5000", [asked]
                )
                cursor.fetchall()

        sheet.add(f"bare FTS5, {name} word", ms(measure(bare, runs=RUNS).median), "the first 5,000 hits")
