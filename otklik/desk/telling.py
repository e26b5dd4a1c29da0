"""When the partner is told something. Only of what happens now: history that is brought in tells nobody."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.desk.models import Message, Ticket
from otklik.desk.operations.notices import BY_WORD, Notice, send_notice, send_notices
from otklik.desk.rules.statuses import PartnerWord, partner_word, tells_partner
from otklik.desk.rules.visibility import OUTSIDE
from otklik.desk.rules.vocabulary import (
    OWNER_CHANGED,
    STATUS_CHANGED,
    TICKET_CREATED,
    Channel,
    MessageKind,
    Outcome,
    TicketStatus,
    Verdict,
)
from otklik.events.public import ActorKind, DeliveredEvent, on, on_many
from otklik.kit.clock import now

# Written in the transaction that remembers it; on SQLite nobody else writes meanwhile.
_WRITTEN_AT_ONCE = 50
# They were not there when it was written, so they are told that it arrived.
_RECEIPTS = (Channel.EMAIL, Channel.FORM, Channel.API, Channel.PORTAL)


@on_many(TICKET_CREATED, name="desk.send_receipt", at_once=_WRITTEN_AT_ONCE)
def send_receipts(events: Sequence[DeliveredEvent]) -> None:
    keys = {event.subject("ticket"): _key(event) for event in events if _by_person(event)}
    send_notices(keys, notice=Notice.RECEIPT, at=now())


def _by_person(event: DeliveredEvent) -> bool:
    data = event.data
    by_person = data.get("verdict", Verdict.PERSON) == Verdict.PERSON and data.get("side") in OUTSIDE
    return by_person and data.get("channel") in _RECEIPTS


@on(STATUS_CHANGED, name="desk.tell_status")
def tell_status(event: DeliveredEvent) -> None:
    before, after = TicketStatus(event.data["before"]), TicketStatus(event.data["after"])
    if not tells_partner(before, after) or event.data.get("outcome") in (Outcome.SPAM, Outcome.MERGED):
        return
    word = partner_word(after)
    # Back in work because of the partner's own word is no news to them, and an answer speaks for itself.
    if word is PartnerWord.IN_WORK and event.actor.kind is not ActorKind.PERSON:
        return
    if word in (PartnerWord.IN_WORK, PartnerWord.WAITING_FOR_YOU) and _came_with_an_answer(event):
        return
    if word in BY_WORD:
        _send(event, BY_WORD[word])


@on(OWNER_CHANGED, name="desk.tell_owner")
def tell_owner(event: DeliveredEvent) -> None:
    """Only from one person to another: that a queue was emptied is our own business."""
    if event.data.get("before") is None or event.data.get("after") is None:
        return
    status = Ticket.objects.values_list("status", flat=True).get(pk=event.subject("ticket"))
    if status in (TicketStatus.OPEN, TicketStatus.WAITING, TicketStatus.ON_HOLD):
        _send(event, Notice.NEW_OWNER)


def _came_with_an_answer(event: DeliveredEvent) -> bool:
    return Message.objects.filter(
        ticket_id=event.subject("ticket"),
        kind=MessageKind.REPLY,
        visible_to_partner=True,
        created_at=event.happened_at,
    ).exists()


def _send(event: DeliveredEvent, notice: Notice) -> None:
    send_notice(ticket_id=event.subject("ticket"), notice=notice, key=_key(event), at=now())


def _key(event: DeliveredEvent) -> str:
    return f"notice:{event.id}"
