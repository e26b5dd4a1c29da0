"""How the clocks of tickets stand by the log, and the terms that are due to them and not yet in it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from otklik.desk.models import Ticket
from otklik.desk.queries.clock_log import TicketLog, calendars_for, read_logs, with_calendar_changes
from otklik.desk.queries.promises import Promises
from otklik.desk.rules.sla.policies import same_terms
from otklik.desk.rules.sla_clock import CalendarRef, Clock, derive_clocks
from otklik.desk.rules.vocabulary import SLA_ASSIGNED
from otklik.kit.calendar import BeyondTheTimetable, BusinessCalendar, EmptyCalendar, around_the_clock

log = logging.getLogger(__name__)
# An event that is about to be recorded comes after all there are at its instant.
_LAST = 2**62


@dataclass(frozen=True, slots=True)
class Derived:
    """``terms``: what is to be recorded as SLA_ASSIGNED, having happened at ``since``; None: nothing new."""

    ticket: Ticket
    log: TicketLog
    clocks: tuple[Clock, ...]
    terms: dict[str, Any] | None = None
    since: datetime | None = None


def derive_from_log(tickets: Sequence[Ticket]) -> list[Derived]:
    """A number of queries that does not grow with the tickets."""
    logs = read_logs([ticket.pk for ticket in tickets])
    calendars = with_calendar_changes(logs.values())
    return [
        Derived(one, logs[one.pk], clocks_of(logs[one.pk], calendars, name=f"#{one.pk}")) for one in tickets
    ]


def derive_all(tickets: Sequence[Ticket], *, promises: Promises, at: datetime) -> list[Derived]:
    """The same by the terms that hold now. The tickets' partners are selected with them."""
    logs = read_logs([ticket.pk for ticket in tickets])
    due: dict[int, tuple[dict[str, Any], datetime]] = {}
    for ticket in tickets:
        one, terms = logs[ticket.pk], promises.terms(ticket)
        if not ticket.is_open or same_terms(one.terms, terms):
            continue
        # A ticket that is being made has them from its first instant; an older one from now.
        is_new = one.terms is None and one.recorded_at == at
        since = one.created_at if is_new and one.created_at is not None else at
        due[ticket.pk] = (terms, since)
        one.add(SLA_ASSIGNED, since, _LAST, terms)
    calendars = with_calendar_changes(logs.values())
    return [
        Derived(
            ticket,
            logs[ticket.pk],
            clocks_of(logs[ticket.pk], calendars, name=f"#{ticket.pk}"),
            *due.get(ticket.pk, (None, None)),
        )
        for ticket in tickets
    ]


def clocks_of(
    one: TicketLog, known: Mapping[CalendarRef, BusinessCalendar], *, name: str
) -> tuple[Clock, ...]:
    """Where a calendar is never open the ticket counts around the clock: an administrator's error must not
    lose anybody's mail."""
    calendars = calendars_for(one, known)
    try:
        return derive_clocks(one.events, {}, lambda ref: calendars.get(ref) or around_the_clock())
    except (EmptyCalendar, BeyondTheTimetable) as error:
        log.error("the clocks of ticket %s count around the clock: %s", name, error)
    try:
        return derive_clocks(one.events, {}, lambda ref: around_the_clock())
    except BeyondTheTimetable as error:
        log.error("ticket %s has no clocks: %s", name, error)
        return ()
