"""Two web processes and two workers, and everybody at once: nothing is lost, nothing comes twice, and nobody
reads an error."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from otklik.kit.tests.smtp_server import SmtpServer, smtp_server
from tests.kill.people import Answer, Person, hidden, program
from tests.servers.fixtures import postgres  # noqa: F401
from tests.servers.installation import Installation
from tests.servers.ports import free_port

pytestmark = pytest.mark.slow
ANSWERS, QUESTIONS, CALLS, STATUSES, BULK = 30, 10, 30, 30, 10
LINKS = [f"Link {number}" for number in range(1, 7)]
Doing = Callable[[], Answer]


@pytest.fixture
def mail() -> Iterator[SmtpServer]:
    with smtp_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path, mail: SmtpServer) -> Iterator[Installation]:
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").create_with_tables(tmp_path.name)
    built = Installation(
        tmp_path, database_url=url, extra={"OTKLIK_MAIL_URL": f"smtp://127.0.0.1:{mail.port}"}
    )
    try:
        yield built
    finally:
        built.end()


def ask(installation: Installation, *arguments: str) -> Any:
    said = installation.errand("tests/kill/desk_drive.py", *arguments)
    return json.loads(said.splitlines()[-1]) if said.strip() else None


def start_web(installation: Installation) -> str:
    """Its address, once it answers."""
    port = free_port()
    listen = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "4"]
    installation.start("web", "-m", "granian", *listen, "--no-ws", "otklik.config.wsgi:application")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health/", timeout=2):
            return f"http://127.0.0.1:{port}"
        time.sleep(0.1)
    raise AssertionError(installation.logs())


def wait(installation: Installation, what: Callable[[Any], bool]) -> Any:
    end = time.monotonic() + 120
    while not what(state := ask(installation, "state")):
        assert time.monotonic() < end, f"{state}\n{installation.logs()[-6000:]}"
        time.sleep(0.5)
    return state


def tickets(somebody: Person) -> dict[str, int]:
    """Their numbers by subject, as the inbox says."""
    page = somebody.get("/inbox/?view=all&q=Link").text
    rows = re.findall(r'class="row-name[^"]*" href="/tickets/(\d+)/"[^>]*>\s*([^<]*?)\s*<', page)
    return {subject: int(number) for number, subject in rows}


def answers(people: list[Person], webs: list[str], ticket: int) -> list[Doing]:
    """Each twice: somebody presses the button again while the first request is on its way."""

    def doing(number: int, web: str) -> Doing:
        person = people[number % len(people)]
        fields = {"mode": "reply", "to_partner": "1", "anyway": "1", "key": f"k{number}"}
        return lambda: person.post(f"/tickets/{ticket}/messages/", web, text=f"Answer {number}", **fields)

    return [doing(number, web) for number in range(ANSWERS) for web in webs]


def questions(webs: list[str]) -> list[Doing]:
    """By the form; each page is sent twice."""

    def doing(guest: Person, opened: str, number: int, web: str) -> Doing:
        fields = {"name": "Pavel", "email": f"pavel{number}@x.example", "opened": opened}
        asks = {"subject": f"Question {number}", "text": f"Question {number}?"}
        return lambda: guest.post("/ask/help/", web, **fields, **asks)

    found = []
    for number in range(QUESTIONS):
        guest = Person(webs[0])
        opened = hidden(guest.get("/ask/help/"), "opened")
        found += [doing(guest, opened, number, web) for web in webs]
    return found


def calls(token: str, webs: list[str], ticket: int) -> list[Doing]:
    """By programs, each twice under one key: new tickets, and notes in the ticket that everybody is at."""

    def doing(number: int, web: str) -> Doing:
        if number % 2:
            body = {"kind": "note", "text": f"Note {number}"}
            return lambda: program(web, token, f"/tickets/{ticket}/messages", body, f"note-{number}")
        body = {"program": "north", "contact_id": 1, "subject": f"Call {number}", "text": f"Call {number}!"}
        return lambda: program(web, token, "/tickets", body, f"call-{number}")

    return [doing(number, web) for number in range(CALLS) for web in webs]


def changes(people: list[Person], webs: list[str], found: dict[str, int]) -> list[Doing]:
    def status(number: int) -> Doing:
        ticket = found[LINKS[1 + number % 5]]
        wanted = ("solved", "open", "on_hold")[number % 3]
        person, web = people[number % len(people)], webs[number % 2]
        return lambda: person.post(f"/tickets/{ticket}/status/", web, status=wanted)

    def bulk(number: int) -> Doing:
        person, web = people[number % len(people)], webs[number % 2]
        action, value = (("tag", f"tag{number}"), ("priority", "high"))[number % 2]
        chosen = [str(pk) for pk in found.values()]
        return lambda: person.post("/inbox/bulk/", web, action=action, value=value, ticket=chosen)

    return [status(number) for number in range(STATUSES)] + [bulk(number) for number in range(BULK)]


def test_everybody_at_once_loses_nothing_and_doubles_nothing(
    installation: Installation, mail: SmtpServer
) -> None:
    token = ask(installation, "seed")
    webs = [start_web(installation), start_web(installation)]
    people = [Person(web).sign_in(name) for web in webs for name in ("anna", "dmitri")]
    found = tickets(people[0])
    assert sorted(found) == LINKS
    doings = questions(webs)
    opened_at = time.monotonic()
    installation.start_worker()
    installation.start_worker()
    doings += answers(people, webs, found["Link 1"])
    doings += calls(token, webs, found["Link 1"])
    doings += changes(people, webs, found)
    Random(7).shuffle(doings)
    time.sleep(max(0.0, 3.5 - (time.monotonic() - opened_at)))  # forms sent sooner are a program's
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda doing: doing(), doings))

    odd = [result for result in results if result.status not in (200, 201, 302)]
    assert not odd, f"{odd[0]}\n{installation.logs()[-6000:]}"
    log = installation.logs()
    assert "database is locked" not in log
    assert "deadlock detected" not in log

    state = wait(installation, lambda state: state["open"] == 0 and state["deliveries"] == {"sent": ANSWERS})
    once = [f"Answer {n}" for n in range(ANSWERS)] + [f"Question {n}?" for n in range(QUESTIONS)]
    once += [f"Note {n}" if n % 2 else f"Call {n}!" for n in range(CALLS)]
    assert {text: state["said"].get(text) for text in once} == dict.fromkeys(once, 1)
    subjects = [f"Question {n}" for n in range(QUESTIONS)] + [f"Call {n}" for n in range(0, CALLS, 2)]
    assert {subject: state["subjects"].get(subject) for subject in subjects} == dict.fromkeys(subjects, 1)
    assert state["miscounted"] == []
    assert state["unfound"] == 0
    assert state["sent"] == ANSWERS
    left = Counter(n for n in range(ANSWERS) for one in mail.mails if f"Answer {n}\r\n".encode() in one)
    assert left == dict.fromkeys(range(ANSWERS), 1)
