"""The worker's sign of life: a scheduled job, so that it proves the whole way through queue and worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django_q.tasks import async_task

from otklik.jobs.models import Heartbeat
from otklik.kit.clock import now

WORKER = "worker"
JOB = "otklik.jobs.operations.beat.beat_now"


def beat(*, at: datetime) -> None:
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"seen_at": at})


def beat_now() -> None:
    """The job."""
    beat(at=now())


def queue_beat_of_new_worker(**_: Any) -> None:
    """The schedule is looked at only half a minute after the start; nobody should wonder for that long."""
    try:
        async_task(JOB)
    except DatabaseError:
        return  # a worker must not die of it; the schedule asks again
