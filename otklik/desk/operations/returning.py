"""Taking a reply back before it leaves: the ticket is as if it had never been, the text is a draft again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.desk.models import Attachment, Draft, Message, Ticket
from otklik.desk.operations.changes import changed
from otklik.desk.operations.events import tell
from otklik.desk.operations.locking import locked_tickets
from otklik.desk.operations.people import save_draft
from otklik.desk.operations.translating import original_of
from otklik.desk.rules.vocabulary import (
    MESSAGE_SENT,
    MESSAGE_TAKEN_BACK,
    OPEN_STATUSES,
    STATUS_CHANGED,
    Delivery,
    Outcome,
    TicketStatus,
    TranslationState,
)
from otklik.events.public import Actor, timeline
from otklik.search.public import remove

# It was sent seconds ago; more cannot have happened in the ticket since.
_LOOK_BACK = 50


class TooLate(Exception):
    """It is on its way, or went: nothing was changed."""


@transaction.atomic
def take_back(*, message_id: int, by: Actor, at: datetime) -> Draft | None:
    """The draft it is now, of the one who wrote it. Raises Message.DoesNotExist, TooLate."""
    message = Message.objects.get(pk=message_id)
    ticket = locked_tickets([message.ticket_id])[message.ticket_id]
    # The sender claims a held message by the same kind of update: exactly one of the two finds it.
    held = Message.objects.filter(pk=message_id, delivery=Delivery.HELD, send_at__gt=at)
    if not held.update(
        delivery=Delivery.TAKEN_BACK, send_at=None, visible_to_partner=False, visible_to_customer=False
    ):
        raise TooLate(message_id)
    draft = _draft_again(message, at)
    said = _as_it_was_told(message)
    back = _undo(ticket, said)
    if back is not None:
        before, after = back
        tell(STATUS_CHANGED, ticket, by=by, at=at, before=before, after=after, outcome=ticket.outcome)
    remove("message", [message.pk])
    changed(ticket, MESSAGE_TAKEN_BACK, {"message": message.pk}, by=by, at=at)
    return draft


def _draft_again(message: Message, at: datetime) -> Draft | None:
    if message.author_id is None:
        return None
    # They may have begun to write on meanwhile.
    begun = Draft.objects.filter(ticket_id=message.ticket_id, user_id=message.author_id).first()
    original = original_of(message)
    written = original.text if original is not None else message.text
    texts = [written, begun.text if begun is not None else ""]
    draft = save_draft(
        ticket_id=message.ticket_id,
        user_id=message.author_id,
        text="\n\n".join(text for text in texts if text),
        to_partner=message.visible_to_partner,
        to_customer=message.visible_to_customer,
        based_on=message.pk,
        at=at,
    )
    if original is not None and begun is None:
        _with_translation(draft, message)
    Attachment.objects.filter(message=message).update(message=None, draft=draft)
    return draft


def _with_translation(draft: Draft, message: Message) -> None:
    draft.into, draft.translation, draft.translated_text = message.language, message.text, draft.text
    draft.translation_state = TranslationState.MADE
    draft.save(update_fields=["into", "translation", "translated_text", "translation_state"])


def _as_it_was_told(message: Message) -> Mapping[str, Any]:
    for line in timeline("ticket", message.ticket_id, limit=_LOOK_BACK):
        if line.kind == MESSAGE_SENT and line.data.get("message") == message.pk:
            return line.data
    return {}


def _undo(ticket: Ticket, said: Mapping[str, Any]) -> tuple[TicketStatus, TicketStatus] | None:
    """The statuses left and entered, where somebody has not moved the ticket on since."""
    awaited, outgoing = _read(said.get("awaiting_us_since")), _read(said.get("last_outgoing_at"))
    ticket.last_outgoing_at = outgoing
    if said.get("first"):
        ticket.first_replied_at = None
    status = said.get("status", {"before": ticket.status, "after": ticket.status})
    before, after = TicketStatus(status["before"]), TicketStatus(status["after"])
    moved = before is not after and ticket.status == after
    if moved:
        _put_back(ticket, before)
    if ticket.is_open:
        ticket.awaiting_us_since = awaited or ticket.awaiting_us_since
    return (after, before) if moved else None


def _put_back(ticket: Ticket, status: TicketStatus) -> None:
    was_open = ticket.is_open
    ticket.status, ticket.is_open = status, status in OPEN_STATUSES
    if ticket.is_open:
        ticket.solved_at = ticket.closed_at = None
        ticket.outcome = Outcome.NONE
    elif was_open:
        # The reply had opened an ended ticket again.
        ticket.reopened_count -= 1


def _read(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None
