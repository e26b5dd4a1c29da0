"""Server time of the NPS page and the partner list, through every middleware, template and query of theirs.

The test client calls the application in this process: no network, no granian, the real SQLite file with the
product's own settings, warm. Filters as people meet them: none, one, two and more, somebody who sees own
partners only, a page deep in the list, a search.

The target is for a machine with nothing else to do. Where others work on it the wall clock waits for them;
CPU time, which these pages consist of, does not (much), and is judged beside it.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.bench.harness import Sheet, measure, ms, note, steps_counted, verdict
from tests.bench.scale import Cast, open_large_installation

RUNS = 40
LIMIT = 0.1
TABLES = (
    "partners_partner",
    "partners_contact",
    "feedback_response",
    "analytics_scorecell",
    "analytics_scorerollup",
    "search_document",
)


@dataclass(frozen=True, slots=True)
class Variant:
    name: str
    user_id: int
    path: str


def run() -> Sheet:
    folder, cast, built = open_large_installation()
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    sheet = Sheet("Pages over 20,000 partners, 100,000 contacts, 1,000,000 answers, 24 months, 12 segments")
    sheet.add(
        "database made in",
        built,
        f"{(folder / 'otklik.sqlite3').stat().st_size / 2**20:.0f} MiB, kept for the next run",
    )
    for table in TABLES:
        sheet.add(f"rows in {table}", f"{_rows_in(table):,}")
    sheet.add(f"target: p95 under {ms(LIMIT)}", "p50 / p95", "(of CPU time) · queries · SQLite instructions")
    for name, user_id in (("the account manager", cast.manager), ("the new account manager", cast.newcomer)):
        sheet.add(f"own partners, answers of {name}", _own(user_id))
    for variant in variants(cast):
        _time(sheet, variant)
    for name, path in (("NPS page", "/nps/"), ("partner list", "/partners/")):
        _weigh(sheet, name, cast.head, path)
    return sheet


def variants(cast: Cast) -> Iterator[Variant]:
    two = {"segment": "Brokers", "country": "KZ"}
    three = {**two, "role": "end_user"}
    for name, user_id, query in (
        ("no filter", cast.head, {}),
        ("24 months", cast.head, {"period": "last_24_months"}),
        ("one filter, segment", cast.head, {"segment": "Brokers"}),
        ("one filter, the largest country", cast.head, {"country": "RU"}),
        ("two filters, segment and country", cast.head, two),
        ("two filters, the largest values", cast.head, {"segment": "Affiliates", "channel": "email"}),
        ("two filters, tier and channel", cast.head, {"tier": "bronze", "channel": "email"}),
        ("three filters", cast.head, three),
        ("dates in the middle of months", cast.head, {"period": "custom", "from": _day(200), "to": _day(20)}),
        ("two filters, 24 months", cast.head, {**two, "period": "last_24_months"}),
        ("account manager, own partners", cast.manager, {}),
        ("account manager, 24 months", cast.manager, {"period": "last_24_months"}),
        ("account manager, one filter", cast.manager, {"segment": "Brokers"}),
        ("new account manager", cast.newcomer, {}),
    ):
        yield Variant(f"NPS: {name}", user_id, f"/nps/?{urlencode(query)}")
    for name, user_id, query in (
        ("no filter", cast.head, {}),
        ("by revenue", cast.head, {"sort": "-revenue"}),
        ("by renewal", cast.head, {"sort": "renewal"}),
        ("one filter, tier", cast.head, {"tier": "gold"}),
        ("one filter, manager", cast.head, {"manager": str(cast.manager)}),
        ("two filters, country and status", cast.head, {"country": "KZ", "status": "paused"}),
        ("page 399 of 400", cast.head, {"page": "399"}),
        ("page 250, by revenue", cast.head, {"page": "250", "sort": "-revenue"}),
        ("search for one", cast.head, {"q": "P-1234"}),
        ("search for a common word", cast.head, {"q": "aurora"}),
        ("search and filter", cast.head, {"q": "media", "tier": "gold"}),
        ("account manager, own partners", cast.manager, {}),
        ("account manager, page 20", cast.manager, {"page": "20"}),
        ("account manager, search", cast.manager, {"q": "aurora"}),
    ):
        yield Variant(f"partners: {name}", user_id, f"/partners/?{urlencode(query)}")
    yield Variant("home of the head", cast.head, "/")
    yield Variant("home of an account manager", cast.manager, "/")
    yield Variant("one partner", cast.head, "/partners/1/")


def _day(ago: int) -> str:
    from datetime import UTC, datetime, timedelta

    return (datetime.now(UTC).date() - timedelta(days=ago)).isoformat()


def _time(sheet: Sheet, variant: Variant) -> None:
    from django.db import connection

    ask = asker(variant.user_id, variant.path)
    ask()
    queries = queries_of(ask)
    assert connection.connection is not None
    with steps_counted(connection.connection) as steps:
        ask()
    timing = measure(ask, runs=RUNS, warm_up=2)
    remark = (
        f"({ms(timing.median_cpu)} / {ms(timing.p95_cpu)}) · {queries} · {steps[0]:,}"
        f" · p95 {verdict(timing.p95, LIMIT)}, of CPU time {verdict(timing.p95_cpu, LIMIT)}"
    )
    sheet.add(variant.name, f"{ms(timing.median)} / {ms(timing.p95)}", remark)
    note(f"{variant.name}: {ms(timing.median)} / {ms(timing.p95)} {remark}")


def queries_of(ask: Any) -> int:
    from django.db import connection

    asked = 0

    def counting(execute: Any, *arguments: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*arguments)

    with connection.execute_wrapper(counting):
        ask()
    return asked


def asker(user_id: int, path: str) -> Any:
    from django.test import Client

    from otklik.identity.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(pk=user_id))

    def ask() -> bytes:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return bytes(response.content)

    return ask


def _rows_in(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _own(user_id: int) -> str:
    """Where managers see own partners only; their figures are counted from these answers, one by one."""
    from otklik.feedback.access import own_responses, scope_of
    from otklik.identity.models import User

    answers = own_responses(scope_of(User.objects.get(pk=user_id)))
    return f"{answers.values('partner').distinct().count():,}, {answers.count():,}"


def _weigh(sheet: Sheet, name: str, user_id: int, path: str) -> None:
    """A first visit with an empty cache. Files as WhiteNoise sends them: Brotli, gzip, or as they are."""
    html = asker(user_id, path)()
    found = re.findall(r'<(?:script|link)[^>]+(?:src|href)="(/static/[^"]+)"', html.decode())
    assets = sorted(set(found))
    files = sum(_sent(_static() / asset.removeprefix("/static/")) for asset in assets)
    sheet.add(
        f"first visit, {name}",
        f"{(len(html) + files) / 1024:.0f} KiB",
        f"{1 + len(assets)} requests: page {len(html) / 1024:.0f} KiB as sent "
        f"({len(gzip.compress(html)) / 1024:.0f} if a proxy packs it), files {files / 1024:.0f} KiB packed",
    )


def _static() -> Path:
    from django.conf import settings

    return Path(settings.STATIC_ROOT)


def _sent(path: Path) -> int:
    """The smallest form that lies beside the file."""
    forms = [path, path.with_name(f"{path.name}.gz"), path.with_name(f"{path.name}.br")]
    return min(form.stat().st_size for form in forms if form.exists())
