"""Server time of a partner's own pages over a large desk: home, requests, search, asking, whom to ask.

As ``desk_pages``: the test client, every middleware and template, the real database file, warm. Five people
at a partner, 2,000 articles in two languages. Asked by somebody at the partner with the most tickets, at one
with few, and at one with none. ``OTKLIK_BENCH_TICKETS`` sets the size (1,000,000: 20,000 partners and 100,000
people), ``OTKLIK_BENCH_ARTICLES`` the articles.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np

from tests.bench.desk_pages import collect_files
from tests.bench.desk_scale import RARE, Desk, open_desk, rows_in
from tests.bench.desk_texts import make_sentences, make_words
from tests.bench.harness import Sheet, measure, ms, note, steps_counted, verdict
from tests.bench.pages import queries_of

RUNS = 30
LIMIT = 0.1
PEOPLE = 5
TABLES = (
    "partners_partner",
    "partners_contact",
    "desk_ticket",
    "desk_message",
    "knowledge_articletext",
    "search_document",
)
_SEED = 29


@dataclass(frozen=True, slots=True)
class Somebody:
    name: str
    contact_id: int
    ticket_id: int | None
    tickets: int


def run() -> Sheet:
    tickets = int(os.environ.get("OTKLIK_BENCH_TICKETS", "1000000"))
    articles = int(os.environ.get("OTKLIK_BENCH_ARTICLES", "2000"))
    folder, desk = open_desk(tickets, people=PEOPLE)
    collect_files()
    _write_articles(articles, desk)
    sheet = Sheet(f"Partners' pages over {desk.tickets:,} tickets and {articles:,} articles in two languages")
    size = (folder / "otklik.sqlite3").stat().st_size / 2**20
    sheet.add("database file", f"{size:,.0f} MiB", "kept for the next run")
    for table in TABLES:
        sheet.add(f"rows in {table}", f"{rows_in(table):,}")
    _count(sheet)
    sheet.add(f"target: p95 under {ms(LIMIT)}", "p50 / p95", "(of CPU time) · queries · SQLite instructions")
    for person in _people():
        sheet.add(f"tickets of {person.name}", f"{person.tickets:,}")
        ask = _asker(person)
        for name, path in _pages(person, desk):
            _time(sheet, f"{name}: {person.name}", path, ask)
    return sheet


def _pages(person: Somebody, desk: Desk) -> Iterator[tuple[str, str]]:
    yield "home", "/portal/"
    yield "requests", "/portal/matters/?show=all"
    yield "own requests", "/portal/matters/?show=all&mine=1"
    if person.ticket_id is not None:
        yield "one request", f"/portal/matters/{person.ticket_id}/"
    yield "ask", "/portal/ask/"
    yield "whom to ask", "/portal/channels/"
    words = {
        "rare word": RARE, "usual word": desk.usual, "common word": desk.common,
        "word form": desk.inflected, "beginning": desk.usual[:4], "mistyped": _mistyped(desk.usual),
        "nothing": "qwertyzxcvb",
    }  # fmt: skip
    for name, word in words.items():
        yield f"search in requests, {name}", f"/portal/matters/?{urlencode({'show': 'all', 'q': word})}"
        yield f"search while asking, {name}", f"/portal/ask/found/?{urlencode({'q': word})}"
    question = f"Where is the {desk.usual} of our {desk.common} payout for March?"
    yield "search while asking, a question", f"/portal/ask/found/?{urlencode({'q': question})}"


def _mistyped(word: str) -> str:
    return word[0] + word[2] + word[1] + word[3:]


def _people() -> Iterator[Somebody]:
    from django.db.models import Count

    from otklik.desk.models import Ticket
    from otklik.partners.models import Contact, Partner

    counted = dict(
        Ticket.objects.exclude(partner=None)
        .order_by()
        .values_list("partner_id")
        .annotate(n=Count("pk"))
        .values_list("partner_id", "n")
    )
    order = sorted(counted, key=lambda pk: (-counted[pk], pk))
    idle = Partner.objects.exclude(pk__in=order[:10]).order_by("-pk").values_list("pk", flat=True)
    chosen = {"the busiest": order[0], "a usual one": order[len(order) // 2]}
    if nobody := next((pk for pk in idle if pk not in counted), None):
        chosen["one without tickets"] = nobody
    for name, partner in chosen.items():
        contact = Contact.objects.filter(partner_id=partner).order_by("pk")[0]
        ticket = Ticket.objects.filter(partner_id=partner, merged_into=None).order_by("-pk").first()
        yield Somebody(name, contact.pk, ticket.pk if ticket else None, counted.get(partner, 0))


def _asker(person: Somebody) -> Callable[[str], bytes]:
    from django.test import Client

    from otklik.partners.models import Contact
    from otklik.portal.tests.people import sign_in

    client = Client(HTTP_HOST="localhost")
    sign_in(client, Contact.objects.get(pk=person.contact_id), sees_money=True)

    def ask(path: str) -> bytes:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return bytes(response.content)

    return ask


def _time(sheet: Sheet, name: str, path: str, ask: Callable[[str], bytes]) -> None:
    from django.db import connection

    ask(path)
    queries = queries_of(lambda: ask(path))
    assert connection.connection is not None
    with steps_counted(connection.connection) as steps:
        ask(path)
    timing = measure(lambda: ask(path), runs=RUNS, warm_up=1)
    remark = (
        f"({ms(timing.median_cpu)} / {ms(timing.p95_cpu)}) · {queries} · {steps[0]:,}"
        f" · p95 {verdict(timing.p95, LIMIT)}, of CPU time {verdict(timing.p95_cpu, LIMIT)}"
    )
    sheet.add(name, f"{ms(timing.median)} / {ms(timing.p95)}", remark)
    note(f"{name}: {ms(timing.median)} / {ms(timing.p95)} {remark}")


def _count(sheet: Sheet) -> None:
    """The job behind the figures of "whom to ask": once an hour, beside everything else."""
    from otklik.desk.operations.answer_times import count_answer_times
    from otklik.kit.clock import now

    began = time.perf_counter()
    rows = count_answer_times(at=now())
    sheet.add("counting how soon answers came", f"{time.perf_counter() - began:.1f} s", f"{rows:,} rows")


def _write_articles(wanted: int, desk: Desk) -> None:
    """Through the operations, as people write them: half begin in English, half in Russian."""
    from otklik.events.public import Actor
    from otklik.kit.clock import now
    from otklik.knowledge.models import Article
    from otklik.knowledge.operations.articles import Settings, create_article, publish_article
    from otklik.knowledge.operations.texts import Written, save_text

    there = Article.objects.count()
    if there >= wanted:
        return
    random = np.random.default_rng(_SEED)
    sentences = make_sentences(random, make_words(random))
    began = time.perf_counter()
    for number in range(there, wanted):
        lines = [sentences[n].text for n in random.integers(0, len(sentences), 2 * 14)]
        languages = ("en", "ru") if number % 2 else ("ru", "en")
        by, at = Actor.system(), now()
        article = create_article(
            language=languages[0],
            title=f"{lines[0][:70]} {number}",
            body="\n\n".join(lines[1:14]),
            settings=Settings(slug=f"bench-{number}"),
            by=by,
            at=at,
        )
        other = Written(title=f"{lines[14][:70]} {number}", body="\n\n".join(lines[15:]), based_on=None)
        save_text(article_id=article.pk, language=languages[1], written=other, by=by, at=at)
        publish_article(article_id=article.pk, by=by, at=at)
        if number % 500 == 499:
            note(f"{number + 1:,} articles after {time.perf_counter() - began:.0f} s")
