"""Ways out for a composed mail: a mail server, a provider's API, memory for tests."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import lru_cache
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings

from otklik.desk.channels.mail.oauth import xoauth2
from otklik.kit.mail import (
    BadMailAddress,
    DeliveryUnknown,
    MailDelayed,
    MailRefused,
    SmtpAnswer,
    smtp_connection,
    smtp_failure,
)

# RFC 5321 lets a server think for ten minutes after the last dot; a job does not live that long.
LAST_ANSWER = 200.0
_PIECE = 256 * 1024
_LINE_END = re.compile(rb"\r\n|\r|\n")


class NoWayOut(Exception):
    """Neither the mailbox nor the installation has a server to send with."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """``provider_id``: under which id a provider sends it on, where it told; answers may name that one
    instead of ours. ``refused``: recipients the other side did not take while it took the rest, and why."""

    message_id: str
    answer: str
    provider_id: str = ""
    refused: Mapping[str, str] = field(default_factory=dict)


class Transport(Protocol):
    def send(self, mail: EmailMessage, *, envelope_from: str, recipients: Sequence[str]) -> Receipt:
        """Raises MailRefused (never), MailDelayed (not now), DeliveryUnknown (nobody knows)."""
        ...


class SmtpTransport:
    """``smtp://user:password@host:587`` or ``smtps://host:465``. Raises BadMailAddress."""

    def __init__(self, url: str, access_token: str = "") -> None:
        """``access_token``: of the user in the URL, in the place of a password."""
        self._parts, self._access_token = urlsplit(url), access_token
        if self._parts.scheme not in ("smtp", "smtps") or not self._parts.hostname:
            raise BadMailAddress("use smtp://user:password@host:587 or smtps://host:465")

    def __repr__(self) -> str:
        return f"SmtpTransport({self._parts.scheme}://{self._parts.hostname})"  # never the password

    def _bearer(self) -> SmtpAnswer | None:
        if not self._access_token:
            return None
        return xoauth2(unquote(self._parts.username or ""), self._access_token)

    def send(self, mail: EmailMessage, *, envelope_from: str, recipients: Sequence[str]) -> Receipt:
        raw = _LINE_END.sub(b"\r\n", mail.as_bytes())
        receipt: Receipt | None = None
        try:
            with smtp_connection(self._parts, bearer=self._bearer()) as server:
                _name_both_sides(server, envelope_from, recipients)
                refused = _name_recipients(server, recipients)
                answer = _hand_over(server, raw)
                receipt = Receipt(str(mail["Message-ID"] or ""), answer, refused=refused)
        except smtplib.SMTPResponseException as error:
            if receipt is None:  # else: a quarrel about saying goodbye, and the mail is gone
                raise smtp_failure(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPNotSupportedError, UnicodeEncodeError) as error:
            raise MailRefused(str(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            if receipt is None:
                raise MailDelayed(str(error) or type(error).__name__) from error
        assert receipt is not None
        return receipt


@dataclass
class MemoryTransport:
    """The fake: keeps what was sent. Recipients ``refused@...``, ``delayed@...`` and ``unknown@...`` get that
    answer; of the last one the mail arrives all the same."""

    sent: list[tuple[EmailMessage, str, tuple[str, ...]]] = field(default_factory=list)

    def send(self, mail: EmailMessage, *, envelope_from: str, recipients: Sequence[str]) -> Receipt:
        fates = {address: address.partition("@")[0] for address in recipients}
        refused = {a: "550 no such mailbox" for a, fate in fates.items() if fate == "refused"}
        if "delayed" in fates.values():
            raise MailDelayed("451 try again later")
        if len(refused) == len(fates):
            raise MailRefused("550 no such mailbox")
        self.sent.append((mail, envelope_from, tuple(a for a in recipients if a not in refused)))
        if "unknown" in fates.values():
            raise DeliveryUnknown("the connection was cut")
        return Receipt(str(mail["Message-ID"] or ""), "kept", refused=refused)


def transport_for(url: str = "", access_token: str = "") -> Transport:
    """Of a mailbox with a server of its own (``url``; ``access_token`` where leave to sign in was granted),
    or what the installation sends with: a provider (OTKLIK_ANYMAIL_BACKEND), else OTKLIK_MAIL_URL. Raises
    NoWayOut, BadMailAddress."""
    if url:
        return SmtpTransport(url, access_token)
    provider = provider_transport()
    if provider is not None:
        return provider
    scheme = urlsplit(settings.OTKLIK.mail_url).scheme
    if scheme == "memory":
        return memory_transport()
    if scheme in ("smtp", "smtps"):
        return SmtpTransport(settings.OTKLIK.mail_url)
    raise NoWayOut


def provider_transport(*, notes_id: bool = False) -> Transport | None:
    """None where the installation sends with no provider. ``notes_id``: the provider is told our Message-ID
    and names it in its reports, whatever id of its own it gives the mail."""
    if not settings.OTKLIK.anymail_backend:
        return None
    from otklik.desk.channels.mail.provider import ProviderTransport  # brings an HTTP library with it

    return ProviderTransport(settings.OTKLIK.anymail_backend, notes_id=notes_id)


@lru_cache(maxsize=1)
def memory_transport() -> MemoryTransport:
    """The one of an installation that runs on ``memory:``."""
    return MemoryTransport()


def _name_both_sides(server: smtplib.SMTP, envelope_from: str, recipients: Sequence[str]) -> None:
    options = []
    if not all(address.isascii() for address in (envelope_from, *recipients)):
        if not server.has_extn("smtputf8"):
            raise MailRefused("the mail server knows no addresses beyond ASCII (SMTPUTF8)")
        server.command_encoding = "utf-8"
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    code, text = server.mail(envelope_from, options)
    if code != 250:
        raise smtp_failure(code, text)


def _name_recipients(server: smtplib.SMTP, recipients: Sequence[str]) -> dict[str, str]:
    """Those who were refused, and why. One who is taken is enough to go on."""
    refused: dict[str, tuple[int, bytes]] = {}
    for address in recipients:
        code, text = server.rcpt(address)
        if code not in (250, 251):
            refused[address] = (code, text)
    if len(refused) == len(recipients):
        # One "later" among the refusals makes another attempt worth it.
        raise smtp_failure(*min(refused.values(), key=lambda said: said[0]))
    return {address: f"{code} {text.decode(errors='replace')}" for address, (code, text) in refused.items()}


def _hand_over(server: smtplib.SMTP, raw: bytes) -> str:
    code, text = server.docmd("DATA")
    if code != 354:
        raise smtp_failure(code, text)
    escaped = re.sub(rb"(?m)^\.", b"..", raw)
    # In pieces: the time limit is one for a whole sendall, however much it has to carry.
    for start in range(0, len(escaped), _PIECE):
        server.send(escaped[start : start + _PIECE])
    try:
        assert server.sock is not None
        server.sock.settimeout(LAST_ANSWER)
        server.send(b".\r\n" if escaped.endswith(b"\r\n") else b"\r\n.\r\n")
        code, text = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryUnknown(str(error) or type(error).__name__) from error
    if code != 250:
        raise smtp_failure(code, text)
    return f"{code} {text.decode(errors='replace')}"
