"""Many mails in a row: over one connection where the installation sends by SMTP, and with answers told apart
by what they speak about: this recipient, this mail, or the server itself."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import TracebackType
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from otklik.kit.mail import (
    TIMEOUT,
    DeliveryUnknown,
    MailDelayed,
    MailRefused,
    Message,
    Outbox,
    Receipt,
    RecipientRefused,
    ServerAway,
    outbox,
    smtp_connection,
    smtp_failure,
)

# RFC 5321 lets a server think for ten minutes after the last dot; a job does not live that long.
LAST_ANSWER = 120.0
# Servers part with whoever stays too long: 100 mails are taken in one go everywhere.
MOST_IN_A_ROW = 100


class NoMailServer(Exception):
    """The installation has no server to send with (OTKLIK_MAIL_URL)."""


class MailStream(Protocol):
    def send(self, message: Message) -> Receipt:
        """Raises RecipientRefused, MailRefused, ServerAway, DeliveryUnknown, MailDelayed, BadMessage."""
        ...


@contextmanager
def mail_stream() -> Iterator[MailStream]:
    """As long as mails go out one after the other. Raises NoMailServer, BadMailAddress."""
    parts = urlsplit(settings.OTKLIK.mail_url)
    if not parts.scheme:
        raise NoMailServer
    if parts.scheme in ("smtp", "smtps"):
        with SmtpStream(parts) as stream:
            yield stream
    else:
        yield _Single(outbox())


class _Single:
    """Memory and console tell of one kind of refusal; it is the recipient they go by."""

    def __init__(self, way: Outbox) -> None:
        self._way = way

    def send(self, message: Message) -> Receipt:
        try:
            return self._way.send(message)
        except MailRefused as error:
            raise RecipientRefused(str(error)) from error


class SmtpStream:
    def __init__(self, parts: SplitResult) -> None:
        self._parts = parts
        self._open = ExitStack()
        self._server: smtplib.SMTP | None = None
        self._sent = 0

    def __repr__(self) -> str:
        return f"SmtpStream({self._parts.scheme}://{self._parts.hostname})"  # never the password

    def __enter__(self) -> SmtpStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._part()

    def send(self, message: Message) -> Receipt:
        mail = message.as_email()
        raw = re.sub(rb"(?m)^\.", b"..", mail.as_bytes())
        people = mail["From"].addresses[0].addr_spec, mail["To"].addresses[0].addr_spec
        was_open = self._server is not None
        try:
            self._address(*people)
        except ServerAway:
            # It may have parted while we were silent: nothing was asked of this mail yet.
            if not was_open:
                raise
            self._address(*people)
        answer = self._hand_over(raw if raw.endswith(b"\r\n") else raw + b"\r\n")
        return Receipt(str(mail["Message-ID"] or ""), answer)

    def _address(self, sender: str, recipient: str) -> None:
        server = self._connected()
        try:
            options = []
            if not (sender + recipient).isascii():
                if not server.has_extn("smtputf8"):
                    raise RecipientRefused("550 5.6.7 the server knows no addresses beyond ASCII (SMTPUTF8)")
                server.command_encoding, options = "utf-8", ["SMTPUTF8", "BODY=8BITMIME"]
            code, said = server.mail(sender, options)
            if code != 250:
                self._part()
                raise ServerAway(_words(code, said))
            code, said = server.rcpt(recipient)
        except (OSError, smtplib.SMTPException) as error:
            self._part()
            raise ServerAway(str(error) or type(error).__name__) from error
        if code not in (250, 251):
            self._let_go(code)
            failure = smtp_failure(code, said)
            if isinstance(failure, MailRefused):
                raise RecipientRefused(str(failure))
            raise ServerAway(str(failure)) if code == 421 else failure

    def _hand_over(self, data: bytes) -> str:
        server = self._connected()
        try:
            code, said = server.docmd("DATA")
            if code == 354:
                server.send(data)
        except (OSError, smtplib.SMTPException) as error:
            # Without the last dot no server takes a mail.
            self._part()
            raise ServerAway(str(error) or type(error).__name__) from error
        if code == 354:
            code, said = self._last_answer(server)
        if code != 250:
            self._let_go(code)
            raise smtp_failure(code, said)
        self._sent += 1
        if self._sent >= MOST_IN_A_ROW:
            self._part()
        return _words(code, said)

    def _last_answer(self, server: smtplib.SMTP) -> tuple[int, bytes]:
        try:
            assert server.sock is not None
            server.sock.settimeout(LAST_ANSWER)
            server.send(b".\r\n")
            answer = server.getreply()
            server.sock.settimeout(TIMEOUT)
        except (OSError, smtplib.SMTPException) as error:
            self._part()
            raise DeliveryUnknown(str(error) or type(error).__name__) from error
        return answer

    def _connected(self) -> smtplib.SMTP:
        if self._server is None:
            try:
                self._server = self._open.enter_context(smtp_connection(self._parts))
            except (OSError, smtplib.SMTPException, MailDelayed) as error:
                raise ServerAway(str(error) or type(error).__name__) from error
            self._sent = 0
        return self._server

    def _let_go(self, code: int) -> None:
        """Of a mail that was not taken; the next one begins anew."""
        if code == 421:
            self._part()
        elif self._server is not None:
            try:
                self._server.rset()
            except (OSError, smtplib.SMTPException):
                self._part()

    def _part(self) -> None:
        self._server = None
        # A quarrel about saying goodbye changes nothing about what was sent.
        with suppress(OSError, smtplib.SMTPException):
            self._open.close()


def _words(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
