"""What we promise, and when we are there: policies and calendars. Whatever changes here concerns tickets that
are open, which are gone through in a job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_noop
from django_q.tasks import async_task

from otklik.desk.models import BusinessCalendar, CalendarVersion, Clock, SlaPolicy, SlaTarget, Ticket, Topic
from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.keeping import NameTaken, keep
from otklik.desk.operations.locking import locked_tickets
from otklik.desk.rules.sla_clock import CALENDAR_CHANGED
from otklik.desk.rules.vocabulary import ClockKind, ClockState
from otklik.events.public import Actor, ActorKind, Subject, record
from otklik.jobs.public import advance_progress, finish_progress, start_progress
from otklik.kit.calendar import next_open, read_calendar
from otklik.kit.clock import now

REFRESH_OPEN = "otklik.desk.jobs.refresh_open_tickets"
PROGRESS = "desk.refresh_clocks"
CHUNK = 100


@dataclass(frozen=True, slots=True)
class NewTarget:
    kind: ClockKind
    priority: str
    minutes: int
    warn_percent: int


def save_calendar(
    *, calendar_id: int | None, name: str, definition: Mapping[str, Any], by: Actor, at: datetime
) -> BusinessCalendar:
    """A changed definition is a new version; earlier ones stay. Raises BadCalendar, EmptyCalendar, NameTaken,
    BusinessCalendar.DoesNotExist."""
    next_open(read_calendar(definition), at)
    try:
        with transaction.atomic():
            row = _calendar(calendar_id, name, definition, at)
            is_changed = row.definition != definition or row.pk is None
            if row.pk is not None and is_changed:
                row.version += 1
            row.name, row.definition = name, dict(definition)
            row.save()
            if is_changed:
                _new_version(row, by, at)
    except IntegrityError as error:
        raise NameTaken(name) from error
    return row


def _calendar(pk: int | None, name: str, definition: Mapping[str, Any], at: datetime) -> BusinessCalendar:
    if pk is None:
        return BusinessCalendar(name=name, definition=dict(definition), created_at=at)
    return BusinessCalendar.objects.select_for_update().get(pk=pk)


def _new_version(row: BusinessCalendar, by: Actor, at: datetime) -> None:
    CalendarVersion.objects.create(
        calendar=row,
        version=row.version,
        definition=row.definition,
        since=at,
        by_id=by.id if by.kind is ActorKind.PERSON else None,
    )
    record(
        CALENDAR_CHANGED,
        by=by,
        at=at,
        subjects=[Subject("calendar", row.pk)],
        data={"calendar": {"id": row.pk, "version": row.version}},
    )
    if row.version > 1:
        async_task(REFRESH_OPEN)


def save_policy(
    *,
    policy_id: int | None,
    fields: Mapping[str, Any],
    topics: Iterable[Topic],
    targets: Iterable[NewTarget],
    by: Actor,
    at: datetime,
) -> SlaPolicy:
    """Raises NameTaken, SlaPolicy.DoesNotExist."""
    with transaction.atomic():
        if policy_id is None:
            last = SlaPolicy.objects.order_by("-position").values_list("position", flat=True).first()
            row = SlaPolicy(created_at=at, position=(last or 0) + 1)
        else:
            row = SlaPolicy.objects.select_for_update().get(pk=policy_id)
        row = keep(row, "sla_policy", fields, by=by, at=at)
        row.topics.set(topics)
        row.targets.all().delete()
        SlaTarget.objects.bulk_create(
            SlaTarget(
                policy=row,
                kind=one.kind,
                priority=one.priority,
                minutes=one.minutes,
                warn_percent=one.warn_percent,
            )
            for one in targets
        )
        async_task(REFRESH_OPEN)
    return row


@transaction.atomic
def move_policy(*, policy_id: int, up: bool, by: Actor, at: datetime) -> None:
    """One place up or down; the positions are counted anew. Raises SlaPolicy.DoesNotExist."""
    rows = list(SlaPolicy.objects.select_for_update().order_by("position", "pk"))
    place = next((n for n, row in enumerate(rows) if row.pk == policy_id), None)
    if place is None:
        raise SlaPolicy.DoesNotExist(policy_id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for position, row in enumerate(rows, 1):
        keep(row, "sla_policy", {"position": position}, by=by, at=at)
    async_task(REFRESH_OPEN)


def refresh_open_tickets() -> int:
    """The job: clocks of all open tickets by the policies and calendars of now. May be begun again at any
    time: what is as it should be is not written."""
    # A question to another department may outlive its ticket's solution.
    asked = Clock.objects.filter(kind=ClockKind.SUB_REQUEST, ended_at=None).values("ticket_id")
    open_ones = Ticket.objects.filter(Q(is_open=True) | Q(pk__in=asked))
    start_progress(
        key=PROGRESS, label=gettext_noop("Deadlines by the new rules"), at=now(), total=open_ones.count()
    )
    done = last = 0
    while ids := list(open_ones.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        at = now()
        with transaction.atomic():
            locked_tickets(ids)
            refresh_clocks(ids, at=at)
        done, last = done + len(ids), ids[-1]
        advance_progress(key=PROGRESS, done=done, at=at)
    finish_progress(key=PROGRESS, at=now())
    return done


def tickets_affected(calendar_id: int) -> int:
    """Open tickets whose clocks run by this calendar."""
    running = Clock.objects.filter(
        state__in=[ClockState.RUNNING, ClockState.PAUSED], ticket__policy__calendar_id=calendar_id
    )
    return running.filter(ticket__is_open=True).values("ticket").distinct().count()
