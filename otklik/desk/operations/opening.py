"""New tickets, one or a chunk of them, by the same few statements."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from hashlib import sha256

from django.db import IntegrityError, transaction

from otklik.desk.models import EndCustomer, Mailbox, Message, Ticket, Topic
from otklik.desk.operations.clocks import Beginnings, begin_clocks
from otklik.desk.operations.documents import message_document, ticket_document
from otklik.desk.operations.events import event_about, moment_of
from otklik.desk.operations.locking import despite_deadlock
from otklik.desk.operations.rows import (
    Newcomers,
    attach,
    clean_line,
    clean_text,
    insert,
    people_as_json,
    remember_references,
)
from otklik.desk.operations.shapes import MOST_ROWS, SEND, NewTicket, Opened
from otklik.desk.operations.told_money import fold_in_tickets
from otklik.desk.queries.priority import decide_for_new
from otklik.desk.rules.languages import chosen_language
from otklik.desk.rules.visibility import OUTSIDE, default_audience
from otklik.desk.rules.vocabulary import (
    MESSAGE_SENT,
    TICKET_CREATED,
    Delivery,
    MessageKind,
    Side,
    TicketStatus,
    Verdict,
)
from otklik.events.public import Actor, ActorKind, NewEvent, record_many
from otklik.jobs.public import queue_at
from otklik.kit.rows import rows_by_id, rows_where, values_by_id
from otklik.partners.public import Contact, Partner, first_mail_addresses
from otklik.search.public import NewDocument, put

# Of the column.
_LONGEST_KEY = 120


class TooMany(ValueError):
    """More rows than one transaction should hold."""


@transaction.atomic
def create_tickets_bulk(rows: Sequence[NewTicket], *, by: Actor, at: datetime) -> list[Opened]:
    """One for each row, in order, with its first message. The number of statements does not grow with the
    rows. A row whose ``created_key`` is taken yields the ticket there is. At most MOST_ROWS rows."""
    if len(rows) > MOST_ROWS:
        raise TooMany(len(rows))
    names = [row.created_key or f"\0{number}" for number, row in enumerate(rows)]
    by_name = dict(zip(reversed(names), reversed(rows), strict=True))
    made = dict(_made_before(rows))
    while fresh := [name for name in dict.fromkeys(names) if name not in made]:
        try:
            # A savepoint, because on PostgreSQL others may be making some of them at this moment.
            created = despite_deadlock(partial(_create, [by_name[name] for name in fresh], by=by, at=at))
        except IntegrityError:
            known = _made_before(rows)
            if not known.keys() - made.keys():
                raise
            made |= known
        else:
            made |= dict(zip(fresh, created, strict=True))
    return _each(names, made)


def _each(names: Sequence[str], made: Mapping[str, Opened]) -> list[Opened]:
    """Of two rows with one key the first is the one that was made."""
    seen: set[str] = set()
    opened = []
    for name in names:
        opened.append(replace(made[name], is_new=False) if name in seen else made[name])
        seen.add(name)
    return opened


def _made_before(rows: Iterable[NewTicket]) -> dict[str, Opened]:
    keys = [row.created_key for row in rows if row.created_key is not None]
    if not keys:
        return {}
    found = {ticket.created_key: ticket for ticket in rows_where(Ticket, "created_key", keys)}
    if not found:
        return {}
    messages = Message.objects.filter(key__in=[_first_message_key(key) for key in found if key])
    first = dict(messages.values_list("ticket_id", "pk"))
    return {str(key): Opened(ticket, first.get(ticket.pk), is_new=False) for key, ticket in found.items()}


def _first_message_key(created_key: str) -> str:
    """Told from the ticket's, so that a second delivery finds the message too."""
    key = f"first:{created_key}"
    return key if len(key) <= _LONGEST_KEY else f"first:{sha256(key.encode()).hexdigest()}"


@dataclass(slots=True)
class _Around:
    """What a chunk of tickets refers to, read once."""

    partners: dict[int, Partner] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    addresses: dict[int, str] = field(default_factory=dict)
    customers: dict[int, EndCustomer] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    teams: dict[int, int | None] = field(default_factory=dict)
    """By mailbox."""
    private: frozenset[int] = frozenset()
    """Of the tickets that are followed."""


def _create(rows: Sequence[NewTicket], *, by: Actor, at: datetime) -> list[Opened]:
    if not rows:
        return []
    rows, around = fold_in_tickets(rows), _around(rows)
    tickets = [_ticket(row, around, moment_of(row.happened_at, by, at)) for row in rows]
    clocks = _judge(rows, tickets)
    insert(tickets)
    messages = [
        _message(row, ticket, by, row.happened_at or at) for row, ticket in zip(rows, tickets, strict=True)
    ]
    insert(messages)
    attach((message.pk, row.files) for message, row in zip(messages, rows, strict=True))
    remember_references(
        ((t.pk, r.message_id, r.references) for t, r in zip(tickets, rows, strict=True)), are_new=True
    )
    _let_in(rows, tickets, messages, at)
    record_many([*_events(rows, tickets, messages), *clocks.events()], by=by, at=at)
    clocks.store()
    put(_documents(rows, tickets, messages), at=at)
    for message in messages:
        if message.delivery == Delivery.QUEUED:
            queue_at(SEND, message.pk, at=at)
    return [
        Opened(ticket, message.pk, is_new=True) for ticket, message in zip(tickets, messages, strict=True)
    ]


def _judge(rows: Sequence[NewTicket], tickets: Sequence[Ticket]) -> Beginnings:
    """Priority first: what is promised depends on it."""
    by_rules = [n for n, row in enumerate(rows) if row.priority is None]
    decisions = decide_for_new([tickets[n] for n in by_rules], [rows[n].text for n in by_rules])
    for number, decision in zip(by_rules, decisions, strict=True):
        ticket = tickets[number]
        reasons = decision.as_event_data()
        ticket.set_priority(decision.priority, reasons=reasons, by_hand=False, at=ticket.created_at)
    created = [
        {"side": row.side, "verdict": row.verdict, "channel": ticket.channel, "status": ticket.status}
        for row, ticket in zip(rows, tickets, strict=True)
    ]
    return begin_clocks(tickets, created)


def _around(rows: Sequence[NewTicket]) -> _Around:
    around = _Around()
    if ids := {row.contact_id for row in rows if row.contact_id is not None}:
        around.contacts = rows_by_id(Contact, ids)
        # Where answers go to who asked by phone, in the portal or through the API.
        around.addresses = first_mail_addresses(
            {row.contact_id for row in rows if row.contact_id is not None and not row.requester_address}
        )
    theirs = {contact.partner_id for contact in around.contacts.values()}
    ids = theirs | {row.partner_id for row in rows if row.partner_id is not None}
    around.partners = rows_by_id(Partner, ids)
    for contact in around.contacts.values():
        contact.partner = around.partners[contact.partner_id]
    customers = (row.customer_id for row in rows if row.customer_id is not None)
    around.customers = rows_by_id(EndCustomer, customers)
    around.topics = rows_by_id(Topic, (row.topic_id for row in rows if row.topic_id is not None))
    mailboxes = (row.mailbox_id for row in rows if row.mailbox_id is not None)
    around.teams = values_by_id(Mailbox, "team_id", mailboxes)
    if followed := [row.follow_up_of_id for row in rows if row.follow_up_of_id is not None]:
        private = Ticket.objects.filter(pk__in=followed, is_private=True)
        around.private = frozenset(private.values_list("pk", flat=True))
    return around


def _ticket(row: NewTicket, around: _Around, at: datetime) -> Ticket:
    contact = around.contacts.get(row.contact_id or 0)
    partner = around.partners.get(row.partner_id or (contact.partner_id if contact else 0))
    topic = around.topics.get(row.topic_id or 0)
    customer = around.customers.get(row.customer_id or 0)
    from_outside = row.side in OUTSIDE
    asks = customer if row.side is Side.CUSTOMER else contact
    address = row.requester_address or (
        customer.address if asks is customer and customer else around.addresses.get(row.contact_id or 0, "")
    )
    ticket = Ticket(
        program_id=row.program_id,
        partner=partner,
        contact=contact,
        requester_name=clean_line(row.requester_name or (asks.name if asks is not None else ""), 200),
        requester_address=clean_line(address, 254).lower(),
        customer=customer,
        is_private=row.is_private or row.follow_up_of_id in around.private,
        subject=clean_line(row.subject, 400) or clean_line(row.text, 120),
        status=TicketStatus.NEW if from_outside else TicketStatus.OPEN,
        topic=topic,
        team_id=row.team_id or (topic.team_id if topic else None) or around.teams.get(row.mailbox_id or 0),
        channel=row.channel,
        mailbox_id=row.mailbox_id if row.mailbox_id in around.teams else None,
        language=chosen_language(
            row.language,
            contact.languages[0] if contact is not None and contact.languages else "",
            partner.language if partner is not None else "",
            text=f"{row.subject}\n{row.text}",
        ),
        created_at=at,
        updated_at=at,
        follow_up_of_id=row.follow_up_of_id,
        public_key=secrets.token_urlsafe(24),
        created_key=row.created_key,
    )
    if row.owner_id is not None:
        ticket.give_to(row.owner_id, at=at)
    if row.priority is not None:
        ticket.set_priority(row.priority, reasons=[], by_hand=True, at=at)
    if from_outside:
        ticket.note_incoming(at=at, awaits_us=row.verdict is Verdict.PERSON)
    else:
        ticket.message_count = 1
        ticket.last_outgoing_at = at if _kind(row) is MessageKind.REPLY else None
    return ticket


def _message(row: NewTicket, ticket: Ticket, by: Actor, happened_at: datetime) -> Message:
    kind = _kind(row)
    audience = default_audience(kind, row.side, present=_sides(row))
    outgoing = kind is MessageKind.REPLY
    written_by_staff = row.side is Side.STAFF and by.kind is ActorKind.PERSON
    return Message(
        ticket_id=ticket.pk,
        kind=kind,
        side=row.side,
        channel=row.channel,
        visible_to_partner=audience.partner,
        visible_to_customer=audience.customer,
        author_id=by.id if written_by_staff else None,
        contact_id=row.contact_id if row.side is Side.PARTNER else None,
        customer_id=row.customer_id if row.side is Side.CUSTOMER else None,
        from_name=ticket.requester_name if row.side in OUTSIDE else "",
        from_address=ticket.requester_address if row.side in OUTSIDE else "",
        to=people_as_json(row.to),
        cc=people_as_json(row.cc),
        subject=clean_line(row.subject, 400),
        text=clean_text(row.text),
        quote=clean_text(row.quote),
        signature=clean_text(row.signature),
        html=clean_text(row.html),
        language=row.language or ticket.language,
        verdict=row.verdict,
        message_id=clean_line(row.message_id, 255),
        delivery=Delivery.QUEUED if outgoing else Delivery.NONE,
        send_at=ticket.created_at if outgoing else None,
        call=row.call,
        key=_first_message_key(row.created_key) if row.created_key else None,
        happened_at=happened_at,
        created_at=ticket.created_at,
    )


def _kind(row: NewTicket) -> MessageKind:
    """A ticket that we begin is a letter to somebody outside, or a note where there is nobody."""
    if row.call is not None:
        return MessageKind.CALL
    if row.side in OUTSIDE:
        return MessageKind.INCOMING
    return MessageKind.REPLY if row.side is Side.STAFF and _sides(row) else MessageKind.NOTE


def _sides(row: NewTicket) -> list[Side]:
    partner = row.partner_id is not None or row.contact_id is not None
    if row.requester_address and row.side is not Side.CUSTOMER:
        partner = True
    there = ((Side.PARTNER, partner), (Side.CUSTOMER, row.customer_id is not None))
    return [side for side, present in there if present]


def _let_in(
    rows: Sequence[NewTicket], tickets: Sequence[Ticket], messages: Sequence[Message], at: datetime
) -> None:
    newcomers = Newcomers(at=at, are_new=True)
    for row, ticket in zip(rows, tickets, strict=True):
        side = row.side if row.side in OUTSIDE else Side.PARTNER
        newcomers.wrote(
            ticket.pk,
            side,
            name=ticket.requester_name,
            address=ticket.requester_address,
            contact_id=ticket.contact_id if side is Side.PARTNER else None,
            customer_id=row.customer_id if side is Side.CUSTOMER else None,
        )
        newcomers.copied(ticket.pk, ticket.partner_id, side, [*row.to, *row.cc])
    newcomers.store()


def _documents(
    rows: Sequence[NewTicket], tickets: Sequence[Ticket], messages: Sequence[Message]
) -> Iterable[NewDocument]:
    for row, ticket, message in zip(rows, tickets, messages, strict=True):
        yield ticket_document(ticket)
        named = message.contact_id is not None and ticket.contact is not None
        yield message_document(
            message,
            ticket,
            people=[ticket.contact.name] if named and ticket.contact else [],
            files=[file.filename for file in row.files],
        )


def _events(
    rows: Sequence[NewTicket], tickets: Sequence[Ticket], messages: Sequence[Message]
) -> Iterable[NewEvent]:
    for row, ticket, message in zip(rows, tickets, messages, strict=True):
        data = {
            "channel": ticket.channel,
            "status": ticket.status,
            "priority": ticket.priority,
            "topic": ticket.topic_id,
            "team": ticket.team_id,
            "owner": ticket.owner_id,
            "sla_policy": ticket.policy_id,
            "follow_up_of": ticket.follow_up_of_id,
            "message": message.pk,
            "side": row.side,
            "verdict": row.verdict,
        }
        yield event_about(TICKET_CREATED, ticket, at=ticket.created_at, data=data)
        if message.kind == MessageKind.REPLY:
            to = {"to_partner": message.visible_to_partner, "to_customer": message.visible_to_customer}
            data = {"message": message.pk, "first": False, **to}
            yield event_about(MESSAGE_SENT, ticket, at=ticket.created_at, data=data)
