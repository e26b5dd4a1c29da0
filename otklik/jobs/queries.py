from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db import connection
from django.db.models import Count, Min, Q
from django_q.models import OrmQ

from otklik.jobs.models import Heartbeat, Progress, QuarantinedItem
from otklik.jobs.operations.beat import WORKER
from otklik.jobs.rules.vocabulary import SILENT_AFTER, ProgressState, QuarantineState

# Walking a large folder takes long; after so many files the size is "at least".
COUNTED_FILES = 20_000


@dataclass(frozen=True, slots=True)
class QueueState:
    """``waiting``: due and not taken. ``taken``: handed to a worker and not back yet. ``oldest``: how long
    the oldest waiting job has been due."""

    waiting: int
    taken: int
    oldest: timedelta | None


@dataclass(frozen=True, slots=True)
class WorkerState:
    seen_at: datetime | None
    silent: bool


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes. ``files_at_least``: counting stopped, there are more files than were counted."""

    database: int
    files: int
    files_at_least: bool


def queue_state(*, at: datetime) -> QueueState:
    due = Q(lock__lte=at)
    row = OrmQ.objects.aggregate(
        waiting=Count("pk", filter=due), taken=Count("pk", filter=~due), since=Min("lock", filter=due)
    )
    return QueueState(row["waiting"], row["taken"], at - row["since"] if row["since"] else None)


def worker_seen_at() -> datetime | None:
    """When a worker last ran the heartbeat job to its end; None where none ever has."""
    return Heartbeat.objects.filter(name=WORKER).values_list("seen_at", flat=True).first()


def worker_state(*, at: datetime) -> WorkerState:
    seen = worker_seen_at()
    return WorkerState(seen, silent=seen is None or at - seen > SILENT_AFTER)


def progress_of(key: str) -> Progress | None:
    return Progress.objects.filter(key=key).first()


def recent_progress(*, limit: int = 10) -> list[Progress]:
    """Running work first, then what ended last."""
    running = list(Progress.objects.filter(state=ProgressState.RUNNING).order_by("-updated_at")[:limit])
    ended = Progress.objects.exclude(state=ProgressState.RUNNING).order_by("-updated_at")
    return running + list(ended[: max(0, limit - len(running))])


def waiting_in_quarantine(*, limit: int = 50) -> list[QuarantinedItem]:
    return list(
        QuarantinedItem.objects.filter(state=QuarantineState.WAITING).order_by("-last_failed_at")[:limit]
    )


def count_in_quarantine() -> int:
    return QuarantinedItem.objects.filter(state=QuarantineState.WAITING).count()


def sizes(folder: Path) -> Sizes:
    counted = list(islice(_file_sizes(folder), COUNTED_FILES + 1))
    return Sizes(_database_size(), sum(counted), len(counted) > COUNTED_FILES)


def _database_size() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return int(cursor.fetchone()[0])


def _file_sizes(folder: Path) -> Iterator[int]:
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                yield os.lstat(os.path.join(parent, name)).st_size
            except OSError:
                continue  # deleted meanwhile
