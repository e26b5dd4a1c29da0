"""Priority by the rules, until somebody sets it by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from otklik.desk.models import NEVER_DUE, Ticket
from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.events import event_about
from otklik.desk.operations.locking import locked_tickets
from otklik.desk.operations.rows import update
from otklik.desk.queries.priority import decide_again
from otklik.desk.rules.vocabulary import PRIORITY_CHANGED
from otklik.events.public import Actor, record_many

_CHANGED = ("priority", "priority_rank", "priority_reasons", "priority_by_hand", "version")
# Tickets in one transaction of the job that goes through all open ones.
CHUNK = 100


@transaction.atomic
def refresh_priorities(ticket_ids: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Of those that are open and were not set by hand; how many changed. Reasons are renewed even where the
    word stays the same; only another word is an event."""
    open_ones = [
        ticket
        for ticket in locked_tickets(ticket_ids, "partner", "contact", "topic").values()
        if ticket.is_open and not ticket.priority_by_hand
    ]
    decisions = decide_again(open_ones, at=at)
    events, moved = [], []
    for ticket in open_ones:
        decision, before = decisions[ticket.pk], ticket.priority
        reasons = decision.as_event_data()
        if (before, ticket.priority_reasons) == (decision.priority, reasons):
            continue
        # Not a sign of life: ``updated_at`` says when something happened in the ticket.
        ticket.set_priority(decision.priority, reasons=reasons, by_hand=False, at=ticket.updated_at)
        moved.append(ticket)
        if before != decision.priority:
            ticket.version += 1
            data = {"before": before, "after": decision.priority, "reasons": reasons, "by_hand": False}
            events.append(event_about(PRIORITY_CHANGED, ticket, at=at, data=data))
    update(moved, _CHANGED)
    record_many(events, by=by, at=at)
    if events:
        refresh_clocks([event.subjects[0].id for event in events], at=at)
    return len(events)


def refresh_all_priorities(*, at: datetime) -> int:
    """The job: waiting and running out of time make a ticket more important by themselves; where neither
    happens nothing changes by itself."""
    moving = Q(awaiting_us_since__isnull=False) | Q(next_due_at__lt=NEVER_DUE)
    ids = list(
        Ticket.objects.filter(moving, is_open=True, priority_by_hand=False)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    return sum(refresh_priorities(chunk, by=Actor.system(), at=at) for chunk in chunks)
