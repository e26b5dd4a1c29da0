"""What is handed in to make a ticket or a message, one at a time or by the chunk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Required, TypedDict

from otklik.desk.models import Ticket
from otklik.desk.rules.mail.parsed import MailPerson
from otklik.desk.rules.vocabulary import Channel, MessageKind, Priority, Side, Verdict

# Rows in one call: what SQLite takes in one statement, and far more than one short transaction should hold.
MOST_ROWS = 500
# The job that sends a message: delivery knows it, and who writes one only has to name it.
SEND = "otklik.desk.jobs.send_message"


@dataclass(frozen=True, slots=True)
class NewFile:
    """``blob_id``: its content, stored before (``models.Blob``)."""

    filename: str
    content_type: str
    blob_id: int
    content_id: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """``text``, ``html``, ``quote``, ``signature``, ``files``, ``to``, ``cc``, ``message_id``, ``references``
    and ``verdict`` are of its first message. ``created_key`` names what made the ticket: a second one with
    the same key is not made. ``priority`` None: by the rules. ``happened_at``: when the message was written.
    ``is_private``: of who asks; what follows a private one is as well.
    """

    program_id: int
    subject: str
    channel: Channel
    side: Side
    text: str
    html: str = ""
    quote: str = ""
    signature: str = ""
    partner_id: int | None = None
    contact_id: int | None = None
    requester_name: str = ""
    requester_address: str = ""
    customer_id: int | None = None
    topic_id: int | None = None
    team_id: int | None = None
    owner_id: int | None = None
    language: str = ""
    priority: Priority | None = None
    mailbox_id: int | None = None
    files: Sequence[NewFile] = ()
    created_key: str | None = None
    follow_up_of_id: int | None = None
    message_id: str = ""
    references: Sequence[str] = ()
    verdict: Verdict = Verdict.PERSON
    happened_at: datetime | None = None
    to: Sequence[MailPerson] = ()
    cc: Sequence[MailPerson] = ()
    call: Mapping[str, Any] | None = None
    is_private: bool = False


class TicketFacts(TypedDict, total=False):
    """The same, as keyword arguments."""

    program_id: Required[int]
    subject: Required[str]
    channel: Required[Channel]
    side: Required[Side]
    text: Required[str]
    html: str
    quote: str
    signature: str
    partner_id: int | None
    contact_id: int | None
    requester_name: str
    requester_address: str
    customer_id: int | None
    topic_id: int | None
    team_id: int | None
    owner_id: int | None
    language: str
    priority: Priority | None
    mailbox_id: int | None
    files: Sequence[NewFile]
    created_key: str | None
    follow_up_of_id: int | None
    message_id: str
    references: Sequence[str]
    verdict: Verdict
    happened_at: datetime | None
    to: Sequence[MailPerson]
    cc: Sequence[MailPerson]
    call: Mapping[str, Any] | None
    is_private: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """``message_id`` is the row of its first message. Not new: one with the same created_key was there."""

    ticket: Ticket
    message_id: int | None
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """Something that came from outside into a ticket. ``key``: what handed it in twice is stored once."""

    ticket_id: int
    side: Side
    channel: Channel
    text: str
    html: str = ""
    quote: str = ""
    signature: str = ""
    contact_id: int | None = None
    customer_id: int | None = None
    from_name: str = ""
    from_address: str = ""
    to: Sequence[MailPerson] = ()
    cc: Sequence[MailPerson] = ()
    subject: str = ""
    message_id: str = ""
    references: Sequence[str] = ()
    verdict: Verdict = Verdict.PERSON
    kind: MessageKind = MessageKind.INCOMING
    files: Sequence[NewFile] = ()
    key: str | None = None
    happened_at: datetime | None = None
    language: str = ""
    call: Mapping[str, Any] | None = None


class MessageFacts(TypedDict, total=False):
    """The same, as keyword arguments."""

    ticket_id: Required[int]
    side: Required[Side]
    channel: Required[Channel]
    text: Required[str]
    html: str
    quote: str
    signature: str
    contact_id: int | None
    customer_id: int | None
    from_name: str
    from_address: str
    to: Sequence[MailPerson]
    cc: Sequence[MailPerson]
    subject: str
    message_id: str
    references: Sequence[str]
    verdict: Verdict
    kind: MessageKind
    files: Sequence[NewFile]
    key: str | None
    happened_at: datetime | None
    language: str
    call: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Received:
    """``message_id`` None: not stored, because ``ticket_id`` ended too long ago (``is_over``) or is gone.
    ``ticket_id`` is the survivor where the ticket was merged away."""

    ticket_id: int
    message_id: int | None
    is_new: bool = True
    is_over: bool = False
