"""Fetching a ticket to change it, and finding out that it is no longer what the writer saw."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import OperationalError, transaction

from otklik.desk.models import Ticket

Made = TypeVar("Made")
_MOST_DEADLOCKS = 3
_DEADLOCK = "40P01"


class TicketGone(Exception):
    """There is no such ticket (any more)."""


class TicketMergedAway(Exception):
    """The ticket lives on in another one; ``into_id`` is the survivor."""

    def __init__(self, ticket_id: int, into_id: int) -> None:
        super().__init__(ticket_id, into_id)
        self.ticket_id, self.into_id = ticket_id, into_id


class ChangedMeanwhile(Exception):
    """Somebody else changed the ticket after it was opened; ``current`` is how it is now."""

    def __init__(self, current: Ticket) -> None:
        super().__init__(current.pk)
        self.current = current


def locked_ticket(ticket_id: int, expected_version: int | None = None) -> Ticket:
    """Raises TicketGone, TicketMergedAway, ChangedMeanwhile."""
    ticket = locked_tickets([ticket_id]).get(ticket_id)
    if ticket is None:
        raise TicketGone(ticket_id)
    if ticket.merged_into_id is not None:
        raise TicketMergedAway(ticket_id, survivor_of(ticket).pk)
    if expected_version is not None and ticket.version != expected_version:
        raise ChangedMeanwhile(ticket)
    return ticket


def locked_tickets(ids: Iterable[int], *related: str) -> dict[int, Ticket]:
    """Those there are, merged ones too. Locked in the order of their ids: two who lock several of the same
    tickets cannot wait for each other. ``related``: what is read with them, without a lock."""
    rows = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=set(ids)).order_by("pk")
    if related:
        rows = rows.select_related(*related)
    return {ticket.pk: ticket for ticket in rows}


def despite_deadlock(write: Callable[[], Made]) -> Made:
    """What ``write`` returns, each attempt in a savepoint of its own. PostgreSQL ends one of two writers that
    wait for each other's new keys; with its savepoint go its locks, and the other gets on."""
    for attempt in range(1, _MOST_DEADLOCKS + 1):
        try:
            with transaction.atomic():
                return write()
        except OperationalError as error:
            # A few times only: what the whole transaction locked before stays locked.
            if getattr(error.__cause__, "sqlstate", "") != _DEADLOCK or attempt == _MOST_DEADLOCKS:
                raise
            # Whoever begins again at once takes the lock that the other waits for.
            time.sleep(0.1 * attempt)
    raise AssertionError


def survivor_of(ticket: Ticket) -> Ticket:
    """Where a merged ticket lives on: the ticket itself where it was not merged. Not locked.

    Merging points every ticket that had been merged into the source at the new survivor, so this takes one
    step; a second one covers a merge that happens at this moment."""
    while ticket.merged_into_id is not None:
        ticket = Ticket.objects.get(pk=ticket.merged_into_id)
    return ticket
