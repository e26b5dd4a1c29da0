"""What is said in a ticket: what comes in, what we answer, what stays among ourselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from django.db import transaction

from otklik.desk.models import Mention, Message, Ticket
from otklik.desk.operations.changes import changed
from otklik.desk.operations.documents import message_document
from otklik.desk.operations.locking import TicketGone, TicketMergedAway, locked_ticket
from otklik.desk.operations.people import drop_draft, save_draft
from otklik.desk.operations.receiving import receive_messages_bulk
from otklik.desk.operations.replying import (
    NewerMessages,
    NewReply,
    NobodyToWriteTo,
    TicketClosed,
    send_reply,
)
from otklik.desk.operations.returning import TooLate, take_back
from otklik.desk.operations.rows import attach, clean_text
from otklik.desk.operations.shapes import MessageFacts, NewFile, NewMessage
from otklik.desk.rules.languages import language_of
from otklik.desk.rules.vocabulary import NOTE_WRITTEN, Channel, MessageKind, Side, TicketStatus
from otklik.events.public import Actor, ActorKind
from otklik.identity.public import User
from otklik.search.public import put

__all__ = [
    "NewFile",
    "NewMessage",
    "NewerMessages",
    "NobodyToWriteTo",
    "TicketClosed",
    "TooLate",
    "receive_message",
    "receive_messages_bulk",
    "reply",
    "take_back",
    "write_note",
]


def receive_message(*, by: Actor, at: datetime, **facts: Unpack[MessageFacts]) -> Message:
    """Raises TicketGone, and TicketClosed where the ticket ended longer ago than its policy allows. What was
    for a ticket merged away lands in the survivor; a ``key`` used before yields the message there is."""
    received = receive_messages_bulk([NewMessage(**facts)], by=by, at=at)[0]
    if received.is_over:
        raise TicketClosed(received.ticket_id)
    if received.message_id is None:
        raise TicketGone(received.ticket_id)
    return Message.objects.get(pk=received.message_id)


def reply(
    *,
    ticket_id: int,
    text: str,
    html: str = "",
    to_partner: bool | None = None,
    to_customer: bool | None = None,
    files: Sequence[NewFile] = (),
    based_on: int = 0,
    anyway: bool = False,
    hold_seconds: int = 0,
    status_after: TicketStatus | None = None,
    channel: Channel | None = None,
    key: str | None = None,
    language: str = "",
    original: str = "",
    original_language: str = "",
    by: Actor,
    at: datetime,
) -> Message:
    """An answer to the outside, which may be taken back for ``hold_seconds``.

    ``based_on``: id of the last message the writer had seen; 0 says nothing about that. Without
    ``to_partner`` and ``to_customer`` it goes to the side that wrote last, or the only one there is.
    ``original`` (in ``original_language``): what the writer wrote, where ``text`` is its translation into
    ``language``.
    Raises NewerMessages, TicketClosed, TicketMergedAway, NobodyToWriteTo, each time keeping the text as the
    writer's draft, and TicketGone.
    """
    new = NewReply(
        ticket_id=ticket_id,
        text=text,
        html=html,
        to_partner=to_partner,
        to_customer=to_customer,
        files=files,
        based_on=based_on,
        anyway=anyway,
        hold_seconds=hold_seconds,
        status_after=status_after,
        channel=channel,
        key=key,
        language=language,
        original=original,
        original_language=original_language,
    )
    try:
        with transaction.atomic():
            return send_reply(new, by=by, at=at)
    except (NewerMessages, NobodyToWriteTo, TicketClosed, TicketMergedAway) as refused:
        # In a transaction of its own: the refusal has just undone the one around the reply.
        _keep(new, refused, by=by, at=at)
        raise


@transaction.atomic
def write_note(
    *,
    ticket_id: int,
    text: str,
    mentions: Sequence[int] = (),
    files: Sequence[NewFile] = (),
    key: str | None = None,
    by: Actor,
    at: datetime,
) -> Message:
    """For colleagues only, also in a closed ticket. ``mentions``: ids of staff who are told; unknown ones are
    left out. Raises TicketGone, TicketMergedAway."""
    ticket = locked_ticket(ticket_id)
    if key is not None and (written := Message.objects.filter(key=key).first()) is not None:
        return written
    author_id = by.id if by.kind is ActorKind.PERSON else None
    note = Message.objects.create(
        ticket=ticket,
        kind=MessageKind.NOTE,
        side=Side.STAFF,
        channel=Channel.STAFF,
        author_id=author_id,
        text=clean_text(text),
        language=language_of(text),
        key=key,
        happened_at=at,
        created_at=at,
    )
    attach([(note.pk, files)])
    told = sorted(User.objects.filter(pk__in=set(mentions), is_active=True).values_list("pk", flat=True))
    Mention.objects.bulk_create([Mention(message=note, user_id=user_id) for user_id in told])
    if author_id is not None:
        drop_draft(ticket_id=ticket.pk, user_id=author_id)
    ticket.message_count += 1
    ticket.updated_at = at
    changed(ticket, NOTE_WRITTEN, {"message": note.pk, "mentions": told}, by=by, at=at)
    put([message_document(note, ticket, files=[file.filename for file in files])], at=at)
    return note


def _keep(new: NewReply, refused: Exception, *, by: Actor, at: datetime) -> None:
    """As the writer's draft: in the survivor where the ticket was merged away."""
    if by.kind is not ActorKind.PERSON or by.id is None:
        return
    ticket_id = refused.into_id if isinstance(refused, TicketMergedAway) else new.ticket_id
    if Ticket.objects.filter(pk=ticket_id).exists():
        save_draft(
            ticket_id=ticket_id,
            user_id=by.id,
            text=new.original or new.text,
            to_partner=new.to_partner is not False,
            to_customer=bool(new.to_customer),
            based_on=new.based_on,
            at=at,
        )
