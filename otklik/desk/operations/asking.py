"""What people outside write through the form and the status page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.desk.models import Ticket
from otklik.desk.operations.calls import ask_callback
from otklik.desk.operations.messages import receive_message
from otklik.desk.operations.replying import TicketClosed
from otklik.desk.operations.shapes import NewFile, NewTicket
from otklik.desk.operations.tickets import create_ticket, create_tickets_bulk
from otklik.desk.queries.doors import PAGE_KEY, SENDER_KEY, Visit, contact_by_address
from otklik.desk.queries.sides import subject_for
from otklik.desk.rules.languages import language_of
from otklik.desk.rules.vocabulary import Channel, Side
from otklik.events.public import Actor


@dataclass(frozen=True, slots=True)
class CallMe:
    """``local_time``: by the asker's own watch, naive; None: soon."""

    phone: str
    local_time: datetime | None
    time_zone: str
    wish: str


@transaction.atomic
def ask_by_form(
    *,
    program_id: int,
    mailbox_id: int | None,
    topic_id: int | None,
    name: str,
    address: str,
    subject: str,
    text: str,
    language: str,
    files: Sequence[NewFile] = (),
    call: CallMe | None = None,
    key: str,
    at: datetime,
) -> Ticket:
    """Always a ticket of its own: the address was only typed, and nobody joins a conversation by typing.
    The same ``key`` is the same ticket. Raises UnknownZone."""
    contact_id, partner_id = contact_by_address(address, program_id=program_id)
    asked = NewTicket(
        program_id=program_id,
        subject=subject,
        channel=Channel.FORM,
        side=Side.PARTNER,
        text=text,
        partner_id=partner_id,
        contact_id=contact_id,
        requester_name=name,
        requester_address=address,
        topic_id=topic_id,
        mailbox_id=mailbox_id,
        language=language_of(text) or language,
        files=files,
        created_key=key,
    )
    opened = create_tickets_bulk([asked], by=Actor.system(), at=at)[0]
    if opened.is_new and call is not None:
        _promise(opened.ticket.pk, call, at)
    return opened.ticket


@transaction.atomic
def write_from_page(
    *, visit: Visit, text: str, files: Sequence[NewFile] = (), key: str, at: datetime
) -> Ticket:
    """The ticket it is in now. That is a new one where the old ended too long ago, or was merged into a
    matter that others read: nobody's words go to strangers. The same ``key`` is the same message."""
    ticket, side = visit.shown, visit.side
    key = f"{PAGE_KEY if visit.is_proved else SENDER_KEY}{ticket.pk}:{key}"[:110]
    by, customer = Actor.system(), side is Side.CUSTOMER
    if ticket.merged_into_id is None:
        known = ticket.customer if customer else ticket.contact
        try:
            message = receive_message(
                ticket_id=ticket.pk,
                side=side,
                channel=Channel.FORM,
                text=text,
                contact_id=ticket.contact_id if visit.is_proved and not customer else None,
                customer_id=ticket.customer_id if customer else None,
                from_name=known.name if known is not None and visit.is_proved else ticket.requester_name,
                from_address=_address(visit, ticket),
                files=files,
                key=key,
                by=by,
                at=at,
            )
        except TicketClosed:
            pass
        else:
            return Ticket.objects.get(pk=message.ticket_id)
    return _followed_up(visit, ticket, text, files, key, at)


def _address(visit: Visit, ticket: Ticket) -> str:
    if visit.side is Side.CUSTOMER:
        return ticket.customer.address if ticket.customer is not None else ""
    return str(ticket.requester_address)


def _followed_up(
    visit: Visit, ticket: Ticket, text: str, files: Sequence[NewFile], key: str, at: datetime
) -> Ticket:
    customer = visit.side is Side.CUSTOMER
    return create_ticket(
        program_id=ticket.program_id,
        # Not as staff may have renamed it.
        subject=subject_for(visit.side, ticket),
        channel=Channel.FORM,
        side=visit.side,
        text=text,
        partner_id=ticket.partner_id,
        contact_id=None if customer else ticket.contact_id,
        requester_name="" if customer else ticket.requester_name,
        requester_address="" if customer else ticket.requester_address,
        customer_id=ticket.customer_id if customer else None,
        topic_id=ticket.topic_id,
        mailbox_id=ticket.mailbox_id,
        language=ticket.language,
        files=files,
        created_key=key,
        follow_up_of_id=ticket.pk,
        by=Actor.system(),
        at=at,
    )


@transaction.atomic
def call_from_page(*, visit: Visit, call: CallMe, at: datetime) -> None:
    """Raises UnknownZone, TicketGone, TicketMergedAway."""
    _promise(visit.shown.pk, call, at)


def _promise(ticket_id: int, call: CallMe, at: datetime) -> None:
    ask_callback(
        ticket_id=ticket_id,
        phone=call.phone,
        local_time=call.local_time,
        time_zone=call.time_zone,
        wish=call.wish,
        by=Actor.system(),
        at=at,
    )
