"""Hand-overs of the past, brought in by the chunk: each at the moment the ticket changed hands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.desk.operations.events import event_about, moment_of
from otklik.desk.operations.locking import locked_tickets
from otklik.desk.operations.rows import update
from otklik.desk.rules.routing import Reason
from otklik.desk.rules.vocabulary import OWNER_CHANGED
from otklik.events.public import Actor, record_many

_CHANGED = ("owner", "owner_since", "updated_at", "version")


@dataclass(frozen=True, slots=True)
class PastOwner:
    ticket_id: int
    owner_id: int
    happened_at: datetime


@transaction.atomic
def change_owners_bulk(rows: Sequence[PastOwner], *, by: Actor, at: datetime) -> None:
    """At most one row a ticket; the number of statements does not grow with them. Whose turn it is today does
    not follow from the past, and no clock runs by who the owner is."""
    tickets = locked_tickets(row.ticket_id for row in rows)
    events = []
    for row in rows:
        ticket, moment = tickets[row.ticket_id], moment_of(row.happened_at, by, at)
        data = {"before": ticket.owner_id, "after": row.owner_id, "reason": str(Reason.BY_HAND)}
        ticket.give_to(row.owner_id, at=moment)
        ticket.version += 1
        events.append(event_about(OWNER_CHANGED, ticket, at=moment, data=data))
    update(list(tickets.values()), _CHANGED)
    record_many(events, by=by, at=at)
