"""A desk of many tickets, three messages each, with their events, clocks and search documents.

Rows go in past the operations and before the indexes, many to a statement. Text is drawn from 20,000
sentences over 8,000 words, the first of which are as common as in a language; half of the sentences are
Cyrillic. 4 of 100 tickets are open, one of 100 is merged into another. Seven replies hold a word that nothing
else holds.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.bulk import built_in_bulk
from tests.bench.desk_cast import Cast, make_cast
from tests.bench.desk_rows import (
    COLUMNS,
    DAYS,
    LONG_THREAD,
    LONG_TICKET,
    RARE,
    Company,
    Given,
    Person,
    Row,
    rows_of,
)
from tests.bench.desk_texts import Sentence, make_sentences, make_words
from tests.bench.harness import CACHE, cached_folder, note
from tests.bench.product import insert_many, make_tables, open_product, schema_digest

__all__ = ["LONG_TICKET", "RARE", "Desk", "open_desk", "rows_in"]

# Another number where what is made here changes: kept databases of before are made anew.
EDITION = 3
RARE_REPLIES = 7
_CHUNK = 10_000
_SEED = 23


@dataclass(frozen=True, slots=True)
class Desk:
    tickets: int
    messages: int
    cast: Cast
    rare_tickets: tuple[int, ...]
    common: str
    """A word that every fifth message holds."""
    usual: str
    """One that some hundreds of a hundred thousand messages hold."""
    inflected: str
    """Another form of a Russian word of the texts."""


def open_desk(
    tickets: int, *, database: str = "", long_thread: bool = False, people: int = 3
) -> tuple[Path, Desk]:
    """The product on a desk of this size, with so many ``people`` at a partner. On SQLite it is kept, under
    OTKLIK_BENCH_KEEP or among the data sets of the other benchmarks, until the schema changes; on PostgreSQL
    it is made each time."""
    kept = Path(os.environ.get("OTKLIK_BENCH_KEEP") or CACHE)
    family = f"desk_{tickets}{'_long' if long_thread else ''}{'_postgres' if database else ''}"
    family += f"_people{people}" if people != 3 else ""
    with cached_folder(f"{family}-{schema_digest()}_{EDITION}", under=kept) as (folder, ready):
        open_product(folder, database=database)
        told = folder / "desk.json"
        if not ready or database:
            began = time.perf_counter()
            make_tables()
            desk = _build(tickets, long_thread, people)
            told.write_text(json.dumps(asdict(desk)), encoding="utf-8")
            note(f"{tickets:,} tickets made in {time.perf_counter() - began:.0f} s")
        return folder, _read(json.loads(told.read_text(encoding="utf-8")))


def _read(told: dict[str, Any]) -> Desk:
    given = told.pop("cast").items()
    cast: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in given}
    return Desk(**{**told, "rare_tickets": tuple(told["rare_tickets"]), "cast": Cast(**cast)})


def _build(tickets: int, long_thread: bool, people: int) -> Desk:
    now = datetime.now(UTC).replace(microsecond=0)
    at = now - timedelta(days=DAYS + 30)
    partners = max(200, tickets // 50)
    with built_in_bulk([]):
        managers = min(40, partners // 20)
        cast = make_cast(partners=partners, contacts=partners * people, managers=managers, agents=60, at=at)
    note(f"{partners:,} partners with their people")
    random = np.random.default_rng(_SEED)
    words = make_words(random)
    chosen = random.choice(np.arange(20, tickets), RARE_REPLIES, replace=False).tolist()
    sentences = make_sentences(random, words)
    given = _given(tickets, cast, now, sentences, rare=frozenset(chosen), long_thread=long_thread)
    began = time.perf_counter()
    with built_in_bulk(list(COLUMNS)):
        for written, rows in _made(given):
            _insert(rows)
            if written % 50_000 == 0:
                note(f"{written:,} tickets after {time.perf_counter() - began:.0f} s")
    _finish(cast, now)
    return Desk(
        tickets=tickets,
        messages=tickets * 3 + (LONG_THREAD - 3 if long_thread else 0),
        cast=cast,
        rare_tickets=tuple(sorted(chosen)),
        common=words[6],
        usual=words[1500],
        inflected="выплатами",
    )


def _given(
    tickets: int,
    cast: Cast,
    now: datetime,
    sentences: list[Sentence],
    *,
    rare: frozenset[int],
    long_thread: bool,
) -> Given:
    from otklik.desk.models import Ticket
    from otklik.desk.queries.promises import read_calendars, read_promises
    from otklik.desk.rules.sla_clock import CalendarRef
    from otklik.partners.models import Contact, Partner

    companies = {
        pk: Company(program, name, tuple(name.lower().split()))
        for pk, program, name in Partner.objects.values_list("pk", "program_id", "name")
    }
    columns = ("pk", "name", "addresses__value", "partner_id")
    people = [
        Person(pk, name, address, partner, tuple(name.lower().split()))
        for pk, name, address, partner in Contact.objects.order_by("pk").values_list(*columns)
    ]
    promises = read_promises()
    partner = Partner.objects.order_by("pk")[0]
    terms = {
        priority: promises.terms(Ticket(priority=priority, program_id=partner.program_id, partner=partner))
        for priority in ("normal", "low")
    }
    calendars = read_calendars([CalendarRef.read(one["calendar"]) for one in terms.values()])
    return Given(
        tickets, cast, people, companies, sentences, rare, long_thread, terms, calendars, now,
        last_event=_last("events_event"), last_document=_last("search_document"),
    )  # fmt: skip


def _last(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
        return int(cursor.fetchone()[0])


def _made(given: Given) -> Iterator[tuple[int, dict[str, list[Row]]]]:
    """Chunks in their order, each with the number of its last ticket. They are made by two other processes
    while this one writes, at most three ahead."""
    ranges = ((n, min(n + _CHUNK, given.tickets + 1)) for n in range(1, given.tickets + 1, _CHUNK))
    # By fork: it works on the product as it is set up here, and asks the database for nothing.
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(2, mp_context=fork, initializer=_take, initargs=(given,)) as maker:
        ahead: list[tuple[int, Future[dict[str, list[Row]]]]] = [
            (last - 1, maker.submit(_make, first, last)) for first, last in islice(ranges, 3)
        ]
        while ahead:
            number, made = ahead.pop(0)
            yield number, made.result()
            ahead += [(last - 1, maker.submit(_make, first, last)) for first, last in islice(ranges, 1)]


_taken: list[Given] = []


def _take(given: Given) -> None:
    _taken.append(given)


def _make(first: int, last: int) -> dict[str, list[Row]]:
    return rows_of(_taken[0], first, last)


def _insert(rows: dict[str, list[Row]]) -> None:
    for table, found in rows.items():
        insert_many(table, COLUMNS[table], found)


def _finish(cast: Cast, now: datetime) -> None:
    """What a database that grew slowly would know about itself, and the ids behind which it goes on."""
    from django.core.management.color import no_style
    from django.db import connection

    from otklik.desk.models import Message, SubRequest, Ticket
    from otklik.events.models import Event
    from otklik.search.models import Document

    open_ids = list(Ticket.objects.filter(is_open=True).order_by("pk").values_list("pk", flat=True)[::60])
    SubRequest.objects.bulk_create(
        SubRequest(ticket_id=pk, team_id=cast.teams[n % 6], question="When?", asked_at=now, owner=None)
        for n, pk in enumerate(open_ids)
    )
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [Ticket, Message, Event, Document]):
            cursor.execute(sql)
        cursor.execute("ANALYZE")


def rows_in(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        return int(cursor.fetchone()[0])
