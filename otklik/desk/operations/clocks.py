"""What the log says about promises, kept in ``models.Clock`` and copied to the ticket.

The log decides: terms are events too (SLA_ASSIGNED), so that ``recompute_clocks`` finds the same from nothing
else. Which terms are due to a ticket is asked anew at each change of an open one, whatever the change was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction

from otklik.desk.models import SlaPolicy, Ticket
from otklik.desk.operations.clock_rows import copy_to_ticket, write_clocks
from otklik.desk.operations.locking import locked_tickets
from otklik.desk.queries.clock_log import TicketLog
from otklik.desk.queries.derived import Derived, clocks_of, derive_all
from otklik.desk.queries.promises import read_promises
from otklik.desk.rules.vocabulary import SLA_ASSIGNED, TICKET_CREATED
from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.jobs.public import queue_at

REFRESH_LONG = "otklik.desk.jobs.refresh_long_thread"
# Reading and deriving 50,000 messages takes a second and a half, which a mail that is being stored cannot
# wait for. Longer threads are derived in a job, at most once in so long however much is written in them;
# a snapshot of the derivation would save that second and be one more thing that can be wrong.
LONG_THREAD = 1000
PAUSE = timedelta(seconds=20)
_CHUNK = 500
_READ = (
    "pk",
    "program_id",
    "partner__tier",
    "partner__time_zone",
    "topic_id",
    "priority",
    "is_open",
    "message_count",
    "version",
    "policy_id",
    "next_due_at",
    "next_due_kind",
    "breached_at",
    "clocks_paused",
)


def refresh_clocks(ticket_ids: Sequence[int], *, at: datetime) -> None:
    """Called last by every operation whose event moves a clock, or changes what decides about the policy, in
    its transaction, which holds the tickets' locks."""
    ids = sorted(set(ticket_ids))
    for start in range(0, len(ids), _CHUNK):
        tickets = _tickets(ids[start : start + _CHUNK])
        for ticket in tickets:
            if ticket.message_count > LONG_THREAD:
                _put_off(ticket.pk, at)
        short = [ticket for ticket in tickets if ticket.message_count <= LONG_THREAD]
        if short:
            _store(derive_all(short, promises=read_promises(), at=at), at=at)


def refresh_long_thread(*, ticket_id: int, at: datetime) -> bool:
    """The job. Derives outside the transaction; False where the ticket changed meanwhile and the job that the
    change queued has the last word."""
    tickets = _tickets([ticket_id])
    derived = derive_all(tickets, promises=read_promises(), at=at)
    with transaction.atomic():
        now = locked_tickets([ticket_id])
        if any(now[one.ticket.pk].version != one.ticket.version for one in derived):
            _put_off(ticket_id, at)
            return False
        _store(derived, at=at)
    return True


def choose_policies(tickets: Sequence[Ticket]) -> list[SlaPolicy | None]:
    """The policy of each ticket, in order; the tickets may be unsaved."""
    promises = read_promises()
    chosen = [promises.choose(ticket) for ticket in tickets]
    rows = SlaPolicy.objects.in_bulk({policy.id for policy in chosen if policy is not None})
    return [None if policy is None else rows[policy.id] for policy in chosen]


def _tickets(ids: Sequence[int]) -> list[Ticket]:
    """Read anew: what the caller holds may be older than what an earlier refresh has written."""
    rows = Ticket.objects.filter(pk__in=ids).select_related("partner").order_by("pk")
    return list(rows.only(*_READ))


def _put_off(ticket_id: int, at: datetime) -> None:
    key = f"desk.clocks-put-off:{ticket_id}"
    if cache.get(key) is not None:
        return
    queue_at(REFRESH_LONG, ticket_id, at=at + PAUSE)
    # Noted once the job is there, and forgotten before it runs: what happens then has a job of its own.
    transaction.on_commit(lambda: cache.set(key, 1, timeout=PAUSE.total_seconds() * 0.8))


def _store(derived: Sequence[Derived], *, at: datetime) -> None:
    record_many(
        [
            assigned(one.ticket.pk, one.since, one.terms)
            for one in derived
            if one.terms is not None and one.since is not None
        ],
        by=Actor.system(),
        at=at,
    )
    write_clocks(derived)


def assigned(ticket_id: int, since: datetime, terms: Mapping[str, Any]) -> NewEvent:
    """Of the ticket alone: a partner's history need not tell of our own terms."""
    return NewEvent(SLA_ASSIGNED, since, [Subject("ticket", ticket_id)], terms)


@dataclass(frozen=True, slots=True)
class Beginnings:
    """Clocks of tickets that are not stored yet. Begun in memory: reading back what was written a moment ago
    would take longer than all the rest."""

    derived: list[Derived]

    def events(self) -> Iterable[NewEvent]:
        """To be recorded after TICKET_CREATED, once the tickets have their ids."""
        for one in self.derived:
            if one.terms is not None and one.since is not None:
                yield assigned(one.ticket.pk, one.since, one.terms)

    def store(self) -> None:
        write_clocks(self.derived, are_new=True)


def begin_clocks(tickets: Sequence[Ticket], created: Sequence[Mapping[str, Any]]) -> Beginnings:
    """``created``: what TICKET_CREATED will say of each ticket as far as clocks go (side, verdict, channel,
    status). Sets the policy, and the copies on the tickets, with priority and partner set before."""
    promises = read_promises()
    terms = [promises.terms(ticket) if promises.policies else None for ticket in tickets]
    derived = []
    for ticket, data, given in zip(tickets, created, terms, strict=True):
        log = TicketLog(created_at=ticket.created_at)
        log.add(TICKET_CREATED, ticket.created_at, 0, data)
        if given is None or given["policy"] is None:
            continue
        log.add(SLA_ASSIGNED, ticket.created_at, 1, given)
        one = Derived(ticket, log, clocks_of(log, promises.calendars, name="(new)"), given, ticket.created_at)
        copy_to_ticket(one)
        derived.append(one)
    return Beginnings(derived)
