"""A door for mail servers: they hand mail over by SMTP or LMTP, and are told "250" once it is stored.

aiosmtpd keeps a whole mail in memory, several times over, before anybody sees it. Here DATA goes to a
``Spool`` in pieces of 64 kB as it arrives, so a mail costs about a megabyte whatever its size.

This is no relay and no place to sign in: it takes mail for the addresses it knows and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeVar

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import close_old_connections

from otklik.desk.channels.mail.protocol import FetchedMail
from otklik.desk.channels.mail.spool import Spool
from otklik.kit.clock import now

T = TypeVar("T")
log = logging.getLogger(__name__)
# Its lines hold the addresses of everybody who writes.
logging.getLogger("mail.log").setLevel(logging.ERROR)

PIECE = 64 * 1024
MOST_RECIPIENTS = 100
_END = b"\r\n.\r\n"
_LATER = "451 4.3.0 not stored, try again later"
_TOO_LARGE = "552 5.3.4 the message is too large"


class Protocol(StrEnum):
    SMTP = "smtp"
    LMTP = "lmtp"


class Answer(Enum):
    """What ``accept`` may say. Anything it raises means: try again later."""

    STORED = "250 2.0.0 stored"
    REFUSED = "554 5.7.1 this message is not accepted"


Accept = Callable[[FetchedMail], Answer]
Knows = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class ListenerSettings:
    """``port`` 0 takes a free one. ``timeout`` in seconds of silence. ``stores`` is how many mails are stored
    at the same time; more would only wait for each other at the database."""

    host: str
    port: int
    protocol: Protocol = Protocol.SMTP
    largest: int = 150 * 1024 * 1024
    connections: int = 100
    stores: int = 4
    timeout: float = 300.0
    tls: ssl.SSLContext | None = None


class Listener:
    """``accept`` and ``knows`` run in threads; each stored mail is committed before ``accept`` returns.
    ``knows`` says whether an address is one of ours. A mail that the other side gives a second time, because
    our answer got lost, comes with the same key."""

    def __init__(self, settings: ListenerSettings, *, accept: Accept, knows: Knows) -> None:
        self.settings = settings
        self.port = 0
        self._accept = accept
        self._knows = knows
        self._threads = ThreadPoolExecutor(settings.stores, thread_name_prefix="mail")
        self._open: set[_Conversation] = set()

    async def serve(self, stop: asyncio.Event, ready: Callable[[], None] = lambda: None) -> None:
        """Until ``stop`` is set; then whoever is in the middle of a mail has ten seconds to end it."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._conversation, self.settings.host, self.settings.port)
        self.port = server.sockets[0].getsockname()[1]
        ready()
        try:
            await stop.wait()
            server.close()
            for _ in range(100):
                if not any(conversation.busy for conversation in self._open):
                    break
                await asyncio.sleep(0.1)
        finally:
            server.close()
            for conversation in tuple(self._open):
                conversation.hang_up()
            self._threads.shutdown(wait=True)

    async def knows(self, address: str) -> bool:
        return await self._in_thread(lambda: self._knows(address))

    async def accept(self, mail: FetchedMail) -> Answer:
        def store() -> Answer:
            with mail.content:
                return self._accept(mail)

        # A caller who hangs up must not cut the storing in two.
        return await asyncio.shield(self._in_thread(store))

    def enter(self, conversation: _Conversation) -> bool:
        if len(self._open) >= self.settings.connections:
            return False
        self._open.add(conversation)
        return True

    def leave(self, conversation: _Conversation) -> None:
        self._open.discard(conversation)

    def _in_thread(self, call: Callable[[], T]) -> asyncio.Future[T]:
        def act() -> T:
            close_old_connections()  # a thread of ours lives longer than the database likes
            try:
                return call()
            finally:
                close_old_connections()

        return asyncio.get_running_loop().run_in_executor(self._threads, act)

    def _conversation(self) -> _Conversation:
        kind = _LmtpConversation if self.settings.protocol == Protocol.LMTP else _Conversation
        return kind(self)


class _Handler:
    """aiosmtpd asks these."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [line for line in lines if not line.startswith("250-AUTH")]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 too many recipients in one message"
        try:
            address.encode()
        except UnicodeEncodeError:
            return "553 5.1.3 this is not an address"
        if not await self._listener.knows(address):
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 ok"

    async def handle_exception(self, error: Exception) -> str:
        log.error("mail listener: %s", type(error).__name__, exc_info=error)
        return _LATER


class _Conversation(SMTP):
    # Many programs write lines longer than the standard allows; refusing them would lose mail.
    line_length_limit = PIECE

    def __init__(self, listener: Listener) -> None:
        settings = listener.settings
        super().__init__(
            _Handler(listener),
            data_size_limit=settings.largest,
            enable_SMTPUTF8=True,
            ident="Otklik",
            hostname="otklik",
            timeout=settings.timeout,
            tls_context=settings.tls,
            loop=asyncio.get_running_loop(),
        )
        self._listener = listener
        self._entered = False
        self.busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not self._entered:  # STARTTLS comes here a second time
            self._entered = self._listener.enter(self)
            if not self._entered:
                assert isinstance(transport, asyncio.WriteTransport)
                transport.write(b"421 4.3.2 too many connections, try again later\r\n")
                transport.close()
                return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._entered:
            self._listener.leave(self)
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self._entered else False

    def hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        await self.push("502 5.5.1 there is nothing to sign in to")

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        if await self.check_helo_needed():
            return
        assert self.envelope is not None
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 RCPT comes first")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 go on, end with a line of one dot")
        self.busy = True
        try:
            recipients = tuple(self.envelope.rcpt_tos)
            said = await self._take(recipients)
            self._set_rset_state()  # type: ignore[no-untyped-call]
            for line in self.answers(said, recipients):
                await self.push(line)
        finally:
            self.busy = False

    def answers(self, said: str, recipients: tuple[str, ...]) -> list[str]:
        return [said]

    async def _take(self, recipients: tuple[str, ...]) -> str:
        spool = Spool()
        try:
            trouble = await self._fill(spool)
            if trouble:
                spool.close()
                return trouble
            assert self.envelope is not None
            sender = self.envelope.mail_from or ""
            envelope = ("" if sender == "<>" else sender, recipients)
            mail = spool.finish(envelope=envelope, received_at=now())
        except BaseException:
            spool.close()
            raise
        try:
            return (await self._listener.accept(mail)).value
        except Exception:  # whatever it is, the mail is not stored, and the other side must keep it
            log.exception("a mail was not stored")
            return _LATER

    async def _fill(self, spool: Spool) -> str:
        """What to say where the mail cannot be taken. It is read to its end all the same, or its rest would
        be heard as commands."""
        trouble, received, held, first = "", 0, b"", True
        async for piece in self._pieces():
            received += len(piece)
            if received - len(b"\r\n") > self._listener.settings.largest:
                trouble = trouble or _TOO_LARGE
            if trouble:
                continue
            data = held + piece
            # The beginning of an escaped dot may lie here and its dot in the next piece.
            held = b"\r\n" if data.endswith(b"\r\n") else b"\r" if data.endswith(b"\r") else b""
            data = data[: len(data) - len(held)].replace(b"\r\n.", b"\r\n")
            if first and data:
                data, first = data[2:], False
            trouble = _write(spool, data)
        return trouble or ("" if first else _write(spool, held))

    async def _pieces(self) -> AsyncIterator[bytes]:
        """The content, with a line end before it and without the dot after it. Only CR LF . CR LF ends it:
        taking anything looser for the end is how one mail smuggles in another."""
        # Put back so that the end is found also where it is the first thing that comes.
        self._reader._buffer[:0] = b"\r\n"  # type: ignore[attr-defined]
        while True:
            self._reset_timeout()
            try:
                last = await self._reader.readuntil(_END)
            except asyncio.LimitOverrunError as more:
                yield await self._reader.readexactly(more.consumed)
            else:
                yield last[: -len(b".\r\n")]
                return


def _write(spool: Spool, data: bytes) -> str:
    try:
        spool.write(data)
    except OSError as full:  # the disk: the other side keeps the mail
        log.error("mail listener: %s", full)
        return _LATER
    return ""


class _LmtpConversation(_Conversation, LMTP):
    """LMTP: one answer for each recipient. All are stored in one transaction, so all are told the same."""

    def answers(self, said: str, recipients: tuple[str, ...]) -> list[str]:
        return [said] * len(recipients)


@contextmanager
def started_listener(settings: ListenerSettings, *, accept: Accept, knows: Knows) -> Iterator[Listener]:
    """In a thread of its own, ready when entered. Raises OSError where the port is taken."""
    listener = Listener(settings, accept=accept, knows=knows)
    ready = threading.Event()
    failures: list[BaseException] = []
    ends: list[Callable[[], object]] = []

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        ends.append(lambda: loop.call_soon_threadsafe(stop.set))
        await listener.serve(stop, ready.set)

    def work() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:  # noqa: BLE001 - raised where it was started
            failures.append(error)
            ready.set()

    thread = threading.Thread(target=work, name="mail-listener")
    thread.start()
    ready.wait()
    try:
        if failures:
            raise failures[0]
        yield listener
    finally:
        with suppress(RuntimeError):  # ended by itself
            ends[0]()
        thread.join()


def run(settings: ListenerSettings, *, accept: Accept, knows: Knows) -> None:
    """Blocks until SIGTERM or SIGINT, which let a mail that is being stored be stored and answered."""

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        listener = Listener(settings, accept=accept, knows=knows)
        await listener.serve(
            stop, lambda: log.info("%s on %s:%d", settings.protocol, settings.host, listener.port)
        )

    asyncio.run(main())
