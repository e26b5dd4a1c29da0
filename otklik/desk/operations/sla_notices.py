"""Warnings before a deadline and escalations once it has passed: each once, inside service hours.

What was told is an event of the ticket and a mark on the clock, in one transaction with the mails, under the
ticket's lock: of two workers the second finds nothing left to tell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from otklik.desk.models import Clock, SlaPolicy, Ticket
from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.events import subjects_of
from otklik.desk.operations.locking import locked_tickets
from otklik.desk.operations.priorities import refresh_priorities
from otklik.desk.operations.sla_mails import Told, mail_notices
from otklik.desk.queries.promises import current_calendars
from otklik.desk.rules.sla_clock import NoticeKind, notices_due
from otklik.desk.rules.vocabulary import SLA_BREACHED, SLA_WARNED, TICKET_CREATED
from otklik.events.public import Actor, ActorKind, NewEvent, Origin, logged, record_many
from otklik.kit.calendar import BusinessCalendar, around_the_clock, is_open

# Clocks in one transaction.
CHUNK = 100
_EVENT = {NoticeKind.WARNING: SLA_WARNED, NoticeKind.BREACH: SLA_BREACHED}


def send_due_notices(*, at: datetime) -> int:
    """The job; how many clocks were told of. A breach first: whoever is told that it is late need not be
    warned that it will be."""
    calendars = _open_calendars(at)
    told = 0
    for kind in (NoticeKind.BREACH, NoticeKind.WARNING):
        ids = _due_now(kind, calendars, at)
        for start in range(0, len(ids), CHUNK):
            told += _tell(ids[start : start + CHUNK], kind, calendars, at)
    return told


def due_clocks(kind: NoticeKind, at: datetime) -> QuerySet[Clock]:
    """States are written out: with a parameter in their place SQLite does not see that its partial indexes
    (models/clock.py) hold all that is asked for."""
    rows = Clock.objects.filter(ended_at=None)
    if kind is NoticeKind.BREACH:
        late = rows.filter(escalated_at=None, due_at__lt=at)
        return late.extra(where=["desk_clock.state IN ('running', 'breached')"])
    soon = rows.filter(warned_at=None, warn_at__lte=at, due_at__gte=at)
    return soon.extra(where=["desk_clock.state = 'running'"])


def _open_calendars(at: datetime) -> dict[int | None, BusinessCalendar]:
    """By policy, those that are open now. What has no policy is a question with a deadline of its own."""
    policies = dict(SlaPolicy.objects.values_list("pk", "calendar_id"))
    calendars = current_calendars(policies.values())
    found: dict[int | None, BusinessCalendar] = {None: around_the_clock()}
    for pk, calendar_id in policies.items():
        if is_open(calendars[calendar_id], at):
            found[pk] = calendars[calendar_id]
    return found


def _due_now(kind: NoticeKind, calendars: Collection[int | None], at: datetime) -> list[int]:
    """Of what waits for the morning nothing is read but ids, however long the night."""
    order = "due_at" if kind is NoticeKind.BREACH else "warn_at"
    rows = due_clocks(kind, at).order_by(order).values_list("pk", "ticket__policy_id")
    return [pk for pk, policy_id in rows.iterator(chunk_size=2000) if policy_id in calendars]


@transaction.atomic
def _tell(
    ids: Sequence[int], kind: NoticeKind, calendars: dict[int | None, BusinessCalendar], at: datetime
) -> int:
    wanted = Clock.objects.filter(pk__in=ids).values_list("ticket_id", flat=True)
    tickets = locked_tickets(wanted, "partner", "owner")
    # Read under the lock: somebody may have answered, or another worker may have told of it.
    clocks = list(due_clocks(kind, at).filter(pk__in=ids).order_by("pk"))
    by_policy: dict[int | None, list[Clock]] = defaultdict(list)
    for clock in clocks:
        by_policy[tickets[clock.ticket_id].policy_id].append(clock)
    due = [
        clock
        for policy_id, group in by_policy.items()
        if policy_id in calendars
        for clock in _of_notices(group, kind, at, calendars[policy_id])
    ]
    if not due:
        return 0
    _mark(due, kind, at)
    told = _record(due, tickets, kind, at)
    refresh_clocks([clock.ticket_id for clock in due], at=at)
    if kind is NoticeKind.BREACH:
        refresh_priorities([one.ticket.pk for one in told], by=Actor.system(), at=at)
    mail_notices(told, kind, at=at)
    return len(due)


def _of_notices(
    clocks: Sequence[Clock], kind: NoticeKind, at: datetime, calendar: BusinessCalendar
) -> Iterable[Clock]:
    """One at a time: names are those within a ticket."""
    for clock in clocks:
        if any(notice.kind is kind for notice in notices_due([clock], (), at, calendar)):
            yield clock


def _mark(clocks: Sequence[Clock], kind: NoticeKind, at: datetime) -> None:
    """At once: the clocks of a long thread are derived later."""
    rows = Clock.objects.filter(pk__in=[clock.pk for clock in clocks])
    if kind is NoticeKind.BREACH:
        rows.update(escalated_at=at)
    else:
        rows.update(warned_at=at)


def _record(
    clocks: Sequence[Clock], tickets: dict[int, Ticket], kind: NoticeKind, at: datetime
) -> list[Told]:
    """Events of all; those whom somebody is to be told of. A ticket that came with an import or the demo is
    not of today: the log notes that it is late, and nobody is woken for it."""
    created = logged("ticket", sorted(tickets), kinds=[TICKET_CREATED])
    origins = {line.object_id: Origin(line.origin) for line in created}
    by_origin: dict[Origin, list[Clock]] = defaultdict(list)
    for clock in clocks:
        by_origin[origins.get(clock.ticket_id, Origin.LIVE)].append(clock)
    told: list[Told] = []
    for origin, group in by_origin.items():
        events = [_event(clock, tickets[clock.ticket_id], kind, at) for clock in group]
        ids = record_many(events, by=Actor(ActorKind.SYSTEM, None, origin), at=at)
        if origin is Origin.LIVE:
            told += [
                Told(event_id, clock, tickets[clock.ticket_id])
                for event_id, clock in zip(ids, group, strict=True)
            ]
    return told


def _event(clock: Clock, ticket: Ticket, kind: NoticeKind, at: datetime) -> NewEvent:
    assert clock.due_at is not None
    data = {"clock": clock.kind, "name": clock.name, "due": clock.due_at.isoformat()}
    return NewEvent(_EVENT[kind], at, subjects_of(ticket), data)
