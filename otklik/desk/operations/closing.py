"""Solved tickets close by themselves, once the partner had their days to say "not solved"."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from otklik.desk.models import SlaPolicy, Ticket
from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.events import event_about
from otklik.desk.operations.locking import locked_tickets
from otklik.desk.operations.receiving import REOPEN_DAYS
from otklik.desk.operations.rows import update
from otklik.desk.rules.statuses import closes_by_itself
from otklik.desk.rules.vocabulary import STATUS_CHANGED, TicketStatus
from otklik.events.public import Actor, record_many

# Tickets in one transaction: nobody who writes meanwhile waits for longer than that.
CHUNK = 100
_CHANGED = ("status", "outcome", "is_open", "solved_at", "closed_at", "awaiting_us_since", "version")


def close_solved(*, by: Actor | None = None, at: datetime) -> int:
    """The job; how many. ``by`` None: the system."""
    days = dict(SlaPolicy.objects.values_list("pk", "close_after_days"))
    fewest = min([REOPEN_DAYS, *days.values()])
    ids = _solved_before(at - timedelta(days=fewest))
    chunks = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    return sum(_close(chunk, days, by or Actor.system(), at) for chunk in chunks)


def _solved_before(moment: datetime) -> list[int]:
    # The status is written out: with a parameter in its place SQLite does not see that the index of solved
    # tickets (models/ticket.py) holds all that is asked for, and reads every ticket there is.
    found = Ticket.objects.filter(solved_at__lte=moment).extra(where=["desk_ticket.status = 'solved'"])
    return list(found.order_by("solved_at").values_list("pk", flat=True))


@transaction.atomic
def _close(ids: list[int], days: dict[int, int], by: Actor, at: datetime) -> int:
    tickets = [
        ticket
        for ticket in locked_tickets(ids).values()
        if closes_by_itself(
            TicketStatus(ticket.status),
            ticket.solved_at,
            at=at,
            days=days.get(ticket.policy_id or 0, REOPEN_DAYS),
        )
    ]
    events = []
    for ticket in tickets:
        updated_at = ticket.updated_at
        ticket.change_status(TicketStatus.CLOSED, at=at)
        # Nothing happened in it: it does not come to the top of the lists again.
        ticket.updated_at = updated_at
        ticket.version += 1
        data = {"before": TicketStatus.SOLVED, "after": TicketStatus.CLOSED, "outcome": ticket.outcome}
        events.append(event_about(STATUS_CHANGED, ticket, at=at, data=data))
    update(tickets, _CHANGED)
    record_many(events, by=by, at=at)
    refresh_clocks([ticket.pk for ticket in tickets], at=at)
    return len(tickets)
