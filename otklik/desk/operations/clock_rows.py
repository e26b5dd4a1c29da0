"""Clocks as rows, and their copies on the ticket. Only what differs is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from otklik.desk.models import Clock, Ticket
from otklik.desk.models.ticket import NEVER_DUE
from otklik.desk.queries.derived import Derived
from otklik.desk.rules import sla_clock
from otklik.desk.rules.vocabulary import SLA_BREACHED, SLA_WARNED, ClockState
from otklik.kit.bulk import insert_rows, update_rows
from otklik.kit.raw import as_moment, raw

COLUMNS = (
    "state",
    "started_at",
    "due_at",
    "warn_at",
    "ended_at",
    "missed_at",
    "used_seconds",
    "paused_seconds",
    "warned_at",
    "escalated_at",
)
_COPIES = ("next_due_at", "next_due_kind", "breached_at", "clocks_paused", "policy_id")
_SECOND = timedelta(seconds=1)
_OWED = (ClockState.RUNNING, ClockState.BREACHED)
_LATE = (ClockState.BREACHED, ClockState.MET_LATE)
Row = tuple[Any, ...]
Key = tuple[int, str, str]


def expected_rows(derived: Iterable[Derived]) -> dict[Key, Row]:
    """By ticket, kind and key: the values of COLUMNS."""
    return {
        (one.ticket.pk, clock.kind.value, clock.key): _row(one, clock)
        for one in derived
        for clock in one.clocks
    }


def _row(one: Derived, clock: sla_clock.Clock) -> Row:
    return (
        clock.state.value,
        clock.started_at,
        clock.due_at,
        clock.warn_at,
        clock.ended_at,
        clock.missed_at,
        clock.used // _SECOND,
        clock.paused // _SECOND,
        one.log.told.get((SLA_WARNED, clock.name)),
        one.log.told.get((SLA_BREACHED, clock.name)),
    )


def stored_rows(ids: Sequence[int]) -> dict[Key, tuple[int, Row]]:
    columns = [raw(name) if name.endswith("_at") else name for name in COLUMNS]
    rows = Clock.objects.filter(ticket_id__in=ids).values_list("pk", "ticket_id", "kind", "key", *columns)
    return {
        (ticket, kind, key): (
            pk,
            (state, *map(as_moment, course), used, paused, as_moment(warned), as_moment(escalated)),
        )
        for pk, ticket, kind, key, state, *course, used, paused, warned, escalated in rows
    }


def write_clocks(derived: Sequence[Derived], *, are_new: bool = False) -> None:
    """``are_new``: the tickets were made in this transaction and nothing is stored of them."""
    expected = expected_rows(derived)
    stored = {} if are_new else stored_rows([one.ticket.pk for one in derived])
    insert_rows(
        Clock,
        ("ticket_id", "kind", "key", *COLUMNS),
        [(*key, *row) for key, row in expected.items() if key not in stored],
    )
    changed = [
        (*row, stored[key][0]) for key, row in expected.items() if key in stored and stored[key][1] != row
    ]
    update_rows(Clock, COLUMNS, changed)
    if gone := [pk for key, (pk, _) in stored.items() if key not in expected]:
        Clock.objects.filter(pk__in=gone).delete()
    if not are_new:
        moved = [one.ticket for one in derived if copy_to_ticket(one)]
        update_rows(Ticket, _COPIES, [(*copies_of(ticket), ticket.pk) for ticket in moved])


def copy_to_ticket(one: Derived) -> bool:
    """Whether it changed anything."""
    ticket, before = one.ticket, copies_of(one.ticket)
    owed = [
        (clock.due_at, clock.kind.value)
        for clock in one.clocks
        if clock.state in _OWED and clock.ended_at is None and clock.due_at is not None
    ]
    ticket.next_due_at, ticket.next_due_kind = min(owed, default=(NEVER_DUE, ""))
    late = [clock.missed_at or (clock.due_at if clock.state in _LATE else None) for clock in one.clocks]
    ticket.breached_at = min((due for due in late if due is not None), default=None)
    ticket.clocks_paused = any(clock.state is ClockState.PAUSED for clock in one.clocks)
    if one.terms is not None:
        ticket.policy_id = one.terms["policy"]
    return copies_of(ticket) != before


def copies_of(ticket: Ticket) -> tuple[datetime, str, datetime | None, bool, int | None]:
    return (
        ticket.next_due_at,
        ticket.next_due_kind,
        ticket.breached_at,
        ticket.clocks_paused,
        ticket.policy_id,
    )
