"""Outgoing mail: one message, one protocol, three ways to send it.

``outbox()`` gives what the installation is set to: an SMTP server (``OTKLIK_MAIL_URL=smtp://...`` or
``smtps://...``), the console where nothing is set, or memory (``memory:``) for tests. Apps do not call
it themselves: they queue a message with ``jobs.public.queue_mail`` and a job sends it once.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate, parseaddr
from functools import lru_cache
from typing import IO, Any, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

TIMEOUT = 30.0
# What a client answers a server that asks who it is; the first answer is to no question.
SmtpAnswer = Callable[..., str]
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class BadMessage(ValueError):
    """A message that must not be sent: no recipient, or a header that would smuggle in another one."""


class BadMailAddress(ValueError):
    """OTKLIK_MAIL_URL cannot be used; the text says why."""


class MailRefused(Exception):
    """The server will never take this message: a wrong address, a refused sender. Trying again is useless."""


class RecipientRefused(MailRefused):
    """The server knows no such recipient, or takes nothing for it; sender and text were never asked about."""


class MailDelayed(Exception):
    """The server could not take it now: not reachable, busy, greylisted. Try again later."""


class ServerAway(MailDelayed):
    """It takes no mail from us at the moment, whoever it is for: this one never got as far as its text."""


class DeliveryUnknown(MailDelayed):
    """It was handed over whole and no answer came: it may be on its way. Send it again with the very same
    Message-ID or not at all: that is by what the other side knows the second one."""


@dataclass(frozen=True, slots=True)
class Message:
    """To one person. ``to`` and ``sender`` as ``name@host`` or ``Name <name@host>``; an empty sender is the
    installation's own. ``headers`` holds extra ones (List-Unsubscribe). Raises BadMessage."""

    to: str
    subject: str
    text: str
    html: str = ""
    sender: str = ""
    reply_to: str = ""
    message_id: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        values = {
            "to": self.to,
            "subject": self.subject,
            "sender": self.sender,
            "reply_to": self.reply_to,
            "message_id": self.message_id,
            **self.headers,
        }
        for name, value in values.items():
            if any(mark in name + value for mark in "\r\n\0"):
                raise BadMessage(f"{name}: a header cannot hold a line break")
        if "@" not in parseaddr(self.to)[1]:
            raise BadMessage("to: there is no address to send to")

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Message:
        return cls(**data)

    def as_email(self) -> EmailMessage:
        """Raises BadMessage where a value does not fit the header it is for."""
        mail = EmailMessage(policy=_POLICY)
        try:
            mail["From"] = self.sender or settings.OTKLIK.mail_from
            mail["To"] = self.to
            mail["Subject"] = self.subject
            if self.reply_to:
                mail["Reply-To"] = self.reply_to
            if self.message_id:
                mail["Message-ID"] = self.message_id
            for name, value in self.headers.items():
                mail[name] = value
        except (ValueError, IndexError, MessageError) as error:
            raise BadMessage(str(error)) from error
        if mail["To"].defects or len(mail["To"].addresses) != 1:
            raise BadMessage("to: this is not one address")
        mail["Date"] = formatdate()
        mail.set_content(self.text)
        if self.html:
            mail.add_alternative(self.html, subtype="html")
        return mail


@dataclass(frozen=True, slots=True)
class Receipt:
    """``id``: the Message-ID the message went out with. ``answer``: what the other side said to it."""

    id: str
    answer: str


class _Policy(EmailPolicy):
    """The library writes one long word of a header as an encoded word, which no program takes for an id or
    an address: these stay on their line."""

    _WHOLE = ("message-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id")

    def fold(self, name: str, value: Any) -> str:
        if name.lower() in self._WHOLE:
            return f"{name}: {value}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in self._WHOLE:
            return self.fold(name, value).encode("ascii", "replace")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n", max_line_length=78)


class Outbox(Protocol):
    def send(self, message: Message) -> Receipt:
        """Hand one message over. Raises MailRefused, MailDelayed, BadMessage."""
        ...


def message_id_of(key: str) -> str:
    """The Message-ID of what is sent under a key: the same each time, so that a message that had to be sent
    again, because nobody knows whether the first attempt arrived, is recognised as the same one."""
    host = parseaddr(settings.OTKLIK.mail_from)[1].partition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


class SmtpOutbox:
    """``smtp://user:password@host:587`` uses STARTTLS where offered and insists on it before it shows a
    password; ``smtps://host:465`` speaks TLS from the first byte. Certificates are checked."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if not parts.hostname:
            raise BadMailAddress("OTKLIK_MAIL_URL: use smtp://user:password@host:587 or smtps://host:465.")
        self._parts = parts

    def __repr__(self) -> str:
        return f"SmtpOutbox({self._parts.scheme}://{self._parts.hostname})"  # never the password

    def send(self, message: Message) -> Receipt:
        mail = message.as_email()
        try:
            with smtp_connection(self._parts) as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise smtp_failure(code, text) from error
        except smtplib.SMTPResponseException as error:
            raise smtp_failure(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPNotSupportedError, UnicodeEncodeError) as error:
            raise MailRefused(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailDelayed(str(error) or type(error).__name__) from error
        return Receipt(str(mail["Message-ID"] or ""), "250")


class ConsoleOutbox:
    """Prints what would be sent: an installation without a mail server still shows its one-time links."""

    def __init__(self, stream: IO[str] | None = None) -> None:
        self._stream = stream

    def send(self, message: Message) -> Receipt:
        mail = message.as_email()
        stream = self._stream or sys.stderr
        lines = [f"--- mail to {mail['To']}", f"Subject: {mail['Subject']}", "", message.text.rstrip(), "---"]
        print("\n".join(lines), file=stream, flush=True)
        return Receipt(str(mail["Message-ID"] or ""), "printed")


class MemoryOutbox:
    """The fake: keeps what was sent. An address ``refused@...`` or ``delayed@...`` gets that answer."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, message: Message) -> Receipt:
        mail = message.as_email()
        name = parseaddr(message.to)[1].partition("@")[0]
        if name == "refused":
            raise MailRefused("550 no such mailbox")
        if name == "delayed":
            raise MailDelayed("451 try again later")
        self.sent.append(message)
        return Receipt(str(mail["Message-ID"] or ""), "kept")


def outbox() -> Outbox:
    """What the installation sends with. Raises BadMailAddress."""
    return _outbox_of(settings.OTKLIK.mail_url)


@lru_cache(maxsize=4)
def _outbox_of(url: str) -> Outbox:
    scheme = urlsplit(url).scheme
    if scheme in ("smtp", "smtps"):
        return SmtpOutbox(url)
    if scheme == "memory":
        return MemoryOutbox()
    if scheme in ("", "console"):
        return ConsoleOutbox()
    raise BadMailAddress("OTKLIK_MAIL_URL: use smtp://user:password@host:587 or smtps://host:465.")


@contextmanager
def smtp_connection(parts: SplitResult, *, bearer: SmtpAnswer | None = None) -> Iterator[smtplib.SMTP]:
    """Signed in, and encrypted where the server can. ``bearer``: signs in by XOAUTH2 instead of a password.
    Raises what smtplib raises, and MailDelayed."""
    host = parts.hostname or ""
    context = ssl.create_default_context()
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT)
    with server:
        server.ehlo()
        secure = parts.scheme == "smtps"
        if not secure and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            secure = True
        if parts.username or bearer is not None:
            if not secure and host not in _LOOPBACK:
                raise MailDelayed(f"{host} offers no encryption; the password was not sent")
            if bearer is not None:
                server.auth("XOAUTH2", bearer)
            else:
                server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        yield server


def smtp_failure(code: int, text: bytes | str) -> MailRefused | MailDelayed:
    """What a server's answer means for the message."""
    said = f"{code} {text.decode('utf-8', 'replace') if isinstance(text, bytes) else text}"
    # A wrong password is ours to mend, not a fault of the message: 5xx to AUTH must not lose it.
    if code >= 500 and code not in (530, 534, 535, 538):
        return MailRefused(said)
    return MailDelayed(said)
