"""Finding batches whose job is gone: a row of the queue deleted, a job given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django_q.tasks import async_task

from otklik.events.models import Batch
from otklik.events.operations.record import DELIVER
from otklik.jobs.public import queue_state
from otklik.kit.clock import now

# One sweep queues so many again; the next one goes on.
_MOST = 200


def sweep_lost_batches(*, at: datetime, grace: timedelta) -> int:
    """Queue open batches again that nobody touched for ``grace``, and say how many. Queues nothing while the
    queue itself is that far behind: then their jobs wait in it."""
    oldest = queue_state(at=at).oldest
    if oldest is not None and oldest > grace / 2:
        return 0
    lost = Batch.objects.filter(done_at=None, touched_at__lt=at - grace).order_by("touched_at")
    queued = 0
    for batch in list(lost[:_MOST]):
        with transaction.atomic():
            # The condition lets only one of two sweeps that run at once queue it.
            unchanged = Batch.objects.filter(pk=batch.pk, touched_at=batch.touched_at, done_at=None)
            if unchanged.update(touched_at=at):
                async_task(DELIVER, batch.pk)
                queued += 1
    return queued


def sweep_now() -> None:
    """The job. A batch that fails is touched at each attempt, ``retry`` seconds apart, so it is not lost."""
    retry = timedelta(seconds=settings.OTKLIK.worker_retry_seconds)
    sweep_lost_batches(at=now(), grace=2 * retry)
