"""Which outside sides a ticket has."""

from __future__ import annotations

from otklik.desk.models import Participant, Ticket
from otklik.desk.rules.visibility import OUTSIDE
from otklik.desk.rules.vocabulary import Side


def sides_by_facts(ticket: Ticket) -> list[Side]:
    """By whom the ticket itself names. A requester whom nobody knows stands where a partner would."""
    there = ((Side.PARTNER, _has_partner(ticket)), (Side.CUSTOMER, ticket.customer_id is not None))
    return [side for side, present in there if present]


def sides_present(ticket: Ticket) -> list[Side]:
    """And by who was added to it. One query."""
    added = Participant.objects.filter(ticket=ticket).values_list("side", flat=True).distinct()
    found = {*sides_by_facts(ticket), *(Side(side) for side in added)}
    return [side for side in OUTSIDE if side in found]


def _has_partner(ticket: Ticket) -> bool:
    named = ticket.partner_id is not None or ticket.contact_id is not None
    return named or (bool(ticket.requester_address) and ticket.customer_id is None)
