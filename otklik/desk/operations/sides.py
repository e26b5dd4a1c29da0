"""The outside people of a ticket, and who of them may read what."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from otklik.desk.models import EndCustomer, Mailbox, Message, Participant, Ticket
from otklik.desk.operations.documents import ticket_documents
from otklik.desk.operations.events import tell
from otklik.desk.operations.locking import TicketGone, locked_ticket
from otklik.desk.operations.presence import sides_present
from otklik.desk.operations.rows import clean_line
from otklik.desk.queries.sides import family_ids, people_of
from otklik.desk.rules.visibility import OUTSIDE, Audience, check_audience
from otklik.desk.rules.vocabulary import (
    CUSTOMER_SET,
    CUSTOMER_STORED,
    MESSAGE_SHARED,
    PARTICIPANT_ADDED,
    PARTICIPANT_REMOVED,
    MessageKind,
    Side,
)
from otklik.events.public import Actor, Subject, record
from otklik.identity.public import User
from otklik.partners.public import AddressKind, BadAddress, Contact, normalise_address
from otklik.search.public import put

__all__ = ["BadAddress"]


class AddressOfContact(Exception):
    """The address is of somebody at the partner: who works there is no customer of theirs."""

    def __init__(self, contact_id: int) -> None:
        super().__init__(contact_id)
        self.contact_id = contact_id


class AddressOfOurs(Exception):
    """A mailbox of ours, or a colleague: they would be written to as somebody outside."""


class OnOtherSide(Exception):
    """The address stands on the other outside side of this ticket already."""


class WrongPartner(Exception):
    """The person belongs to another partner than the ticket."""


class TooLateToHide(Exception):
    """Who wrote a message, or was sent it, cannot be made not to have read it."""


def find_customer(*, partner_id: int, address: str) -> EndCustomer | None:
    """By address, within the partner: another partner's client with this address is somebody else."""
    found = EndCustomer.objects.filter(partner_id=partner_id, address=address.strip().lower(), erased_at=None)
    return found.exclude(address="").first()


@transaction.atomic
def store_customer(
    *, partner_id: int, name: str, address: str = "", language: str = "", by: Actor, at: datetime
) -> EndCustomer:
    """The one there is with this address, or a new one. No contact is made of them: customers of partners are
    asked for no score and count nowhere among the partner's people.

    Raises BadAddress, AddressOfContact, AddressOfOurs."""
    key = normalise_address(AddressKind.EMAIL, address) if address.strip() else ""
    if key:
        _refuse_ours(key)
        if (contact_id := _contact_of(partner_id, key)) is not None:
            raise AddressOfContact(contact_id)
        if (known := find_customer(partner_id=partner_id, address=key)) is not None:
            return known
    # Without an address nothing tells two of a name apart: each is somebody new.
    customer = EndCustomer.objects.create(
        partner_id=partner_id,
        address=key,
        name=clean_line(name, 200) or key,
        language=language[:10],
        created_at=at,
    )
    subjects = [Subject("customer", customer.pk), Subject("partner", partner_id)]
    record(CUSTOMER_STORED, by=by, at=at, subjects=subjects)
    return customer


@transaction.atomic
def set_customer(*, ticket_id: int, customer_id: int | None, by: Actor, at: datetime) -> Ticket:
    """Who is the third side; None: nobody. What an earlier customer could read, the next one cannot: it was
    written to somebody else. Raises TicketGone, TicketMergedAway, WrongPartner, OnOtherSide."""
    ticket = locked_ticket(ticket_id)
    before = ticket.customer_id
    if before == customer_id:
        return ticket
    if customer_id is not None:
        customer = EndCustomer.objects.filter(pk=customer_id, erased_at=None).first()
        if customer is None or customer.partner_id != ticket.partner_id:
            raise WrongPartner(customer_id)
        _leave_partners_side(ticket, customer.address)
    hidden = 0
    if before is not None:
        if ticket.requester_address.lower() in people_of(Side.CUSTOMER, ticket):
            # Else whoever began the ticket as the end customer would get what is for the partner.
            ticket.requester_name = ticket.requester_address = ""
        messages = Message.objects.filter(ticket_id__in=family_ids(ticket.pk), visible_to_customer=True)
        hidden = messages.update(visible_to_customer=False)
        Participant.objects.filter(ticket=ticket, side=Side.CUSTOMER).delete()
        # Of the tickets merged into it too, or they would lead the earlier customer's mails back in here.
        Ticket.objects.filter(merged_into=ticket, customer_id=before).update(customer=None)
    ticket.customer_id = customer_id
    _saved(ticket, at)
    tell(CUSTOMER_SET, ticket, by=by, at=at, before=before, after=customer_id, hidden=hidden)
    put(ticket_documents([ticket.pk]), at=at)
    return ticket


@transaction.atomic
def add_participant(
    *, ticket_id: int, side: Side, address: str, name: str = "", by: Actor, at: datetime
) -> Participant:
    """Somebody outside gets, from now on, what their side gets, and may read what their side could read.

    Who the address belongs to is looked up: a contact of the partner stands on the partner's side and nowhere
    else. Raises BadAddress, AddressOfContact, AddressOfOurs, OnOtherSide, WrongPartner, TicketGone,
    TicketMergedAway."""
    if side not in OUTSIDE:
        raise ValueError(side)
    ticket = locked_ticket(ticket_id)
    key = normalise_address(AddressKind.EMAIL, address)
    _refuse_ours(key)
    contact_id, customer_id = _whose(ticket, side, key)
    other = Side.CUSTOMER if side is Side.PARTNER else Side.PARTNER
    if key in people_of(other, ticket):
        raise OnOtherSide(key)
    participant, is_new = Participant.objects.get_or_create(
        ticket=ticket,
        address=key,
        defaults={
            "side": side,
            "contact_id": contact_id,
            "customer_id": customer_id,
            "name": clean_line(name, 200),
            "since": at,
        },
    )
    was_silent = not participant.is_copied
    if was_silent:
        # Somebody a merge brought along without letting them in.
        participant.is_copied = True
        participant.save(update_fields=["is_copied"])
    if is_new or was_silent:
        _saved(ticket, at)
        _tell_of(PARTICIPANT_ADDED, participant, ticket, by=by, at=at)
    return participant


@transaction.atomic
def remove_participant(*, participant_id: int, by: Actor, at: datetime) -> None:
    """They get nothing further; a mail of theirs still finds the ticket by what it answers to, and makes them
    a participant again. Raises Participant.DoesNotExist, TicketGone, TicketMergedAway."""
    participant = Participant.objects.get(pk=participant_id)
    ticket = locked_ticket(participant.ticket_id)
    if participant.side == Side.PARTNER and participant.contact_id is None:
        # Nobody at the partner that we know of, and the partner's link was in every mail to them.
        ticket.public_key = secrets.token_urlsafe(24)
    _saved(ticket, at)
    _tell_of(PARTICIPANT_REMOVED, participant, ticket, by=by, at=at)
    participant.delete()


@transaction.atomic
def share_message(
    *, message_id: int, to_partner: bool, to_customer: bool, by: Actor, at: datetime
) -> Message:
    """Show a message to the other side as well, with the files attached to it (pictures inside a mail stay
    with who wrote it), or no longer. Nothing is sent by this.

    Raises what ``check_audience`` raises (NoteLeavesTheHouse, SideNotInTicket, AudienceEmpty), TooLateToHide,
    TicketGone, TicketMergedAway."""
    message = Message.objects.select_related("ticket").filter(pk=message_id).first()
    if message is None:
        raise TicketGone(message_id)
    # A message of a merged ticket is shared in the survivor, whose people then read it there.
    ticket = locked_ticket(message.ticket.merged_into_id or message.ticket_id)
    message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
    audience = Audience(partner=to_partner, customer=to_customer)
    check_audience(MessageKind(message.kind), audience, present=sides_present(ticket))
    before = Audience(partner=message.visible_to_partner, customer=message.visible_to_customer)
    if before == audience:
        return message
    hidden = before.sides - audience.sides
    if message.side in hidden or any(message.copies.filter(side=side).exists() for side in hidden):
        raise TooLateToHide(message_id)
    message.visible_to_partner, message.visible_to_customer = to_partner, to_customer
    message.save(update_fields=["visible_to_partner", "visible_to_customer"])
    _saved(ticket, at)
    tell(
        MESSAGE_SHARED,
        ticket,
        by=by,
        at=at,
        message=message.pk,
        to_partner=to_partner,
        to_customer=to_customer,
        before=sorted(before.sides),
    )
    return message


def hide_from_partner(ticket: Ticket) -> int:
    """For ``set_partner``, before a ticket goes from one partner to another: what was written for the first
    is not the second's to read, and the link the first one has opens it no more. How many messages that was.
    Inside the caller's transaction; the caller saves the ticket."""
    ticket.public_key = secrets.token_urlsafe(24)
    messages = Message.objects.filter(ticket_id__in=family_ids(ticket.pk))
    Participant.objects.filter(ticket=ticket).delete()
    hidden = messages.filter(visible_to_partner=True).update(visible_to_partner=False)
    messages.filter(visible_to_customer=True).update(visible_to_customer=False)
    return hidden


def _leave_partners_side(ticket: Ticket, address: str) -> None:
    """Somebody whom nobody knew stood there until it was said who they are. Raises OnOtherSide for whom we
    know to work at the partner. The caller saves the ticket."""
    there = Participant.objects.filter(ticket=ticket, side=Side.PARTNER, address=address)
    if not address or not there:
        return
    if there.exclude(contact=None).exists():
        raise OnOtherSide(address)
    there.delete()
    # They were given the partner's link.
    ticket.public_key = secrets.token_urlsafe(24)


def _saved(ticket: Ticket, at: datetime) -> None:
    ticket.updated_at = at
    ticket.version += 1
    asker = ("requester_name", "requester_address")
    ticket.save(update_fields=["customer", *asker, "public_key", "updated_at", "version"])


def _tell_of(kind: str, participant: Participant, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    data = {
        "participant": participant.pk,
        "side": participant.side,
        "contact": participant.contact_id,
        "customer": participant.customer_id,
    }
    tell(kind, ticket, by=by, at=at, **data)


def _whose(ticket: Ticket, side: Side, address: str) -> tuple[int | None, int | None]:
    """(contact, customer) of the address, as far as the ticket's partner knows it."""
    contact = Contact.objects.filter(
        addresses__kind=AddressKind.EMAIL, addresses__normalised=address, erased_at=None
    )
    here = None if ticket.partner_id is None else _contact_of(ticket.partner_id, address)
    if side is Side.CUSTOMER:
        if here is not None:
            raise AddressOfContact(here)
        known = find_customer(partner_id=ticket.partner_id or 0, address=address)
        return None, known.pk if known else None
    if here is None and ticket.partner_id is not None and contact.exists():
        # Known, and of somebody else: another partner would read along.
        raise WrongPartner(address)
    return here, None


def _contact_of(partner_id: int, address: str) -> int | None:
    found = Contact.objects.filter(
        partner_id=partner_id,
        addresses__kind=AddressKind.EMAIL,
        addresses__normalised=address,
        erased_at=None,
    )
    return found.values_list("pk", flat=True).first()


def _refuse_ours(address: str) -> None:
    if (
        Mailbox.objects.filter(address__iexact=address).exists()
        or User.objects.filter(email=address).exists()
    ):
        raise AddressOfOurs(address)
