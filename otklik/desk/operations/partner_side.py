"""What somebody at a partner does on their own pages. Who they are was proved there, so that all of it
carries their name; which ticket they mean is looked up among their company's own, whatever they name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from otklik.desk.models import Participant, Rating, Ticket
from otklik.desk.operations.asking import CallMe
from otklik.desk.operations.calls import ask_callback
from otklik.desk.operations.locking import TicketGone
from otklik.desk.operations.messages import receive_message
from otklik.desk.operations.ratings import rate_ticket
from otklik.desk.operations.replying import TicketClosed
from otklik.desk.operations.shapes import NewFile, NewTicket
from otklik.desk.operations.sides import (
    AddressOfOurs,
    OnOtherSide,
    WrongPartner,
    add_participant,
    remove_participant,
)
from otklik.desk.operations.tickets import change_status, create_ticket, create_tickets_bulk
from otklik.desk.queries.outside import beside_the_requester
from otklik.desk.queries.partner_side import colleagues_beside, matter_of
from otklik.desk.queries.sides import subject_for
from otklik.desk.rules.languages import language_of
from otklik.desk.rules.vocabulary import Channel, Side, TicketStatus
from otklik.events.public import Actor
from otklik.partners.public import Contact, first_mail_addresses

PORTAL_KEY = "portal:"


class NoAddress(Exception):
    """Nobody could write to this colleague."""


class NotBeside(Exception):
    """Not one of those who read along, or who might."""


@transaction.atomic
def ask_as_contact(
    *,
    contact: Contact,
    topic_id: int | None,
    subject: str,
    text: str,
    language: str,
    files: Sequence[NewFile] = (),
    is_private: bool = False,
    call: CallMe | None = None,
    key: str,
    at: datetime,
) -> Ticket:
    """A ticket of their own; the same ``key`` is the same one. ``contact`` comes with its partner.
    Raises UnknownZone."""
    asked = NewTicket(
        program_id=contact.partner.program_id,
        subject=subject,
        channel=Channel.PORTAL,
        side=Side.PARTNER,
        text=text,
        partner_id=contact.partner_id,
        contact_id=contact.pk,
        topic_id=topic_id,
        language=language_of(text) or language,
        files=files,
        is_private=is_private,
        created_key=_key(contact, key),
    )
    opened = create_tickets_bulk([asked], by=Actor.contact(contact.pk), at=at)[0]
    if opened.is_new and call is not None:
        ask_callback(
            ticket_id=opened.ticket.pk,
            phone=call.phone,
            local_time=call.local_time,
            time_zone=call.time_zone,
            wish=call.wish,
            by=Actor.contact(contact.pk),
            at=at,
        )
    return opened.ticket


@transaction.atomic
def write_as_contact(
    *, contact: Contact, ticket_id: int, text: str, files: Sequence[NewFile] = (), key: str, at: datetime
) -> Ticket:
    """The ticket it is in now: the one that was meant, opened again where it had ended, or a new one that
    follows it where it ended too long ago. Who wrote reads along from now on. The same ``key`` is the same
    message. Raises TicketGone."""
    ticket = _own(contact, ticket_id)
    name = f"{_key(contact, key)}:{ticket.pk}"
    if ticket.merged_into_id is None:
        try:
            message = receive_message(
                ticket_id=ticket.pk,
                side=Side.PARTNER,
                channel=Channel.PORTAL,
                text=text,
                contact_id=contact.pk,
                from_name=contact.name,
                from_address=first_mail_addresses([contact.pk]).get(contact.pk, ""),
                files=files,
                key=name,
                by=Actor.contact(contact.pk),
                at=at,
            )
        except TicketClosed:
            pass
        else:
            return Ticket.objects.get(pk=message.ticket_id)
    return create_ticket(
        program_id=ticket.program_id,
        # Not as staff may have renamed it.
        subject=subject_for(Side.PARTNER, ticket),
        channel=Channel.PORTAL,
        side=Side.PARTNER,
        text=text,
        partner_id=contact.partner_id,
        contact_id=contact.pk,
        topic_id=ticket.topic_id,
        mailbox_id=ticket.mailbox_id,
        language=ticket.language,
        files=files,
        is_private=ticket.is_private,
        created_key=name,
        follow_up_of_id=ticket.pk,
        by=Actor.contact(contact.pk),
        at=at,
    )


@transaction.atomic
def solve_as_contact(*, contact: Contact, ticket_id: int, at: datetime) -> Ticket:
    """It is settled for them. Raises TicketGone, TicketMergedAway; one that has ended stays as it is."""
    ticket = _own(contact, ticket_id)
    if not ticket.is_open:
        return ticket
    return change_status(
        ticket_id=ticket.pk,
        status=TicketStatus.SOLVED,
        side=Side.PARTNER,
        by=Actor.contact(contact.pk),
        at=at,
    )


@transaction.atomic
def rate_as_contact(*, contact: Contact, ticket_id: int, value: int, comment: str, at: datetime) -> Rating:
    """Raises TicketGone, OddRating, NotRatable, RatingSettled."""
    ticket = _own(contact, ticket_id)
    return rate_ticket(
        public_key=ticket.public_key, value=value, comment=comment, by=Actor.contact(contact.pk), at=at
    )


@transaction.atomic
def let_colleague_read(*, contact: Contact, ticket_id: int, colleague_id: int, at: datetime) -> Participant:
    """Somebody at the same partner gets the mails of this ticket too. Raises TicketGone, TicketMergedAway,
    NoAddress, and NotBeside also for whose address is ours or the end customer's."""
    ticket = _own(contact, ticket_id)
    beside = colleagues_beside(ticket) if not ticket.is_private else []
    colleague = next((one for one in beside if one.pk == colleague_id), None)
    if colleague is None:
        raise NotBeside(colleague_id)
    address = first_mail_addresses([colleague_id]).get(colleague_id)
    if not address:
        raise NoAddress(colleague_id)
    try:
        return add_participant(
            ticket_id=ticket.pk,
            side=Side.PARTNER,
            address=address,
            name=colleague.name,
            by=Actor.contact(contact.pk),
            at=at,
        )
    except (AddressOfOurs, OnOtherSide, WrongPartner) as error:
        raise NotBeside(colleague_id) from error


@transaction.atomic
def spare_colleague(*, contact: Contact, ticket_id: int, participant_id: int, at: datetime) -> None:
    """They get no further mails; the matter stays theirs to open. Raises TicketGone, NotBeside."""
    ticket = _own(contact, ticket_id)
    beside = beside_the_requester(ticket).filter(side=Side.PARTNER, pk=participant_id)
    if not beside.exists():
        raise NotBeside(participant_id)
    remove_participant(participant_id=participant_id, by=Actor.contact(contact.pk), at=at)


def _own(contact: Contact, ticket_id: int) -> Ticket:
    ticket = matter_of(contact.partner_id, ticket_id, reader=contact.pk)
    if ticket is None:
        raise TicketGone(ticket_id)
    return ticket


def _key(contact: Contact, key: str) -> str:
    """Nobody finds somebody else's ticket by guessing their key."""
    return f"{PORTAL_KEY}{contact.pk}:{key}"[:90]
