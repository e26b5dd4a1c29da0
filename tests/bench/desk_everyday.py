"""20,000 tickets with three messages each: begin one, list, open, search, report, first visit, memory.

Begin, list, open and search run in this process through the test client (no network). First visit and memory
are of ``otklik serve`` as it is started by everybody, in processes of its own; the visit is Chromium's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.desk_pages import collect_files, time_page
from tests.bench.desk_scale import RARE, Desk, open_desk
from tests.bench.harness import CACHE, ROOT, Sheet, measure, ms, note, verdict
from tests.bench.pages import Variant, asker
from tests.bench.product import settings_for

TICKETS, RUNS = 20_000, 40
CREATE, LIST, TICKET, SEARCH, REPORT = 0.012, 0.025, 0.025, 0.020, 0.050
REQUESTS, VISIT_KIB, IDLE_MIB, LOADED_MIB = 12, 250, 320, 500
CHROMIUM = Path("/usr/bin/chromium-headless-shell")
LETTER = "The payout of March has not come yet; could you please look where it is? Regards."


def run() -> Sheet:
    kept, desk = open_desk(TICKETS)
    collect_files()
    sheet = Sheet(f"Desk of {TICKETS:,} tickets, three messages each")
    cast = desk.cast
    for name, path, limit in (
        ("inbox list", "/inbox/?view=open", LIST),
        ("inbox list, own tickets", "/inbox/?view=mine", LIST),
        ("inbox list, all", "/inbox/?view=all&order=activity", LIST),
        ("ticket page", f"/tickets/{TICKETS - 5}/", TICKET),
        ("search of a rare word, in the inbox", f"/inbox/?view=all&q={RARE}", SEARCH),
        ("search of a rare word, everywhere", f"/search/?q={RARE}", SEARCH),
        ("report page", "/reports/desk/", REPORT),
    ):
        _page(sheet, Variant(name, cast.head, path), limit)
    _finds_everyone(sheet, desk)
    with _served(kept) as served:
        sheet.add("idle, all processes", *_memory(served, IDLE_MIB))
        _show_processes(sheet, served, "idle")
        _visit(sheet, served, cast.head)
        _load(served, desk)
        sheet.add("after the load, all processes", *_memory(served, LOADED_MIB))
        _show_processes(sheet, served, "after")
    # Last: what new tickets set off is work for the processes that were measured idle.
    _begin(sheet, desk)
    return sheet


def _page(sheet: Sheet, variant: Variant, limit: float) -> None:
    from django.urls import Resolver404, resolve

    try:
        resolve(urlsplit(variant.path).path)
    except Resolver404:
        sheet.add(variant.name, "-", "there is no such page")
        return
    time_page(sheet, variant, limit, runs=RUNS, by_median=True)


def _finds_everyone(sheet: Sheet, desk: Desk) -> None:
    page = asker(desk.cast.head, f"/inbox/?view=all&q={RARE}")().decode()
    found = {int(number) for number in re.findall(r'href="/tickets/(\d+)/"', page)}
    missing = set(desk.rare_tickets) - found
    there = len(desk.rare_tickets)
    sheet.add("replies with the rare word found", str(there - len(missing)), f"of {there}")


def _begin(sheet: Sheet, desk: Desk) -> None:
    """CPU of this process; the event's subscribers run in the worker afterwards."""
    from django.db import connection, transaction

    for name, begin in (
        ("create_ticket", _by_operation(desk)),
        ("REST, POST /api/v1/tickets", _by_rest(desk)),
        ("form, POST /tickets/new/", _by_form(desk)),
    ):
        timing = measure(begin, runs=200, warm_up=10)
        cpu = sum(timing.cpu) / len(timing.cpu)
        remark = f"mean CPU; wall p50 {ms(timing.median)}; under {ms(CREATE)}: {verdict(cpu, CREATE)}"
        sheet.add(f"begin a ticket: {name}", ms(cpu), remark)
        note(f"begin by {name}: {ms(cpu)} {remark}")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_bare (id INTEGER PRIMARY KEY, subject TEXT, text TEXT)")

    def bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_bare (subject, text) VALUES (%s, %s)", ["Payout", LETTER])

    timing = measure(bare, runs=200, warm_up=10)
    sheet.add("bare transaction with one INSERT", ms(sum(timing.cpu) / len(timing.cpu)), "mean CPU")
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_bare")


def _by_operation(desk: Desk) -> Callable[[], object]:
    from otklik.desk.operations.tickets import create_ticket
    from otklik.desk.rules.vocabulary import Channel, Side
    from otklik.events.public import Actor
    from otklik.kit.clock import now
    from otklik.partners.models import Contact

    contacts = iter(Contact.objects.order_by("pk").values_list("pk", "partner__program_id")[:300])

    def begin() -> None:
        contact, program = next(contacts)
        create_ticket(
            program_id=program, subject="Payout of March", channel=Channel.FORM, side=Side.PARTNER,
            text=LETTER, contact_id=contact, by=Actor.system(), at=now(),
        )  # fmt: skip

    return begin


def _by_rest(desk: Desk) -> Callable[[], object]:
    from datetime import timedelta

    from django.test import Client

    from otklik.api.operations.tokens import create_token
    from otklik.api.rules.scopes import Scope
    from otklik.events.public import Actor
    from otklik.identity.models import User
    from otklik.kit.clock import now
    from otklik.partners.models import Contact, Program

    owner = User.objects.get(pk=desk.cast.head)
    _, secret = create_token(
        owner=owner, name=f"bench {time.time()}", scopes=[Scope.TICKETS_WRITE],
        expires_at=now() + timedelta(days=1), by=Actor.person(owner.pk), at=now(),
    )  # fmt: skip
    slug = Program.objects.get(pk=desk.cast.programs[0]).slug
    contacts = iter(Contact.objects.filter(partner__program__slug=slug).values_list("pk", flat=True)[:300])
    client = Client(HTTP_HOST="localhost", headers={"Authorization": f"Bearer {secret}"})

    def begin() -> None:
        body = {"program": slug, "subject": "Payout of March", "text": LETTER, "contact_id": next(contacts)}
        answer = client.post("/api/v1/tickets", body, content_type="application/json")
        assert answer.status_code == 201, answer.content

    return begin


def _by_form(desk: Desk) -> Callable[[], object]:
    from django.test import Client

    from otklik.identity.models import User
    from otklik.partners.models import Contact

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(pk=desk.cast.head))
    program = desk.cast.programs[0]
    rows = Contact.objects.filter(partner__program_id=program).order_by("pk")
    people = iter(rows.values_list("partner__name", "addresses__value")[:300])

    def begin() -> None:
        partner, address = next(people)
        body = {
            "kind": "asked", "program": program, "subject": "Payout of March", "text": LETTER,
            "partner": partner, "contact": address,
        }  # fmt: skip
        answer = client.post("/tickets/new/", body)
        assert answer.status_code == 302, answer.content[-3000:]

    return begin


@dataclass(frozen=True, slots=True)
class _Served:
    url: str
    supervisor: int
    folder: Path


@contextmanager
def _served(kept: Path) -> Iterator[_Served]:
    """``otklik serve`` on a copy, a few seconds after its start."""
    from django.db import connection

    from tests.servers.ports import free_port

    connection.close()
    folder = CACHE / "desk_served.run"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder, ignore=shutil.ignore_patterns("complete"))
    port = free_port()
    command = [sys.executable, "-P", "-m", "otklik.cli", "serve", "--data", str(folder)]
    command += ["--port", str(port), "--edge-port", str(free_port())]
    environment = {**_clean(), **settings_for(folder), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(f"http://localhost:{port}/health/")
            time.sleep(8)
            yield _Served(f"http://localhost:{port}", process.pid, folder)
        finally:
            process.terminate()
            process.wait(timeout=60)
    shutil.rmtree(folder, ignore_errors=True)


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}


def _wait_for(url: str) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _processes(root: int) -> dict[int, tuple[str, float, float]]:
    """Of the supervisor and everything below it: name, PSS and how much of it is mapped files, in MiB."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = status.read_text().partition(" (")
            parents[int(number)] = int(rest.rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    family, found = {root}, 0
    while found != len(family):
        found = len(family)
        family |= {pid for pid, parent in parents.items() if parent in family}
    told = {}
    for pid in sorted(family):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        found = re.findall(r"^(Pss\w*):\s+(\d+) kB", rollup, re.MULTILINE)
        size = {name: int(kb) / 1024 for name, kb in found}
        told[pid] = (words, size.get("Pss", 0.0), size.get("Pss_File", 0.0))
    return told


def _memory(served: _Served, limit: float) -> tuple[str, str]:
    """Pages of mapped files, most of them the database's, count too: the target is of the whole PSS."""
    family = _processes(served.supervisor).values()
    total, files = sum(pss for _, pss, _ in family), sum(mapped for _, _, mapped in family)
    remark = f"PSS, {files:.0f} of it mapped files; target at most {limit} MiB: {verdict(total, limit)}"
    return f"{total:.0f} MiB", remark


def _show_processes(sheet: Sheet, served: _Served, when: str) -> None:
    for pid, (words, pss, mapped) in _processes(served.supervisor).items():
        parts = [word for word in words.split() if not word.startswith(("-", "/"))]
        called = " ".join(parts)[:60]
        sheet.add(
            f"  {when}: process {pid - served.supervisor}", f"{pss:.0f} MiB", f"{mapped:.0f} files; {called}"
        )


def _cookie(served: _Served, user_id: int) -> str:
    """Of a session that is stored in the served copy."""
    script = (
        "import sys, django; django.setup()\n"
        "from django.test import Client\n"
        "from otklik.identity.models import User\n"
        "client = Client(); client.force_login(User.objects.get(pk=int(sys.argv[1])))\n"
        "print(client.cookies['otklik_session'].value)"
    )
    environment = {**_clean(), **settings_for(served.folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script, str(user_id)]
    found = subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True, text=True)
    return found.stdout.strip()


def _visit(sheet: Sheet, served: _Served, user_id: int) -> None:
    """With an empty cache: everything the browser asks for until nothing more comes."""
    if not CHROMIUM.exists():
        sheet.add("first visit", "-", "skipped: Chromium is not installed")
        return
    from playwright.sync_api import sync_playwright

    session = _cookie(served, user_id)
    asked: dict[str, str] = {}
    sizes: dict[str, float] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox"])
        context = browser.new_context(viewport={"width": 1280, "height": 860})
        context.add_cookies([{"name": "otklik_session", "value": session, "url": served.url}])
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.on("Network.requestWillBeSent", lambda e: asked.update({e["requestId"]: e["request"]["url"]}))
        wire.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
        wire.send("Network.enable")
        page.goto(f"{served.url}/inbox/?view=open", wait_until="load")
        page.wait_for_timeout(3000)
        browser.close()
    kib = sum(sizes.values()) / 1024
    hosts = {urlsplit(url).hostname for url in asked.values() if urlsplit(url).scheme.startswith("http")}
    count = sum(urlsplit(url).scheme.startswith("http") for url in asked.values())
    met = "met" if count <= REQUESTS else "MISSED"
    sheet.add("first visit of the list, requests", str(count), f"target at most {REQUESTS}: {met}")
    met = "met" if kib <= VISIT_KIB else "MISSED"
    sheet.add(
        "first visit of the list, on the wire", f"{kib:.0f} KiB", f"target at most {VISIT_KIB} KiB: {met}"
    )
    for key, url in asked.items():
        note(f"{sizes.get(key, 0) / 1024:7.1f} KiB {url[:110]}")
    sheet.add("other hosts", ", ".join(sorted(str(host) for host in hosts - {"localhost"})) or "none")


def _load(served: _Served, desk: Desk) -> None:
    """600 pages of an hour's work: list, search, tickets, one after another."""
    cookie = _cookie(served, desk.cast.head)
    for number in range(200):
        for path in (
            "/inbox/?view=open",
            f"/inbox/?view=all&q={('payout', 'report', RARE)[number % 3]}",
            f"/tickets/{TICKETS - number * 7}/",
        ):
            request = urllib.request.Request(
                served.url + path, headers={"Cookie": f"otklik_session={cookie}"}
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                answer.read()
