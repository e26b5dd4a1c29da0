"""The fast way in says what Django says, and stores together what comes together."""

from __future__ import annotations

import io
import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import OperationalError, close_old_connections
from django.test import Client

from otklik.feedback.models import Response, SurveyLink
from otklik.feedback.web.answering.door import AnswerDoor, stored
from otklik.feedback.web.answering.group import GroupCommit
from otklik.feedback.web.answering.receiving import Busy
from otklik.kit.page_threads import PageThreads


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test stands in a transaction, and a connection in one is taken for an old one and closed: PostgreSQL
    then was away for both sides alike."""
    monkeypatch.setattr("otklik.feedback.web.answering.door.close_old_connections", lambda: None)
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


class Here:
    """The test's own thread, whose connection sees what the test wrote."""

    def run(self, function: Any, *given: Any) -> Any:
        return function(*given)


def knock(path: str, body: bytes, door: Any = None, **extra: str) -> tuple[int, dict[str, str], Any]:
    said: list[Any] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/json",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "HTTP_X_OTKLIK_ANSWER": "1",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    } | extra
    if not environ["HTTP_X_OTKLIK_ANSWER"]:
        del environ["HTTP_X_OTKLIK_ANSWER"]
    door = door or AnswerDoor(WSGIHandler(), pages=Here(), take=lambda given: stored([given])[0])
    found = b"".join(door(environ, lambda status, headers: said.append((status, dict(headers)))))
    status, headers = said[0]
    is_json = headers["Content-Type"] == "application/json"
    return int(status.split()[0]), headers, json.loads(found) if is_json else found.decode()


ANSWER = json.dumps({"score": 9, "gesture": "key", "key": "k" * 20}).encode()


@pytest.mark.parametrize(
    ("body", "extra"),
    [
        (ANSWER, {}),
        (b'{"score": 11, "gesture": "key"}', {}),
        (b"{", {}),
        (b"x" * 300_000, {}),
        (ANSWER, {"HTTP_SEC_FETCH_SITE": "cross-site"}),
        (ANSWER, {"HTTP_ORIGIN": "https://evil.example"}),
        (ANSWER, {"HTTP_HOST": "evil.example"}),
    ],
)
def test_the_door_says_what_django_says(page: str, body: bytes, extra: dict[str, str]) -> None:
    ours = knock(page, body, **extra)
    environ = {"HTTP_X_OTKLIK_ANSWER": "1", "HTTP_HOST": "testserver"} | extra
    theirs = Client(raise_request_exception=False).post(
        page, body, content_type="application/json", **environ
    )
    assert ours[0] == theirs.status_code < 500
    if theirs["Content-Type"] == "application/json":
        known = {"recorded": "same"}
        assert {known.get(v, v) for v in ours[2].values()} == set(theirs.json().values())
        away = {"Vary", "Content-Language"}
        assert {k: v for k, v in ours[1].items() if k not in away} == {
            k: v for k, v in theirs.headers.items() if k not in away
        } | {"Content-Length": ours[1]["Content-Length"]}


def test_whatever_is_no_answer_goes_on_to_django(page: str, link: SurveyLink) -> None:
    form = "application/x-www-form-urlencoded"
    plain = knock(page, b"plain=1&score=4", HTTP_X_OTKLIK_ANSWER="", CONTENT_TYPE=form)
    assert plain[0] == 302
    assert knock("/a/none/", ANSWER)[0] == 404
    assert knock(f"/s/{link.slug}/", ANSWER)[2] == {"outcome": "recorded"}
    assert knock("/s/none-such/", ANSWER)[0] == 404
    assert knock("/nps/", ANSWER)[0] == 403  # no token of a form of ours


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [("database is locked", 503, "database_away"), ("database or disk is full", 507, "disk_full")],
)
def test_a_database_that_takes_nothing_is_told_as_such(
    page: str, monkeypatch: pytest.MonkeyPatch, said: str, status: int, code: str
) -> None:
    def take(given: Sequence[Any]) -> None:
        raise OperationalError(said) from sqlite3.OperationalError(said)

    monkeypatch.setattr("otklik.feedback.web.answering.door.take_answers", take)
    found, headers, body = knock(page, ANSWER)
    assert (found, body["code"], headers["Retry-After"]) == (status, code, "5")
    assert not Response.objects.exists()


def test_a_fault_of_ours_is_told_without_its_words(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("otklik.feedback.web.answering.door.take_answers", lambda given: 1 / 0)
    assert knock(page, ANSWER)[::2] == (500, {"code": "broken"})


def test_pages_are_worked_on_a_few_at_a_time() -> None:
    most, running, lock = [0], [0], threading.Lock()

    def slow(environ: Any, start_response: Any) -> list[bytes]:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.01)
        with lock:
            running[0] -= 1
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b""]

    door = AnswerDoor(slow, pages=PageThreads(2))
    together(8, lambda number: knock("/nps/", b"", door))
    assert most == [2]


def together(amount: int, run: Any) -> list[Any]:
    found: list[Any] = [None] * amount

    def one(number: int) -> None:
        try:
            found[number] = run(number)
        except Exception as error:
            found[number] = error

    threads = [threading.Thread(target=one, args=(number,)) for number in range(amount)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_what_comes_meanwhile_is_stored_together() -> None:
    sizes = []

    def store(chunk: Sequence[int]) -> list[int]:
        # The first one takes as long as all others need to come, however slow the machine is.
        while not sizes and len(group._queue) < 40 - len(chunk):
            time.sleep(0.001)
        sizes.append(len(chunk))
        return [number * 10 for number in chunk]

    group = GroupCommit(store, most=15)
    assert together(40, group.take) == [number * 10 for number in range(40)]
    waited = 40 - sizes[0]
    assert sizes[1:] == [size for size in (15,) * (waited // 15) + (waited % 15,) if size]
    assert group.take(7) == 70


def test_one_that_cannot_be_stored_takes_nobody_with_it() -> None:
    def store(chunk: Sequence[int]) -> list[int]:
        time.sleep(0.01)
        if 13 in chunk:
            raise ValueError("13")
        return list(chunk)

    found = together(20, GroupCommit(store).take)
    assert isinstance(found[13], ValueError)
    assert [one for one in found if not isinstance(one, Exception)] == [n for n in range(20) if n != 13]


def test_nobody_waits_for_ever_and_who_gave_up_is_not_stored_afterwards() -> None:
    stored, go = [], threading.Event()

    def store(chunk: Sequence[int]) -> list[int]:
        go.wait(5)
        stored.extend(chunk)
        return list(chunk)

    group = GroupCommit(store, patience=5)
    first = threading.Thread(target=group.take, args=(1,))
    first.start()
    while group._queue or group._thread is None:
        time.sleep(0.001)
    time.sleep(0.02)
    group._patience = 0.05
    with pytest.raises(Busy):
        group.take(2)
    go.set()
    first.join()
    group._patience = 5
    assert group.take(3) == 3
    assert stored == [1, 3]
