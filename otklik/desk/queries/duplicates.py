"""Open tickets of the same partner that may be the same matter as one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

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
    """One query, and one more where there are others, whatever the partner's number of tickets."""
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
    rows = rows.exclude(pk=ticket.pk).only("subject", "created_at", "channel", "partner", "contact")
    others = list(rows.order_by("-created_at")[:MOST_COMPARED])
    if not others:
        return []
    by_id = {other.pk: other for other in others}
    texts = _first_texts([ticket.pk, *by_id])
    found = suggest(_matter(ticket, texts), [_matter(other, texts) for other in others])
    return [Likely(by_id[one.ticket_id], one.score, tuple(kind for kind, _ in one.why)) for one in found]


def _first_texts(ids: Sequence[int]) -> dict[int, str | None]:
    first = Message.objects.filter(ticket=OuterRef("pk")).order_by("pk").values("text")[:1]
    return dict(Ticket.objects.filter(pk__in=ids).values_list("pk", Subquery(first)))


def _matter(ticket: Ticket, texts: Mapping[int, str | None]) -> Matter:
    return Matter(
        ticket_id=ticket.pk,
        partner_id=ticket.partner_id or 0,
        at=ticket.created_at,
        subject=ticket.subject,
        text=(texts.get(ticket.pk) or "")[:_LONGEST],
        channel=Channel(ticket.channel),
        contact_id=ticket.contact_id,
    )
