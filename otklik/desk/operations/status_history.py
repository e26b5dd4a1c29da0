"""Statuses of the past, brought in by the chunk: each at the moment it was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.events import event_about, moment_of
from otklik.desk.operations.locking import locked_tickets
from otklik.desk.operations.rows import update
from otklik.desk.operations.tickets import NotAllowed
from otklik.desk.rules.statuses import may_change
from otklik.desk.rules.vocabulary import STATUS_CHANGED, Side, TicketStatus
from otklik.events.public import Actor, record_many

_CHANGED = (
    "status",
    "outcome",
    "is_open",
    "reopened_count",
    "solved_at",
    "closed_at",
    "awaiting_us_since",
    "updated_at",
    "version",
)


@dataclass(frozen=True, slots=True)
class PastStatus:
    ticket_id: int
    status: TicketStatus
    happened_at: datetime


@transaction.atomic
def change_statuses_bulk(rows: Sequence[PastStatus], *, by: Actor, at: datetime) -> None:
    """At most one row a ticket; the number of statements does not grow with them. Raises NotAllowed."""
    tickets = locked_tickets(row.ticket_id for row in rows)
    events = []
    for row in rows:
        ticket, moment = tickets[row.ticket_id], moment_of(row.happened_at, by, at)
        before = TicketStatus(ticket.status)
        if not may_change(before, row.status, Side.STAFF):
            raise NotAllowed(before, row.status)
        ticket.change_status(row.status, at=moment)
        ticket.version += 1
        data = {"before": before, "after": row.status, "outcome": ticket.outcome, "side": Side.STAFF}
        events.append(event_about(STATUS_CHANGED, ticket, at=moment, data=data))
    update(list(tickets.values()), _CHANGED)
    record_many(events, by=by, at=at)
    refresh_clocks(sorted(tickets), at=at)
