"""``GET /live?ticket=...``: the stream of server-sent events."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import parse_qs

from django.db import Error, close_old_connections

from otklik.edge.hub import Hub, Stream, TooManyStreams
from otklik.edge.tickets import BadTicket, read_ticket
from otklik.edge.topics import watchable_by
from otklik.edge.watcher import Watcher
from otklik.events.public import topics_since

log = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
T = TypeVar("T")
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. ``recheck``: how long a right that was taken away may last. ``send``: how long a client may
    take to accept a few bytes before it is dropped. ``longest``: then it comes back with a new ticket."""

    heartbeat: float = 15.0
    recheck: float = 30.0
    send: float = 10.0
    longest: float = 3600.0
    retry: float = 3.0


@dataclass(slots=True)
class Live:
    """All live streams of a process and the one watcher behind them, which starts with the first of them."""

    origin: str
    pace: Pace = field(default_factory=Pace)
    hub: Hub = field(default_factory=Hub)
    _watcher: Watcher | None = None
    _closing: asyncio.Event = field(default_factory=asyncio.Event)
    # One thread, one connection: the questions are small, and a stream can wait its turn.
    _database: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=1, thread_name_prefix="edge-database")
    )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
        if origin and origin != self.origin:
            return await answer(send, 403)
        try:
            ticket = read_ticket(_ticket_text(scope))
            topics = await self._ask(watchable_by, ticket.person, ticket.topics)
        except BadTicket:
            return await answer(send, 403, self._cors())
        except Error:
            log.exception("a ticket could not be checked")
            return await answer(send, 503, self._cors())
        if not topics:
            return await answer(send, 403, self._cors())
        try:
            stream = self.hub.open(ticket.person, topics)
        except TooManyStreams:
            return await answer(send, 429, [*self._cors(), (b"retry-after", b"30")])
        self._watch()
        try:
            stream.touch(await self._ask(topics_since, datetime.fromtimestamp(ticket.since, UTC)))
            await self._serve(stream, receive, send)
        except Error:
            log.exception("what a page missed could not be read")
            await answer(send, 503, self._cors())
        except TimeoutError:
            log.info("a client that does not read was dropped")
        finally:
            self.hub.close(stream)

    async def close(self) -> None:
        self._closing.set()
        if self._watcher is not None:
            await asyncio.to_thread(self._watcher.stop)
        self._database.shutdown(wait=False)

    async def _serve(self, stream: Stream, receive: Receive, send: Send) -> None:
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),  # nginx would keep the events until it has a bufferful
            *self._cors(),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await self._say(send, f"retry: {int(self.pace.retry * 1000)}\n: open\n\n")
        gone = asyncio.create_task(_disconnected(receive))
        closing = asyncio.create_task(self._closing.wait())
        clock = asyncio.get_running_loop().time
        opened = checked = clock()
        try:
            while clock() - opened < self.pace.longest:
                woken = asyncio.create_task(stream.wait())
                await asyncio.wait(
                    {woken, gone, closing},
                    timeout=min(self.pace.heartbeat, self.pace.recheck),
                    return_when=asyncio.FIRST_COMPLETED,
                )
                woken.cancel()
                if gone.done():
                    return
                if closing.done():
                    break
                if clock() - checked >= self.pace.recheck:
                    checked = clock()
                    if not await self._still_allowed(stream):
                        break
                changed = stream.take()
                text = "".join(f"event: topic\ndata: {topic}\n\n" for topic in changed)
                await self._say(send, text or ": still here\n\n")
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            closing.cancel()

    async def _say(self, send: Send, text: str) -> None:
        body = {"type": "http.response.body", "body": text.encode(), "more_body": True}
        await asyncio.wait_for(send(body), self.pace.send)

    async def _ask(self, question: Callable[..., T], *arguments: Any) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._database, _with_fresh_connection, question, *arguments)

    async def _still_allowed(self, stream: Stream) -> bool:
        """False as soon as one topic is not: the page comes back with a ticket for what it may watch."""
        try:
            topics = await self._ask(watchable_by, stream.person, stream.topics)
        except Error:
            log.exception("rights could not be checked again")
            return False
        return set(topics) == stream.topics

    def _watch(self) -> None:
        if self._watcher is None:
            loop = asyncio.get_running_loop()
            self._watcher = Watcher(lambda topics: loop.call_soon_threadsafe(self.hub.publish, topics))
            self._watcher.start()
            _on_term(lambda: loop.call_soon_threadsafe(self._closing.set))

    def _cors(self) -> Headers:
        return [(b"access-control-allow-origin", self.origin.encode("latin-1")), (b"vary", b"Origin")]


def _on_term(end: Callable[[], object]) -> None:
    """Streams end at the signal itself: granian tells the application to stop only after they have ended. Its
    own handler still runs, because asyncio hears of signals by a pipe of its own."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: end())


async def answer(send: Send, status: int, headers: Headers | None = None, body: bytes = b"") -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _ticket_text(scope: Scope) -> str:
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get("ticket", [""])[0]


def _with_fresh_connection(question: Callable[..., T], *arguments: Any) -> T:
    close_old_connections()
    return question(*arguments)
