"""The stream as a browser sees it. Questions to the database are replaced; tests/edge asks the real one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from datetime import datetime
from typing import Any

import pytest

from otklik.edge import live as live_module
from otklik.edge.hub import Hub
from otklik.edge.live import Live, Pace
from otklik.edge.tests.asgi import Call
from otklik.edge.tickets import issue_ticket

ORIGIN = "http://localhost:8765"
SLOW = Pace(heartbeat=60, recheck=60)


class SameThread(Executor):
    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(function(*args, **kwargs))
        return done


class Rights:
    """What everybody may watch, for as long as a test says so."""

    def __init__(self) -> None:
        self.allowed = {"partner:1", "partner:*"}
        self.missed: set[str] = set()

    def watchable_by(self, person: int, topics: Any) -> list[str]:
        return [topic for topic in topics if topic in self.allowed]

    def topics_since(self, moment: datetime) -> set[str]:
        return self.missed


@pytest.fixture
def rights(monkeypatch: pytest.MonkeyPatch) -> Rights:
    rights = Rights()
    monkeypatch.setattr(live_module, "watchable_by", rights.watchable_by)
    monkeypatch.setattr(live_module, "topics_since", rights.topics_since)
    monkeypatch.setattr(live_module, "close_old_connections", lambda: None)
    monkeypatch.setattr(Live, "_watch", lambda self: None)
    return rights


def made(pace: Pace = SLOW, hub: Hub | None = None) -> Live:
    return Live(ORIGIN, pace, hub or Hub(), _database=SameThread())  # type: ignore[arg-type]


def ticket(*topics: str, person: int = 1) -> str:
    return issue_ticket(person, topics or ("partner:1",), since=0)


def run(story: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(20):
            await story

    asyncio.run(bounded())


def test_it_says_which_topic_changed_and_only_to_those_who_asked(rights: Rights) -> None:
    async def story() -> None:
        live, call = made(), Call(ticket("partner:1"), ORIGIN)
        task = call.start(live)
        await call.until(": open")
        assert call.headers[b"content-type"].startswith(b"text/event-stream")
        assert call.headers[b"access-control-allow-origin"] == ORIGIN.encode()
        assert "retry: " in call.text
        live.hub.publish({"partner:2", "contact:1"})
        live.hub.publish({"partner:1"})
        await call.until("event: topic\ndata: partner:1\n\n")
        assert "partner:2" not in call.text
        call.go_away()
        await task
        assert live.hub.count == 0

    run(story())


def test_everything_changed_reaches_every_topic(rights: Rights) -> None:
    async def story() -> None:
        live, call = made(), Call(ticket("partner:1", "partner:*"))
        call.start(live)
        await call.until(": open")
        live.hub.publish({"*"})
        await call.until("data: partner:*\n\nevent: topic\ndata: partner:1\n\n")

    run(story())


def test_what_changed_while_nobody_listened_is_told_first(rights: Rights) -> None:
    rights.missed = {"partner:1", "partner:9"}

    async def story() -> None:
        call = Call(ticket("partner:1"))
        call.start(made())
        await call.until("data: partner:1\n\n")
        assert "partner:9" not in call.text

    run(story())


@pytest.mark.parametrize(
    ("bad", "origin"), [("", ORIGIN), ("nonsense", ORIGIN), (None, "http://evil.example"), (None, "null")]
)
def test_a_bad_ticket_or_a_foreign_page_is_refused(rights: Rights, bad: str | None, origin: str) -> None:
    async def story() -> None:
        call = Call(ticket() if bad is None else bad, origin)
        await call.start(made())
        assert call.status == 403

    run(story())


def test_a_ticket_for_topics_that_were_taken_away_is_refused(rights: Rights) -> None:
    rights.allowed.clear()

    async def story() -> None:
        call = Call(ticket())
        await call.start(made())
        assert call.status == 403

    run(story())


def test_a_stream_ends_when_its_right_does(rights: Rights) -> None:
    async def story() -> None:
        live = made(Pace(heartbeat=60, recheck=0.05))
        call = Call(ticket("partner:1", "partner:*"))
        task = call.start(live)
        await call.until(": open")
        rights.allowed = {"partner:*"}
        await task
        assert live.hub.count == 0

    run(story())


def test_a_quiet_stream_is_kept_open_by_comments(rights: Rights) -> None:
    async def story() -> None:
        call = Call(ticket())
        call.start(made(Pace(heartbeat=0.02)))
        await call.until(": still here\n\n: still here")

    run(story())


def test_nobody_opens_streams_without_end(rights: Rights) -> None:
    async def story() -> None:
        live = made(hub=Hub(most=3, most_per_person=2))
        opened = [Call(ticket(person=person)) for person in (1, 1, 2)]
        tasks = [call.start(live) for call in opened]
        for call in opened:
            await call.until(": open")
        for person in (1, 3):  # one too many for the person; one too many for the process
            refused = Call(ticket(person=person))
            await refused.start(live)
            assert refused.status == 429
        opened[0].go_away()
        await tasks[0]
        again = Call(ticket(person=1))
        again.start(live)
        await again.until(": open")

    run(story())


def test_a_client_that_does_not_read_is_dropped(rights: Rights) -> None:
    async def story() -> None:
        live, call = made(Pace(heartbeat=60, recheck=60, send=0.05)), Call(ticket())
        task = call.start(live)
        await call.until(": open")
        call.reads = False
        live.hub.publish({"partner:1"})
        await task
        assert live.hub.count == 0

    run(story())


def test_streams_end_when_the_process_does(rights: Rights) -> None:
    async def story() -> None:
        live, call = made(), Call(ticket())
        task = call.start(live)
        await call.until(": open")
        await live.close()
        await task

    run(story())
