"""Which outside sides a ticket has."""

from __future__ import annotations

from collections.abc import Collection

from otklik.desk.models import Participant, Ticket
from otklik.desk.rules.visibility import OUTSIDE
from otklik.desk.rules.vocabulary import Side


def sides_by_facts(ticket: Ticket) -> list[Side]:
    """By whom the ticket itself names. A requester whom nobody knows stands where a partner would."""
    there = ((Side.PARTNER, _has_partner(ticket)), (Side.CUSTOMER, ticket.customer_id is not None))
    return [side for side, present in there if present]


def sides_present(ticket: Ticket) -> list[Side]:
    """And by who was added to it. One query."""
    return sides_among([ticket])[ticket.pk]


def sides_among(tickets: Collection[Ticket]) -> dict[int, list[Side]]:
    """The same of many, by ticket. One query."""
    found = {ticket.pk: set(sides_by_facts(ticket)) for ticket in tickets}
    added = Participant.objects.filter(ticket__in=found).values_list("ticket_id", "side").distinct()
    for ticket_id, side in added:
        found[ticket_id].add(Side(side))
    return {pk: [side for side in OUTSIDE if side in sides] for pk, sides in found.items()}


def _has_partner(ticket: Ticket) -> bool:
    named = ticket.partner_id is not None or ticket.contact_id is not None
    return named or (bool(ticket.requester_address) and ticket.customer_id is None)
