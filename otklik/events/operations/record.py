"""Writing to the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection
from django_q.tasks import async_task

from otklik.events.actor import Actor, Origin, Subject
from otklik.events.live import announce
from otklik.events.models import Batch, Event, EventSubject
from otklik.events.subscriptions import listening_to
from otklik.kit.bulk import insert_for_ids, insert_rows

# Events per batch and job: small enough for one short write, large enough that a job is worth its row.
CHUNK = 500
DELIVER = "otklik.events.operations.deliver.deliver_batch"


_SUPPOSED: ContextVar[Origin | None] = ContextVar("supposed_origin", default=None)


@contextmanager
def supposed(origin: Origin) -> Iterator[None]:
    """Whatever is recorded meanwhile has this origin, whoever does it: in a demo the system, a contact or a
    member of staff only seems to act."""
    token = _SUPPOSED.set(origin)
    try:
        yield
    finally:
        _SUPPOSED.reset(token)


class NotInTransaction(RuntimeError):
    """An event must share the transaction of the change it tells of."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """``happened_at`` may lie in the past (imports); the log keeps both that and when it was recorded."""

    kind: str
    happened_at: datetime
    subjects: Sequence[Subject]
    data: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1


def record(
    kind: str,
    *,
    by: Actor,
    at: datetime,
    subjects: Sequence[Subject],
    data: Mapping[str, Any] | None = None,
    happened_at: datetime | None = None,
    version: int = 1,
) -> int:
    """Append one event and return its id. ``at``: when it is recorded (UTC). Raises NotInTransaction outside
    ``atomic``."""
    event = NewEvent(kind, happened_at or at, tuple(subjects), data or {}, version)
    return record_many([event], by=by, at=at)[0]


def record_many(events: Iterable[NewEvent], *, by: Actor, at: datetime) -> list[int]:
    """Append events, with one job for each CHUNK of them, and none where nobody listens. Their ids.

    On SQLite nobody else writes until the caller's transaction ends: keep that to one chunk or so.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction("record() was called outside a transaction")
    ids: list[int] = []
    waiting = iter(events)
    while chunk := list(islice(waiting, CHUNK)):
        ids += _append(chunk, by, at)
    return ids


_EVENT = (
    "kind",
    "version",
    "happened_at",
    "recorded_at",
    "origin",
    "actor_kind",
    "actor_id",
    "data",
    "batch_id",
)
_BATCH = ("created_at", "touched_at", "starts")
_SUBJECT = ("event_id", "noun", "object_id", "happened_at")


def _append(chunk: Sequence[NewEvent], by: Actor, at: datetime) -> list[int]:
    origin = _SUPPOSED.get() or by.origin
    listened = {kind: bool(listening_to(kind, origin)) for kind in {event.kind for event in chunk}}
    batch = insert_for_ids(Batch, _BATCH, [(at, at, 0)])[0] if any(listened.values()) else None
    rows = [
        (
            event.kind,
            event.version,
            event.happened_at,
            at,
            origin.value,
            by.kind.value,
            by.id,
            dict(event.data),
            batch if listened[event.kind] else None,
        )
        for event in chunk
    ]
    ids = insert_for_ids(Event, _EVENT, rows)
    subjects = [
        (event_id, subject.noun, subject.id, event.happened_at)
        for event_id, event in zip(ids, chunk, strict=True)
        for subject in event.subjects
    ]
    insert_rows(EventSubject, _SUBJECT, subjects)
    announce(subject for event in chunk for subject in event.subjects)
    if batch is not None:
        # The broker is a table of the same database: the job exists exactly when the events do.
        async_task(DELIVER, batch)
    return ids
