"""An outgoing mail of a ticket, built whole and checked before anybody tries to send it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, BinaryIO

import idna

from otklik.desk.rules.mail.message import OWN_MARK
from otklik.kit.mail import BadMessage

# Most servers take 25 MB or less, and the standard library holds the whole mail in memory.
LARGEST = 25 * 1024 * 1024
MOST_REFERENCES = 20
_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+")
_IDS = ("message-id", "in-reply-to", "references")
_DOMAIN = re.compile(r"\w([\w-]*\w)?(\.\w([\w-]*\w)?)*", re.ASCII)
_LOCAL = re.compile(r"[^\s@,;:<>()\[\]\\\"]+")
_FORBIDDEN = re.compile(r"[\r\n\0]")


class AttachmentsTooLarge(BadMessage):
    """Together more than LARGEST bytes; the text is how many they are."""


@dataclass(frozen=True, slots=True)
class Person:
    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """``file`` is read from where it stands. With a ``content_id`` the HTML may show it (``cid:...``)."""

    name: str
    content_type: str
    file: BinaryIO
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """``mailbox`` is ours; ``reply_to`` the same with the token (``rules.reply_token.tagged_address``).
    Ids with or without angle brackets; ``references`` oldest first, ids nobody could answer to are left out.
    ``automatic``: no person wrote it, so no machine shall answer it. ``installation`` is the mark by which
    our own mail is known when it comes back."""

    mailbox: str
    to: tuple[Person, ...]
    subject: str
    text: str
    message_id: str
    installation: str
    at: datetime
    name: str = ""
    company: str = ""
    cc: tuple[Person, ...] = ()
    reply_to: str = ""
    html: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    automatic: bool = False
    attachments: tuple[Attached, ...] = ()


def compose(outgoing: Outgoing) -> EmailMessage:
    """Raises BadMessage: nobody to send to, a line break in a header, something that is not an address;
    AttachmentsTooLarge."""
    if not outgoing.to:
        raise BadMessage("to: there is nobody to send to")
    people = (*outgoing.to, *outgoing.cc)
    mail = EmailMessage(policy=_policy(person.address for person in people))
    try:
        _address(mail, outgoing)
        _mark(mail, outgoing)
        mail.set_content(_clean(outgoing.text))
        if outgoing.html:
            mail.add_alternative(_clean(outgoing.html), subtype="html")
        _attach(mail, outgoing.attachments)
        mail.as_bytes()  # what cannot be written down is found here and not while it is being sent
    except (ValueError, IndexError, LookupError, MessageError) as error:
        if isinstance(error, BadMessage):
            raise
        raise BadMessage(str(error)) from error
    return mail


def recipients_of(mail: EmailMessage) -> tuple[str, ...]:
    """Addresses of To and Cc, each once: whom the envelope names."""
    found = (address.addr_spec for name in ("To", "Cc") if mail[name] for address in mail[name].addresses)
    return tuple(dict.fromkeys(found))


def chain_of(references: Iterable[str], in_reply_to: str) -> tuple[str, ...]:
    """The References of an answer, bounded: the first one holds the thread together for programs that know
    only the beginning, the last ones for those that know only the end."""
    ids = [known for text in (*references, in_reply_to) if (known := _id(text))]
    # The last mention counts: what is answered stands at the end.
    chain = tuple(reversed(dict.fromkeys(reversed(ids))))
    if len(chain) > MOST_REFERENCES:
        chain = (chain[0], *chain[-(MOST_REFERENCES - 1) :])
    return chain


class _Policy(EmailPolicy):
    """The library writes a message id that is longer than a line as an encoded word, which no other program
    takes for an id: those headers are folded between ids and nowhere else."""

    def fold(self, name: str, value: Any) -> str:
        if name.lower() in _IDS:
            return f"{name}: " + f"{self.linesep} ".join(str(value).split()) + self.linesep
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in _IDS:
            return self.fold(name, value).encode("ascii")
        return super().fold_binary(name, value)


def _policy(addresses: Iterable[str]) -> EmailPolicy:
    # Letters beyond ASCII before the @ cannot be written in any other way (RFC 6532).
    plain = all(address.rpartition("@")[0].isascii() for address in addresses)
    return _Policy(linesep="\r\n", utf8=not plain, cte_type="7bit")


def _address(mail: EmailMessage, outgoing: Outgoing) -> None:
    name = " ".join(part for part in (outgoing.name, outgoing.company and f"({outgoing.company})") if part)
    mail["From"] = _person(Person(outgoing.mailbox, name))
    mail["To"] = [_person(person) for person in outgoing.to]
    if outgoing.cc:
        mail["Cc"] = [_person(person) for person in outgoing.cc]
    if outgoing.reply_to:
        mail["Reply-To"] = _person(Person(outgoing.reply_to, name))
    mail["Subject"] = _one_line("subject", outgoing.subject)
    mail["Date"] = format_datetime(outgoing.at)


def _mark(mail: EmailMessage, outgoing: Outgoing) -> None:
    own = _id(_one_line("message_id", outgoing.message_id))
    if not own:
        raise BadMessage("message_id: this is not a message id")
    mail["Message-ID"] = own
    answered = _id(outgoing.in_reply_to)
    if answered:
        mail["In-Reply-To"] = answered
    chain = chain_of(outgoing.references, outgoing.in_reply_to)
    if chain:
        mail["References"] = " ".join(chain)
    mail[OWN_MARK] = _one_line("installation", outgoing.installation)
    if outgoing.automatic:
        mail["Auto-Submitted"] = "auto-replied" if answered else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"


def _attach(mail: EmailMessage, attachments: tuple[Attached, ...]) -> None:
    total = 0
    html = mail.get_body(("html",))
    for attached in attachments:
        data = attached.file.read(LARGEST - total + 1)
        total += len(data)
        if total > LARGEST:
            raise AttachmentsTooLarge(f"more than {LARGEST} bytes")
        kind, _, subtype = attached.content_type.partition(";")[0].strip().partition("/")
        if not subtype or kind in ("message", "multipart"):  # those may not be encoded (RFC 2046)
            kind, subtype = "application", "octet-stream"
        # No header is taken from a path, and a name never opens a second header.
        name = _FORBIDDEN.sub(" ", attached.name)
        values: dict[str, Any] = {"maintype": kind, "subtype": subtype, "filename": name or "file"}
        if attached.content_id and isinstance(html, EmailMessage):
            cid = f"<{_one_line('content_id', attached.content_id)}>"
            html.add_related(data, disposition="inline", cid=cid, **values)
        else:
            mail.add_attachment(data, **values)


def _person(person: Person) -> Address:
    address = _one_line("address", person.address).strip()
    local, _, domain = address.rpartition("@")
    try:
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise BadMessage(f"{address!r} is not an address: {error}") from error
    if not _DOMAIN.fullmatch(domain) or not (local.isascii() or _LOCAL.fullmatch(local)):
        raise BadMessage(f"{address!r} is not an address")
    name = _clean(_one_line("name", person.name))
    if local.isascii():
        return Address(name, addr_spec=f"{local}@{domain}")
    return Address(name, username=local, domain=domain)  # the other way refuses letters beyond ASCII


def _one_line(name: str, value: str) -> str:
    if _FORBIDDEN.search(value):
        raise BadMessage(f"{name}: a header cannot hold a line break")
    return value


def _id(text: str) -> str:
    """In angle brackets; empty for what is none: a foreign mail may name anything its parent."""
    plain = text.strip().removeprefix("<").removesuffix(">")
    return f"<{plain}>" if _ID.fullmatch(plain) else ""


def _clean(text: str) -> str:
    """Without halves of characters, which cannot be written down, and NUL, at which others stop reading."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
