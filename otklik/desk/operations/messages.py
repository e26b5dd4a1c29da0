"""What is said in a ticket: what comes in, what we answer, what stays among ourselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

from django.db import transaction

from otklik.desk.models import Message, Ticket
from otklik.desk.operations.locking import TicketGone, TicketMergedAway
from otklik.desk.operations.people import save_draft
from otklik.desk.operations.receiving import receive_messages_bulk
from otklik.desk.operations.replying import NewerMessages, NewReply, TicketClosed, send_reply
from otklik.desk.operations.shapes import MessageFacts, NewFile, NewMessage
from otklik.desk.rules.vocabulary import Channel, TicketStatus
from otklik.events.public import Actor, ActorKind

__all__ = [
    "NewFile",
    "NewMessage",
    "NewerMessages",
    "TicketClosed",
    "receive_message",
    "receive_messages_bulk",
    "reply",
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
    by: Actor,
    at: datetime,
) -> Message:
    """An answer to the outside, which may be taken back for ``hold_seconds``.

    ``based_on``: id of the last message the writer had seen; 0 says nothing about that. Without
    ``to_partner`` and ``to_customer`` it goes to the side that wrote last, or the only one there is.
    Raises NewerMessages, TicketClosed, TicketMergedAway (and keeps the text as the writer's draft),
    TicketGone, and what ``check_audience`` raises: AudienceEmpty, SideNotInTicket.
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
    )
    try:
        with transaction.atomic():
            return send_reply(new, by=by, at=at)
    except (NewerMessages, TicketClosed, TicketMergedAway) as refused:
        # In a transaction of its own: the refusal has just undone the one around the reply.
        _keep(new, refused, by=by, at=at)
        raise


def _keep(new: NewReply, refused: Exception, *, by: Actor, at: datetime) -> None:
    """As the writer's draft: in the survivor where the ticket was merged away."""
    if by.kind is not ActorKind.PERSON or by.id is None:
        return
    ticket_id = refused.into_id if isinstance(refused, TicketMergedAway) else new.ticket_id
    if Ticket.objects.filter(pk=ticket_id).exists():
        save_draft(
            ticket_id=ticket_id,
            user_id=by.id,
            text=new.text,
            to_partner=new.to_partner is not False,
            to_customer=bool(new.to_customer),
            based_on=new.based_on,
            at=at,
        )
