"""What the people of a partner answered, what the log knows of them, and which ties were stated: of all of
them, or of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from otklik.desk.public import Delivery, Direction, Message, MessageKind, Ticket, visible_tickets
from otklik.identity.public import User
from otklik.partners.public import Partner
from otklik.relationships.models import Tie
from otklik.relationships.queries import lines
from otklik.relationships.queries.lines import Answers
from otklik.relationships.rules.log import Dealings, Said, count_dealings, is_complaint

LOG_DAYS = 365


@dataclass(frozen=True, slots=True)
class Whose:
    """The people of a partner, or one of them."""

    partner: Partner
    contact_id: int | None = None

    def q(self, to_contact: str = "contact") -> Q:
        """Of rows that know partner and contact."""
        if self.contact_id is not None:
            return Q(**{to_contact: self.contact_id})
        return Q(**{f"{to_contact}__isnull": False})


def answers_of(whose: Whose, user: User, at: datetime) -> Answers:
    found: dict[str, object] = {"partner": whose.partner}
    if whose.contact_id is not None:
        found["contact"] = whose.contact_id
    return lines.answers_of(found, user=user, at=at)


def ties_of(whose: Whose) -> dict[int, list[Tie]]:
    found: dict[int, list[Tie]] = defaultdict(list)
    rows = Tie.objects.filter(whose.q(), contact__partner=whose.partner).select_related("user", "stated_by")
    for row in rows.order_by("pk"):
        found[row.contact_id].append(row)
    return found


class _Matter(NamedTuple):
    person: int
    is_complaint: bool


def log_of(whose: Whose, user: User, at: datetime) -> tuple[dict[int, Dealings], dict[int, list[Ticket]]]:
    """Contacts of the last year, counted from every ticket of the partner; open tickets only as far as this
    person sees them."""
    begun = at - timedelta(days=LOG_DAYS)
    theirs = Ticket.objects.filter(partner=whose.partner, contact__isnull=False, updated_at__gte=begun)
    rows = theirs.values_list("pk", "contact_id", "priority_reasons", "rating__value")
    matters = {pk: _Matter(person, is_complaint(reasons, rating)) for pk, person, reasons, rating in rows}
    open_tickets: dict[int, list[Ticket]] = defaultdict(list)
    seen = visible_tickets(user).filter(whose.q(), partner=whose.partner, is_open=True)
    for ticket in seen.order_by("priority_rank", "pk"):
        if ticket.contact_id is not None:
            open_tickets[ticket.contact_id].append(ticket)
    return count_dealings(_said(theirs, matters, begun), at=at), open_tickets


def _said(tickets: QuerySet[Ticket], matters: Mapping[int, _Matter], begun: datetime) -> Iterable[Said]:
    told = Q(kind__in=(MessageKind.INCOMING, MessageKind.REPLY, MessageKind.CALL))
    rows = Message.objects.filter(told, ticket__in=tickets.values("pk"), happened_at__gte=begun).exclude(
        delivery__in=(Delivery.TAKEN_BACK, Delivery.FAILED, Delivery.BOUNCED)
    )
    columns = ("ticket_id", "happened_at", "kind", "author_id", "call", "contact_id")
    for ticket, moment, kind, author, call, contact in rows.order_by("pk").values_list(*columns):
        matter = matters.get(ticket)
        if matter is None:
            # It came in since the tickets were read.
            continue
        theirs = kind == MessageKind.INCOMING or (call or {}).get("direction") == Direction.INCOMING
        by = None if theirs else author
        if by is None and not theirs:
            continue
        person = (contact or matter.person) if theirs else matter.person
        yield Said(ticket, person, moment, by, matter.is_complaint)
