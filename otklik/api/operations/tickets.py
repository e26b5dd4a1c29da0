"""Several changes of a ticket in one call: all of them or none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from otklik.desk.public import (
    Priority,
    Ticket,
    TicketStatus,
    assign,
    change_status,
    set_priority,
    set_topic,
)
from otklik.events.public import Actor


class Leave:
    """Says of a field that it stays as it is, where None is a value."""


LEAVE = Leave()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    status: TicketStatus | None = None
    owner_id: int | Leave | None = LEAVE
    priority: Priority | Leave | None = LEAVE
    topic_id: int | Leave | None = LEAVE


@transaction.atomic
def change_ticket(*, ticket_id: int, changes: Changes, by: Actor, at: datetime) -> Ticket:
    """Raises what the desk's own operations raise."""
    if not isinstance(changes.topic_id, Leave):
        set_topic(ticket_id=ticket_id, topic_id=changes.topic_id, by=by, at=at)
    if not isinstance(changes.priority, Leave):
        set_priority(ticket_id=ticket_id, priority=changes.priority, by=by, at=at)
    if not isinstance(changes.owner_id, Leave):
        assign(ticket_id=ticket_id, owner_id=changes.owner_id, by=by, at=at)
    if changes.status is not None:
        change_status(ticket_id=ticket_id, status=changes.status, by=by, at=at)
    return Ticket.objects.select_related("topic").get(pk=ticket_id)
