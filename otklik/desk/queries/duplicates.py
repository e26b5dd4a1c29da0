"""Open tickets of the same partner that may be the same matter as one of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from otklik.desk.access import visible_tickets
from otklik.desk.models import Message, Ticket
from otklik.desk.rules.duplicates import MOST_COMPARED, WINDOW, Likeness, Matter, suggest
from otklik.desk.rules.vocabulary import Channel
from otklik.identity.public import User

# The beginning of a message says what it is about; a log pasted below it does not.
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Likely:
    ticket: Ticket
    score: int
    why: tuple[Likeness, ...]


def likely_duplicates(ticket: Ticket, user: User) -> list[Likely]:
    """Two queries, whatever the partner's number of tickets."""
    if ticket.partner_id is None or not ticket.is_open:
        return []
    rows = visible_tickets(user).filter(
        partner_id=ticket.partner_id,
        program_id=ticket.program_id,
        merged_into=None,
        is_open=True,
        created_at__gte=ticket.created_at - WINDOW,
        created_at__lte=ticket.created_at + WINDOW,
    )
    others = list(_with_text(rows.exclude(pk=ticket.pk)).order_by("-created_at")[:MOST_COMPARED])
    if not others:
        return []
    itself = _with_text(Ticket.objects.filter(pk=ticket.pk)).get()
    by_id = {other.pk: other for other in others}
    found = suggest(_matter(itself), [_matter(other) for other in others])
    return [Likely(by_id[one.ticket_id], one.score, tuple(kind for kind, _ in one.why)) for one in found]


def _with_text(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    first = Message.objects.filter(ticket=OuterRef("pk")).order_by("pk").values("text")[:1]
    return rows.annotate(first_text=Subquery(first))


def _matter(ticket: Ticket) -> Matter:
    return Matter(
        ticket_id=ticket.pk,
        partner_id=ticket.partner_id or 0,
        at=ticket.created_at,
        subject=ticket.subject,
        text=(ticket.first_text or "")[:_LONGEST],  # type: ignore[attr-defined]
        channel=Channel(ticket.channel),
        contact_id=ticket.contact_id,
    )
