"""Messages from outside into tickets there are, one or a chunk of them, by the same few statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction

from otklik.desk.models import EndCustomer, Message, SlaPolicy, Ticket
from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.documents import message_document
from otklik.desk.operations.events import event_about, moment_of
from otklik.desk.operations.locking import despite_deadlock, locked_tickets
from otklik.desk.operations.opening import TooMany
from otklik.desk.operations.presence import sides_by_facts
from otklik.desk.operations.rows import (
    Newcomers,
    attach,
    clean_line,
    clean_text,
    insert,
    people_as_json,
    remember_references,
    update,
)
from otklik.desk.operations.shapes import MOST_ROWS, NewMessage, Received
from otklik.desk.operations.told_money import fold_in_messages
from otklik.desk.rules.languages import language_of
from otklik.desk.rules.statuses import after_incoming, after_outgoing
from otklik.desk.rules.visibility import default_audience
from otklik.desk.rules.vocabulary import (
    MESSAGE_RECEIVED,
    MESSAGE_SENT,
    NOTE_WRITTEN,
    STATUS_CHANGED,
    Delivery,
    MessageKind,
    Side,
    TicketStatus,
    Verdict,
)
from otklik.events.public import Actor, ActorKind, NewEvent, record_many
from otklik.partners.public import Contact
from otklik.search.public import NewDocument, put

# Where a ticket has no policy that says so.
REOPEN_DAYS = 14
_MOVED = (
    "status",
    "outcome",
    "is_open",
    "reopened_count",
    "solved_at",
    "closed_at",
    "message_count",
    "updated_at",
    "last_incoming_at",
    "last_outgoing_at",
    "first_replied_at",
    "awaiting_us_since",
    "version",
)


@transaction.atomic
def receive_messages_bulk(rows: Sequence[NewMessage], *, by: Actor, at: datetime) -> list[Received]:
    """One outcome for each row, in order; the number of statements does not grow with the rows. At most
    MOST_ROWS rows.

    What was for a ticket merged away lands in the survivor. A person's message into a ticket that ended
    longer ago than its policy allows is not stored: the caller begins a follow-up."""
    if len(rows) > MOST_ROWS:
        raise TooMany(len(rows))
    known = _received_before(rows)
    while True:
        try:
            return despite_deadlock(partial(_receive, rows, known, by=by, at=at))
        except IntegrityError:
            before, known = known, _received_before(rows)
            if len(known) == len(before):
                raise


def _received_before(rows: Iterable[NewMessage]) -> dict[str, Received]:
    keys = [row.key for row in rows if row.key is not None]
    if not keys:
        return {}
    found = Message.objects.filter(key__in=keys).values_list("key", "ticket_id", "pk")
    return {str(key): Received(ticket_id, pk, is_new=False) for key, ticket_id, pk in found}


@dataclass(frozen=True, slots=True)
class _Taken:
    row: NewMessage
    ticket: Ticket
    before: TicketStatus
    after: TicketStatus
    message: Message


def _receive(
    rows: Sequence[NewMessage], known: Mapping[str, Received], *, by: Actor, at: datetime
) -> list[Received]:
    places = _lock([row.ticket_id for row in rows])
    rows = fold_in_messages(rows, places)
    days = _reopen_days(places.values())
    names = [row.key or f"\0{number}" for number, row in enumerate(rows)]
    outcomes = dict(known)
    taken: dict[str, _Taken] = {}
    for name, row in zip(names, rows, strict=True):
        ticket = places.get(row.ticket_id)
        if name in outcomes or name in taken:
            continue
        if ticket is None:
            outcomes[name] = Received(row.ticket_id, None)
        elif (one := _take(row, ticket, days, by=by, at=at)) is None:
            outcomes[name] = Received(ticket.pk, None, is_over=True)
        else:
            taken[name] = one
    _store(list(taken.values()), by=by, at=at)
    outcomes |= {name: Received(one.ticket.pk, one.message.pk) for name, one in taken.items()}
    return [outcomes[name] for name in names]


def _lock(ids: Iterable[int]) -> dict[int, Ticket]:
    """Tickets by the id that was asked for, each the survivor of a merge where there was one."""
    wanted = set(ids)
    tickets = locked_tickets(wanted)
    while ahead := {t.merged_into_id for t in tickets.values() if t.merged_into_id} - set(tickets):
        tickets |= locked_tickets(ahead)
    places = {}
    for asked in wanted & set(tickets):
        ticket = tickets[asked]
        while ticket.merged_into_id is not None:
            ticket = tickets[ticket.merged_into_id]
        places[asked] = ticket
    return places


def _reopen_days(tickets: Iterable[Ticket]) -> dict[int | None, int]:
    """By policy. Asked only where an ended ticket is among them."""
    policies = {ticket.policy_id for ticket in tickets if not ticket.is_open and ticket.policy_id}
    if not policies:
        return {}
    found = SlaPolicy.objects.filter(pk__in=policies)
    return dict(found.values_list("pk", "close_after_days"))


def _take(
    row: NewMessage, ticket: Ticket, days: Mapping[int | None, int], *, by: Actor, at: datetime
) -> _Taken | None:
    """The ticket as the message leaves it; None where it ended too long ago."""
    moment = moment_of(row.happened_at, by, at)
    before = TicketStatus(ticket.status)
    kind = _kind(row)
    if kind is MessageKind.REPLY:
        after = after_outgoing(before, kind, None)
        ticket.note_reply(at=moment)
    elif kind in (MessageKind.AUTO, MessageKind.NOTE):
        # It is kept with the ticket and otherwise as if it had not come.
        after = before
        ticket.message_count += 1
    else:
        ended_at = max(filter(None, (ticket.solved_at, ticket.closed_at)), default=None)
        reopen_days = days.get(ticket.policy_id, REOPEN_DAYS)
        move = after_incoming(before, row.verdict, ended_at=ended_at, at=moment, reopen_days=reopen_days)
        if move.follow_up:
            return None
        after = move.status
        ticket.note_incoming(at=moment, awaits_us=True)
    if after is not before:
        ticket.change_status(after, at=moment)
    ticket.version += 1
    return _Taken(row, ticket, before, after, _message(row, kind, ticket, by, at))


def _kind(row: NewMessage) -> MessageKind:
    if row.verdict is not Verdict.PERSON:
        return MessageKind.AUTO
    if row.side is Side.STAFF and row.kind is MessageKind.INCOMING:
        # A colleague answered from their own mail program.
        return MessageKind.REPLY
    return row.kind


def _message(row: NewMessage, kind: MessageKind, ticket: Ticket, by: Actor, at: datetime) -> Message:
    audience = default_audience(kind, row.side, present=sides_by_facts(ticket))
    is_reply = kind is MessageKind.REPLY
    return Message(
        ticket_id=ticket.pk,
        kind=kind,
        side=row.side,
        channel=row.channel,
        visible_to_partner=audience.partner,
        visible_to_customer=audience.customer,
        author_id=by.id if row.side is Side.STAFF and by.kind is ActorKind.PERSON else None,
        contact_id=row.contact_id,
        customer_id=row.customer_id,
        from_name=clean_line(row.from_name, 200),
        from_address=clean_line(row.from_address, 254),
        to=people_as_json(row.to),
        cc=people_as_json(row.cc),
        subject=clean_line(row.subject, 400),
        text=clean_text(row.text),
        quote=clean_text(row.quote),
        signature=clean_text(row.signature),
        html=clean_text(row.html),
        language=row.language or language_of(row.text) or ticket.language,
        verdict=row.verdict,
        message_id=clean_line(row.message_id, 255),
        delivery=Delivery.SENT if is_reply else Delivery.NONE,
        call=row.call,
        key=row.key,
        happened_at=row.happened_at or at,
        created_at=moment_of(row.happened_at, by, at),
    )


def _store(taken: Sequence[_Taken], *, by: Actor, at: datetime) -> None:
    if not taken:
        return
    messages = [one.message for one in taken]
    tickets = {one.ticket.pk: one.ticket for one in taken}
    insert(messages)
    attach((one.message.pk, one.row.files) for one in taken)
    remember_references((one.ticket.pk, one.row.message_id, one.row.references) for one in taken)
    newcomers = Newcomers(at=at)
    for one in taken:
        _let_in(newcomers, one)
    newcomers.store()
    update(list(tickets.values()), _MOVED)
    record_many([event for one in taken for event in _events(one)], by=by, at=at)
    put(_documents(taken), at=at)
    refresh_clocks(sorted(tickets), at=at)


def _documents(taken: Sequence[_Taken]) -> list[NewDocument]:
    """Who wrote is found by the name they have here, too, whatever their mail program calls them."""
    writers = {one.row.contact_id for one in taken if one.row.contact_id is not None}
    contacts = dict(Contact.objects.filter(pk__in=writers).values_list("pk", "name")) if writers else {}
    clients = {one.row.customer_id for one in taken if one.row.customer_id is not None}
    customers = dict(EndCustomer.objects.filter(pk__in=clients).values_list("pk", "name")) if clients else {}
    documents = []
    for one in taken:
        known = (contacts.get(one.row.contact_id or 0), customers.get(one.row.customer_id or 0))
        files = [file.filename for file in one.row.files]
        people = [name for name in known if name]
        documents.append(message_document(one.message, one.ticket, people=people, files=files))
    return documents


def _let_in(newcomers: Newcomers, one: _Taken) -> None:
    row = one.row
    if one.message.kind in (MessageKind.AUTO, MessageKind.NOTE):
        return
    newcomers.wrote(
        one.ticket.pk,
        row.side,
        name=row.from_name,
        address=row.from_address,
        contact_id=row.contact_id,
        customer_id=row.customer_id,
    )
    newcomers.copied(one.ticket.pk, one.ticket.partner_id, row.side, [*row.to, *row.cc])


def _events(one: _Taken) -> Iterable[NewEvent]:
    row, message, at = one.row, one.message, one.message.created_at
    if message.kind == MessageKind.REPLY:
        to = {"to_partner": message.visible_to_partner, "to_customer": message.visible_to_customer}
        first = one.ticket.first_replied_at == at
        yield event_about(MESSAGE_SENT, one.ticket, at=at, data={"message": message.pk, "first": first, **to})
    elif message.kind == MessageKind.NOTE:
        yield event_about(NOTE_WRITTEN, one.ticket, at=at, data={"message": message.pk, "mentions": []})
    else:
        data = {"message": message.pk, "side": row.side, "channel": row.channel, "verdict": row.verdict}
        yield event_about(MESSAGE_RECEIVED, one.ticket, at=at, data={**data, "kind": message.kind})
    if one.after is not one.before:
        moved = {"before": one.before, "after": one.after, "outcome": one.ticket.outcome}
        yield event_about(STATUS_CHANGED, one.ticket, at=at, data=moved)
