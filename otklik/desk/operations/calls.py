"""Telephone calls: what was said, written down, and calls that were promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Required, TypedDict, Unpack
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from otklik.desk.models import Callback, Message, Ticket
from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.documents import message_documents
from otklik.desk.operations.events import tell
from otklik.desk.operations.locking import TicketGone, locked_ticket
from otklik.desk.operations.rows import clean_line, clean_text
from otklik.desk.operations.tickets import create_ticket
from otklik.desk.queries.callers import people_with_number
from otklik.desk.queries.promises import within_hours
from otklik.desk.rules.statuses import after_outgoing
from otklik.desk.rules.vocabulary import (
    CALL_LOGGED,
    CALLBACK_ASKED,
    CALLBACK_DONE,
    STATUS_CHANGED,
    Channel,
    MessageKind,
    Side,
    TicketStatus,
)
from otklik.events.public import Actor, ActorKind
from otklik.partners.public import Contact
from otklik.search.public import put

# Somebody who said no time is called within so long; who was not reached is tried again after so long.
_SOON = timedelta(hours=2)
_WINDOW = timedelta(hours=1)
_TRY_AGAIN = timedelta(minutes=30)
MOST_ATTEMPTS = 3


class Direction(StrEnum):
    INCOMING = "incoming"
    OUTGOING = "outgoing"


class NoProgram(Exception):
    """Nobody knows the caller and no program was named: there is no desk to begin the ticket at."""


class AlreadyCalled(Exception):
    """The call back is settled."""


class UnknownZone(ValueError):
    """Not a time zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCall:
    """``ticket_id`` None begins a ticket: at the caller's partner, recognised by the number where nobody else
    is named, or else in ``program_id``. ``side``: whom one spoke with."""

    direction: Direction
    number: str
    minutes: int
    text: str
    ticket_id: int | None = None
    side: Side = Side.PARTNER
    contact_id: int | None = None
    customer_id: int | None = None
    program_id: int | None = None
    subject: str = ""
    topic_id: int | None = None
    team_id: int | None = None
    owner_id: int | None = None
    key: str | None = None


class CallFacts(TypedDict, total=False):
    """The same, as keyword arguments."""

    direction: Required[Direction]
    number: Required[str]
    minutes: Required[int]
    text: Required[str]
    ticket_id: int | None
    side: Side
    contact_id: int | None
    customer_id: int | None
    program_id: int | None
    subject: str
    topic_id: int | None
    team_id: int | None
    owner_id: int | None
    key: str | None


@transaction.atomic
def log_call(*, by: Actor, at: datetime, **facts: Unpack[CallFacts]) -> Message:
    """Takes what NewCall has. The record is staff's own words: nobody outside sees it until it is shared
    (``share_message``).

    A conversation is an answer: it meets the clock of the response. The same ``key`` is the same call.
    Raises TicketGone, TicketMergedAway, NoProgram."""
    call = NewCall(**facts)
    if call.key is not None and (known := Message.objects.filter(key=f"call:{call.key}"[:120]).first()):
        return known
    if call.ticket_id is None:
        ticket, message = _begun(call, by=by, at=at)
    else:
        ticket = locked_ticket(call.ticket_id)
        message = _added(call, ticket, by=by, at=at)
    before = TicketStatus(ticket.status)
    after = after_outgoing(before, MessageKind.CALL, None)
    ticket.note_reply(at=at)
    if call.ticket_id is None:
        # Counted when the ticket was made.
        ticket.message_count -= 1
    if call.direction is Direction.INCOMING:
        ticket.last_incoming_at = at
    if after is not before:
        ticket.change_status(after, at=at)
    ticket.version += 1
    ticket.save()
    said = {"message": message.pk, "direction": call.direction, "minutes": call.minutes, "side": call.side}
    tell(CALL_LOGGED, ticket, by=by, at=at, **said)
    if after is not before:
        tell(STATUS_CHANGED, ticket, by=by, at=at, before=before, after=after, outcome=ticket.outcome)
    put(message_documents([message.pk]), at=at)
    refresh_clocks([ticket.pk], at=at)
    return message


@transaction.atomic
def ask_callback(
    *,
    ticket_id: int,
    phone: str,
    local_time: datetime | None = None,
    time_zone: str = "",
    wish: str = "",
    by: Actor,
    at: datetime,
) -> Callback:
    """``local_time``: from when, as the caller's own watch shows it (naive), in ``time_zone``; due an hour
    later. None: soon. ``wish`` keeps the caller's own words.

    Raises UnknownZone, TicketGone, TicketMergedAway."""
    ticket = locked_ticket(ticket_id)
    not_before = _instant(local_time, time_zone) if local_time is not None else None
    due = max(not_before, at) + _WINDOW if not_before is not None else within_hours(ticket.policy, at, _SOON)
    callback = Callback.objects.create(
        ticket=ticket,
        phone=clean_line(phone, 40),
        not_before=not_before,
        due_at=due,
        time_zone=time_zone,
        wish=clean_line(wish, 200),
        asked_at=at,
    )
    _touch(ticket, at)
    tell(CALLBACK_ASKED, ticket, by=by, at=at, callback=callback.pk, due=due.isoformat())
    refresh_clocks([ticket.pk], at=at)
    return callback


@transaction.atomic
def finish_callback(*, callback_id: int, reached: bool, note: str = "", by: Actor, at: datetime) -> Callback:
    """An attempt. Who was not reached is tried again, MOST_ATTEMPTS times; a note is written down as a call.

    Raises AlreadyCalled, TicketGone, TicketMergedAway."""
    ticket_id = Callback.objects.values_list("ticket_id", flat=True).filter(pk=callback_id).first()
    if ticket_id is None:
        raise TicketGone(callback_id)
    ticket = locked_ticket(ticket_id)
    callback = Callback.objects.select_for_update(of=("self",)).get(pk=callback_id)
    if callback.done_at is not None:
        raise AlreadyCalled(callback_id)
    callback.attempts += 1
    is_over = reached or callback.attempts >= MOST_ATTEMPTS
    if is_over:
        callback.done_at, callback.reached = at, reached
        callback.done_by_id = by.id if by.kind is ActorKind.PERSON else None
    else:
        callback.due_at = within_hours(ticket.policy, at, _TRY_AGAIN)
    callback.save()
    if note.strip():
        said = NewCall(
            direction=Direction.OUTGOING,
            number=callback.phone,
            minutes=0,
            text=note,
            contact_id=ticket.contact_id,
        )
        message = _added(said, ticket, by=by, at=at)
        ticket.message_count += 1
        put(message_documents([message.pk]), at=at)
    if reached:
        ticket.note_reply(at=at)
        ticket.message_count -= 1
    _touch(ticket, at)
    data = {"callback": callback.pk, "reached": reached, "attempt": callback.attempts, "side": Side.PARTNER}
    tell(CALLBACK_DONE, ticket, by=by, at=at, **data)
    refresh_clocks([ticket.pk], at=at)
    return callback


def _begun(call: NewCall, *, by: Actor, at: datetime) -> tuple[Ticket, Message]:
    contact = _caller(call)
    program_id = contact.partner.program_id if contact is not None else call.program_id
    if program_id is None:
        raise NoProgram(call.number)
    incoming = call.direction is Direction.INCOMING
    ticket = create_ticket(
        program_id=program_id,
        subject=call.subject,
        channel=Channel.PHONE,
        # Whose turn it was to speak decides whether an answer was owed.
        side=call.side if incoming else Side.STAFF,
        text=call.text,
        partner_id=contact.partner_id if contact is not None else None,
        contact_id=contact.pk if contact is not None else None,
        requester_name="" if contact is not None else call.number,
        customer_id=call.customer_id,
        topic_id=call.topic_id,
        team_id=call.team_id,
        owner_id=call.owner_id,
        call=_facts(call),
        by=by,
        at=at,
    )
    ticket = locked_ticket(ticket.pk)
    message = Message.objects.get(ticket=ticket)
    message.visible_to_partner = message.visible_to_customer = False
    message.author_id = _person(by)
    message.key = _key(call)
    message.save(update_fields=["visible_to_partner", "visible_to_customer", "author", "key"])
    return ticket, message


def _added(call: NewCall, ticket: Ticket, *, by: Actor, at: datetime) -> Message:
    return Message.objects.create(
        ticket=ticket,
        kind=MessageKind.CALL,
        side=call.side if call.direction is Direction.INCOMING else Side.STAFF,
        channel=Channel.PHONE,
        author_id=_person(by),
        contact_id=call.contact_id if call.side is Side.PARTNER else None,
        customer_id=call.customer_id if call.side is Side.CUSTOMER else None,
        text=clean_text(call.text),
        call=_facts(call),
        key=_key(call),
        happened_at=at,
        created_at=at,
    )


def _caller(call: NewCall) -> Contact | None:
    """Several may share a number: then nobody is guessed, a colleague chooses."""
    if call.contact_id is not None:
        return Contact.objects.select_related("partner").get(pk=call.contact_id)
    found = list(people_with_number(call.number, program_id=call.program_id)[:2])
    return found[0] if len(found) == 1 else None


def _facts(call: NewCall) -> dict[str, object]:
    number = clean_line(call.number, 40)
    return {"direction": call.direction, "number": number, "minutes": max(0, call.minutes)}


def _key(call: NewCall) -> str | None:
    return f"call:{call.key}"[:120] if call.key is not None else None


def _person(by: Actor) -> int | None:
    return by.id if by.kind is ActorKind.PERSON else None


def _instant(local: datetime, zone: str) -> datetime:
    """In a night when clocks go forward a time that never comes is taken as the hour after the gap."""
    try:
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UnknownZone(zone) from error


def _touch(ticket: Ticket, at: datetime) -> None:
    ticket.updated_at = at
    ticket.version += 1
    ticket.save()
