"""Handing events to those who listen: at least once tried, at most once in effect.

A delivery's row is written in the transaction of the effect. A worker that dies in the middle leaves neither;
two workers with the same batch wait for each other at that row, and the second finds it handled.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch, QuerySet
from django_q.tasks import async_task

from otklik.events.actor import Actor, ActorKind, Origin, Subject
from otklik.events.models import Batch, Delivery, Event, EventSubject
from otklik.events.subscriptions import DeliveredEvent, Subscription, listening_to, subscription_called
from otklik.jobs.public import NobodyReplays, quarantine
from otklik.kit.bulk import insert_missing
from otklik.kit.clock import now

log = logging.getLogger(__name__)
KIND = "delivery"
_ROW = ("event_id", "subscription", "attempts", "handled_at", "last_error")
DELIVER_AGAIN = "otklik.events.operations.deliver.deliver_again"


class NotDelivered(Exception):
    """Some subscriptions failed; the queue hands the job out again."""


def deliver_batch(batch_id: int) -> None:
    """The job. Raises NotDelivered while something is left to try again."""
    batch = Batch.objects.get(pk=batch_id)
    if batch.done_at is not None:
        return
    Batch.objects.filter(pk=batch_id).update(starts=F("starts") + 1, touched_at=now())
    # An earlier start never came to its end: something in this batch fails, or kills its worker.
    suspect = batch.starts > 0
    events = list(_with_subjects(Event.objects.filter(batch=batch)))
    failed = 0
    for subscription, portion in _portions(events, one_by_one=suspect):
        if len(portion) > 1 and not subscription.in_bulk:
            failed += _deliver_few(subscription, portion)
        else:
            failed += not _deliver(subscription, portion, suspect=suspect)
    if failed:
        raise NotDelivered(f"{failed} deliveries of batch {batch_id} failed")
    Batch.objects.filter(pk=batch_id).update(done_at=now())


def deliver_again(event_id: int, name: str) -> None:
    """The job for one delivery that was put aside and is tried again. Raises NotDelivered."""
    subscription = subscription_called(name)
    events = list(_with_subjects(Event.objects.filter(pk=event_id)))
    if subscription is None or not _deliver(subscription, events, suspect=True):
        raise NotDelivered(f"{name} did not handle event {event_id}")


def replay_delivery(payload: Mapping[str, Any]) -> None:
    """Queue a delivery that was put aside. Raises NobodyReplays where its subscription is gone."""
    if subscription_called(payload["subscription"]) is None:
        raise NobodyReplays(payload["subscription"])
    delivery = Delivery.objects.select_for_update().get(
        event_id=payload["event"], subscription=payload["subscription"]
    )
    delivery.give_another_chance()
    delivery.save(update_fields=["attempts", "quarantined_at"])
    async_task(DELIVER_AGAIN, payload["event"], payload["subscription"])


def _with_subjects(events: QuerySet[Event]) -> QuerySet[Event]:
    subjects = Prefetch("subjects", queryset=EventSubject.objects.order_by("pk"))
    return events.prefetch_related(subjects).order_by("pk")


def _portions(events: Sequence[Event], *, one_by_one: bool) -> Iterator[tuple[Subscription, Sequence[Event]]]:
    """What is delivered in one transaction each: a few events, or all of a kind to a bulk subscription, which
    gets them one by one once it failed, so that one bad event does not hold up the others."""
    served = set()
    for event in events:
        for subscription in listening_to(event.kind, Origin(event.origin)):
            if subscription.name in served:
                continue
            served.add(subscription.name)
            if not subscription.is_wanted():
                continue
            # One batch has one origin: it was written by one call.
            its_own = [e for e in events if e.kind == event.kind]
            size = 1 if one_by_one else subscription.at_once
            for start in range(0, len(its_own), size):
                yield subscription, its_own[start : start + size]


def _deliver_few(subscription: Subscription, events: Sequence[Event]) -> int:
    """Where one of them fails each is tried for itself; how many failed."""
    try:
        _hand_over(subscription, events)
    except Exception:  # noqa: BLE001 - told of by the one that fails
        return sum(not _deliver(subscription, [event], suspect=False) for event in events)
    return 0


def _deliver(subscription: Subscription, events: Sequence[Event], *, suspect: bool) -> bool:
    """True when nothing is left to do. ``suspect``: each attempt is counted before it is made, so that a
    handler that kills its worker runs out of attempts too."""
    if suspect and not _count_attempt(subscription, events):
        return True
    try:
        _hand_over(subscription, events)
    except Exception:
        log.exception("subscription %s failed", subscription.name)
        return _note_failure(subscription, events, traceback.format_exc(), counted=suspect)
    return True


def _hand_over(subscription: Subscription, events: Sequence[Event]) -> None:
    """Those that are not settled yet. The row says "handled" before it is so: both hold once the transaction
    does."""
    with transaction.atomic(durable=True):
        at = now()
        due = insert_missing(Delivery, _ROW, [(e.pk, subscription.name, 0, at, "") for e in events])
        if len(due) < len(events):
            again = [row.event_id for row in _open_rows(subscription, [e for e in events if e.pk not in due])]
            rows = Delivery.objects.filter(event__in=again, subscription=subscription.name)
            rows.update(handled_at=at, last_error="")
            due |= set(again)
        if due:
            subscription.handle([_delivered(event) for event in events if event.pk in due])


def _open_rows(subscription: Subscription, events: Sequence[Event]) -> list[Delivery]:
    """Makes the missing rows, then locks those neither handled nor put aside. On PostgreSQL the insert waits
    for another worker's uncommitted one; on SQLite that worker's whole transaction was waited for."""
    insert_missing(Delivery, _ROW, [(event.pk, subscription.name, 0, None, "") for event in events])
    rows = Delivery.objects.select_for_update().filter(event__in=events, subscription=subscription.name)
    return list(rows.filter(handled_at=None, quarantined_at=None).order_by("event_id"))


def _count_attempt(subscription: Subscription, events: Sequence[Event]) -> bool:
    """Whether an attempt may still be made."""
    with transaction.atomic(durable=True):
        rows = _open_rows(subscription, events)
        at = now()
        for row in rows:
            row.count_attempt(at=at)
        _save(subscription, rows, at)
    return any(not row.is_settled for row in rows)


def _note_failure(subscription: Subscription, events: Sequence[Event], error: str, *, counted: bool) -> bool:
    """True when every delivery is settled: all were put aside."""
    with transaction.atomic(durable=True):
        rows = _open_rows(subscription, events)
        at = now()
        for row in rows:
            row.attempts += not counted
            row.fail(error, at=at)
        _save(subscription, rows, at)
    return all(row.is_settled for row in rows)


def _save(subscription: Subscription, rows: Sequence[Delivery], at: datetime) -> None:
    Delivery.objects.bulk_update(rows, ["attempts", "last_error", "quarantined_at"])
    for row in rows:
        if row.quarantined_at is not None:
            quarantine(
                kind=KIND,
                key=f"{row.event_id}:{subscription.name}",
                title=f"{subscription.name}: {subscription.kind} #{row.event_id}",
                error=row.last_error,
                payload={"event": row.event_id, "subscription": subscription.name},
                attempts=row.attempts,
                at=at,
            )


def _delivered(event: Event) -> DeliveredEvent:
    return DeliveredEvent(
        id=event.pk,
        kind=event.kind,
        version=event.version,
        happened_at=event.happened_at,
        recorded_at=event.recorded_at,
        actor=Actor(ActorKind(event.actor_kind), event.actor_id, Origin(event.origin)),
        subjects=tuple(Subject(s.noun, s.object_id) for s in event.subjects.all()),
        data=event.data,
    )
