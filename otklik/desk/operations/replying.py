"""What happens when staff answer: what was overlooked is shown first, and nothing written is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.desk.models import Message, Ticket
from otklik.desk.operations.changes import save_ticket
from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.documents import message_document
from otklik.desk.operations.events import tell
from otklik.desk.operations.locking import locked_ticket
from otklik.desk.operations.people import drop_draft
from otklik.desk.operations.presence import sides_present
from otklik.desk.operations.rows import attach, clean_text
from otklik.desk.operations.shapes import SEND, NewFile
from otklik.desk.operations.translating import keep_original
from otklik.desk.queries.sides import family_ids
from otklik.desk.rules.languages import language_of
from otklik.desk.rules.statuses import after_outgoing
from otklik.desk.rules.visibility import (
    OUTSIDE,
    Audience,
    AudienceEmpty,
    SideNotInTicket,
    check_audience,
    default_audience,
)
from otklik.desk.rules.vocabulary import (
    MESSAGE_SENT,
    STATUS_CHANGED,
    Channel,
    Delivery,
    MessageKind,
    Side,
    TicketStatus,
)
from otklik.events.public import Actor, ActorKind
from otklik.jobs.public import queue_at
from otklik.search.public import put

# Shown to somebody who was about to send without having read them.
_MOST_NEWER = 20
_WORTH_READING = (MessageKind.INCOMING, MessageKind.REPLY, MessageKind.NOTE, MessageKind.CALL)


class TicketClosed(Exception):
    """Nothing is added to a closed ticket: begin a follow-up (create_ticket with follow_up_of_id)."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(ticket_id)
        self.ticket_id = ticket_id


class NewerMessages(Exception):
    """Others wrote while this reply was being written: ``messages``, oldest first. The text is kept as a
    draft; sending it with ``anyway``, or on top of the last of them, goes through."""

    def __init__(self, messages: Sequence[Message]) -> None:
        super().__init__([message.pk for message in messages])
        self.messages = messages


class NobodyToWriteTo(Exception):
    """No side was chosen, or one that has nobody in this ticket."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReply:
    """``to_partner`` and ``to_customer`` None: whom it goes to follows from the ticket. ``original``: what
    its writer wrote, where ``text`` is the translation of it into ``language``."""

    ticket_id: int
    text: str
    html: str = ""
    to_partner: bool | None = None
    to_customer: bool | None = None
    files: Sequence[NewFile] = ()
    based_on: int = 0
    anyway: bool = False
    hold_seconds: int = 0
    status_after: TicketStatus | None = None
    channel: Channel | None = None
    key: str | None = None
    language: str = ""
    original: str = ""
    original_language: str = ""


def send_reply(new: NewReply, *, by: Actor, at: datetime) -> Message:
    """Inside a transaction. Raises NewerMessages, TicketClosed and what ``locked_ticket`` and
    ``check_audience`` raise."""
    ticket = locked_ticket(new.ticket_id)
    if new.key is not None and (sent := Message.objects.filter(key=new.key).first()) is not None:
        return sent
    if ticket.status == TicketStatus.CLOSED and new.status_after is not TicketStatus.OPEN:
        raise TicketClosed(ticket.pk)
    if new.based_on and not new.anyway:
        _refuse_overlooking(new, by)
    audience = _audience(new, ticket)
    message = _stored(new, ticket, audience, by=by, at=at)
    before = TicketStatus(ticket.status)
    after = after_outgoing(before, MessageKind.REPLY, new.status_after)
    said = {
        "message": message.pk,
        "to_partner": audience.partner,
        "to_customer": audience.customer,
        "first": ticket.first_replied_at is None,
        # What taking it back restores.
        "status": {"before": before, "after": after},
        "awaiting_us_since": _written(ticket.awaiting_us_since),
        "last_outgoing_at": _written(ticket.last_outgoing_at),
    }
    ticket.note_reply(at=at)
    if after is not before:
        ticket.change_status(after, at=at)
    ticket.version += 1
    save_ticket(ticket)
    tell(MESSAGE_SENT, ticket, by=by, at=at, **said)
    if after is not before:
        tell(STATUS_CHANGED, ticket, by=by, at=at, before=before, after=after, outcome=ticket.outcome)
    if by.kind is ActorKind.PERSON and by.id is not None:
        drop_draft(ticket_id=ticket.pk, user_id=by.id)
    put([message_document(message, ticket, files=[file.filename for file in new.files])], at=at)
    queue_at(SEND, message.pk, at=message.send_at or at)
    refresh_clocks([ticket.pk], at=at)
    return message


def _refuse_overlooking(new: NewReply, by: Actor) -> None:
    # Of tickets merged in meanwhile too: their messages are part of what is being answered now.
    newer = Message.objects.filter(
        ticket_id__in=family_ids(new.ticket_id), pk__gt=new.based_on, kind__in=_WORTH_READING
    ).order_by("pk")
    if by.kind is ActorKind.PERSON:
        newer = newer.exclude(author_id=by.id)
    if overlooked := list(newer[:_MOST_NEWER]):
        raise NewerMessages(overlooked)


def _audience(new: NewReply, ticket: Ticket) -> Audience:
    present = sides_present(ticket)
    if new.to_partner is None and new.to_customer is None:
        # Whoever spoke last is being answered.
        last = (
            Message.objects.filter(ticket=ticket, side__in=OUTSIDE, kind=MessageKind.INCOMING)
            .order_by("-pk")
            .values_list("side", flat=True)
            .first()
        )
        answering = Side(last) if last else None
        audience = default_audience(MessageKind.REPLY, Side.STAFF, present=present, answering=answering)
    else:
        audience = Audience(bool(new.to_partner), bool(new.to_customer))
    try:
        check_audience(MessageKind.REPLY, audience, present=present)
    except (AudienceEmpty, SideNotInTicket) as found:
        raise NobodyToWriteTo(ticket.pk) from found
    return audience


def _stored(new: NewReply, ticket: Ticket, audience: Audience, *, by: Actor, at: datetime) -> Message:
    held = new.hold_seconds > 0
    message = Message.objects.create(
        ticket=ticket,
        kind=MessageKind.REPLY,
        side=Side.STAFF,
        channel=new.channel or ticket.channel,
        visible_to_partner=audience.partner,
        visible_to_customer=audience.customer,
        author_id=by.id if by.kind is ActorKind.PERSON else None,
        subject=ticket.subject,
        text=clean_text(new.text),
        html=clean_text(new.html),
        language=new.language or language_of(new.text) or ticket.language,
        language_probability=1.0 if new.language else None,
        delivery=Delivery.HELD if held else Delivery.QUEUED,
        send_at=at + timedelta(seconds=new.hold_seconds) if held else at,
        key=new.key,
        happened_at=at,
        created_at=at,
    )
    attach([(message.pk, new.files)])
    if new.original:
        keep_original(message, text=clean_text(new.original), language=new.original_language, by=by, at=at)
    return message


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
