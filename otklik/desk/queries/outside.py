"""Who stands outside in a ticket beside the one who asked, and what somebody new there would read."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from otklik.desk.models import EndCustomer, Participant, Ticket
from otklik.desk.queries.sides import messages_for
from otklik.desk.rules.vocabulary import Side
from otklik.identity.public import User
from otklik.partners.public import AddressKind, Contact, visible_partners


@dataclass(frozen=True, slots=True)
class Newcomer:
    """``name``: as we know them, "" for an address nobody is known by. ``reads``: messages of the ticket that
    their side may read already."""

    name: str
    reads: int


def newcomer(ticket: Ticket, side: Side, address: str) -> Newcomer:
    """Two queries. ``address`` as stored: lower case."""
    name = _known_name(ticket.partner_id, side, address) if ticket.partner_id is not None else ""
    return Newcomer(name, messages_for(side, ticket).count())


def _known_name(partner_id: int, side: Side, address: str) -> str:
    if side is Side.CUSTOMER:
        clients = EndCustomer.objects.filter(partner_id=partner_id, address=address, erased_at=None)
        return clients.values_list("name", flat=True).first() or ""
    people = Contact.objects.filter(
        partner_id=partner_id,
        addresses__kind=AddressKind.EMAIL,
        addresses__normalised=address,
        erased_at=None,
    )
    return people.values_list("name", flat=True).first() or ""


def beside_the_requester(ticket: Ticket) -> QuerySet[Participant]:
    """Those that may be taken out: who asked and the end customer are in the ticket by its own facts."""
    rows = Participant.objects.filter(ticket=ticket).order_by("pk")
    if ticket.contact_id is not None:
        rows = rows.exclude(contact_id=ticket.contact_id)
    if ticket.customer_id is not None:
        rows = rows.exclude(customer_id=ticket.customer_id)
    return rows.exclude(address=ticket.requester_address)


def erasable_customers(user: User) -> QuerySet[EndCustomer]:
    """Of the partners this person sees."""
    visible = visible_partners(user).values("pk")
    return EndCustomer.objects.filter(erased_at=None, partner_id__in=visible).select_related("partner")
