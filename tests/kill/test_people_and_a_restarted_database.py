"""PostgreSQL goes away while people answer: each hears that it was done, or that they shall try again, and
what they wrote is still there. Whoever does try again writes nothing twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from pathlib import Path

import pytest

from otklik.kit.tests.smtp_server import SmtpServer, smtp_server
from tests.kill.people import Answer, Person, program
from tests.kill.test_database_restarted import Supervised, server  # noqa: F401
from tests.kill.test_many_at_once import ask, start_web, tickets, wait
from tests.servers.installation import Installation
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.slow
EACH = 12
TELLS = {"en": "The database does not answer", "ru": "База данных не отвечает"}


@pytest.fixture
def mail() -> Iterator[SmtpServer]:
    with smtp_server() as found:
        yield found


@pytest.fixture
def installation(server: Postgres, tmp_path: Path, mail: SmtpServer) -> Iterator[Installation]:  # noqa: F811
    # What a worker had in hand when the database went is handed out again after this.
    extra = {"OTKLIK_MAIL_URL": f"smtp://127.0.0.1:{mail.port}", "OTKLIK_WORKER_RETRY_SECONDS": "10"}
    built = Installation(tmp_path, database_url=server.create_with_tables("otklik"), extra=extra)
    try:
        yield built
    finally:
        built.end()


def until_it_is_done(
    web: str, language: str, name: str, ticket: int, refused: list[Answer], busy: threading.Barrier
) -> None:
    """Somebody who answers twelve times, and again where the page says so."""
    person = Person(web).sign_in(name, language=language)
    begun = time.monotonic()
    for number in range(EACH):
        if number == 2:
            busy.wait(60)
        text = f"Answer {name} {number}"
        fields = {"mode": "reply", "to_partner": "1", "anyway": "1", "key": f"k{number}", "text": text}
        while (answer := person.post(f"/tickets/{ticket}/messages/", **fields)).status != 302:
            assert answer.status == 503, answer
            assert TELLS[language] in answer.text
            assert text in answer.text
            refused.append(answer)
            assert time.monotonic() - begun < 120
            time.sleep(0.3)
        assert "/account/login/" not in answer.location
        time.sleep(0.2)


def program_until_done(
    web: str, token: str, ticket: int, refused: list[Answer], busy: threading.Barrier
) -> None:
    for number in range(EACH):
        if number == 2:
            busy.wait(60)
        body = {"kind": "note", "text": f"Note {number}"}
        while (
            answer := program(web, token, f"/tickets/{ticket}/messages", body, f"n{number}")
        ).status not in (200, 201):
            assert answer.status == 503, answer
            assert '"database_away"' in answer.text
            refused.append(answer)
            time.sleep(0.3)
        time.sleep(0.2)


def test_people_who_answer_while_the_database_restarts_lose_nothing_and_write_nothing_twice(
    server: Postgres,  # noqa: F811
    installation: Installation,
    mail: SmtpServer,
) -> None:
    token = ask(installation, "seed")
    web = start_web(installation)
    found = tickets(Person(web).sign_in("root"))
    supervised = Supervised(installation)  # type: ignore[arg-type]
    supervised.start()
    refused: list[Answer] = []
    over = threading.Event()

    # The database goes once everybody is in the middle of it, and stays away longer than they pause.
    busy = threading.Barrier(4)

    def restarts() -> None:
        busy.wait(60)
        server.restart(away=1.0)
        for _ in range(2):
            if not over.wait(2):
                server.restart()

    restarting = threading.Thread(target=restarts)
    with ThreadPoolExecutor(3) as pool:
        doings = [
            pool.submit(until_it_is_done, web, "en", "anna", found["Link 1"], refused, busy),
            pool.submit(until_it_is_done, web, "ru", "dmitri", found["Link 1"], refused, busy),
            pool.submit(program_until_done, web, token, found["Link 2"], refused, busy),
        ]
        restarting.start()
        for doing in doings:
            doing.result()
    over.set()
    restarting.join()
    assert refused, "the database was never missed"
    # The answers leave now: once more in the middle of that.
    time.sleep(6)
    server.restart()
    ask(installation, "free")
    state = wait(installation, lambda state: state["open"] == 0 and set(state["deliveries"]) == {"sent"})
    supervised.over.set()
    once = [f"Answer {name} {n}" for name in ("anna", "dmitri") for n in range(EACH)]
    once += [f"Note {n}" for n in range(EACH)]
    assert {text: state["said"].get(text) for text in once} == dict.fromkeys(once, 1)
    assert state["miscounted"] == []
    assert state["sent"] == 2 * EACH
    # A mail whose attempt nobody knows the end of goes once more, under the same name.
    for text in once[: 2 * EACH]:
        names = {message_from_bytes(one)["Message-ID"] for one in mail.mails if f"{text}\r\n".encode() in one}
        assert len(names) == 1, text
