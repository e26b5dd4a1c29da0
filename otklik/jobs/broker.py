"""The queue: django-q2's table of jobs, with an end for a job that never comes back.

A job that raises, or whose worker is killed, stays in the table and is handed out again when its lock runs
out. django-q2 counts only the failures that a worker lived to report, so a job that kills its worker would go
round for ever; this broker counts how often a job was handed out and puts it aside in the end.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from time import sleep
from typing import Any

from django.db import transaction
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.models import OrmQ, Task
from django_q.signing import BadSignature, SignedPackage
from django_q.tasks import async_task
from django_q.utils import get_func_repr

from otklik.jobs.models import Redelivery
from otklik.jobs.operations.quarantine import quarantine
from otklik.jobs.rules.vocabulary import MAX_DELIVERIES
from otklik.kit.bulk import insert_for_ids
from otklik.kit.clock import now

JOB = "job"
WORKER_DIED = "The worker ended in the middle of this job each time: killed, or out of memory."


class Broker(ORM):  # type: ignore[misc]
    def enqueue(self, package: str) -> int:
        """With each event that somebody listens to: the row goes in past the model layer."""
        self.get_connection()  # outside a transaction it leaves a connection that went stale
        return add_job(self.list_key, package, now())

    def dequeue(self) -> list[tuple[int, str]] | None:
        """(row, signed package) of up to ``bulk`` jobs that are due, oldest first; None after a short sleep
        where there are none."""
        due = self.get_connection().filter(key=self.list_key, lock__lt=now()).order_by("pk")[: Conf.BULK]
        taken = [(row.pk, row.payload) for row in due if self._take(row)]
        if taken:
            return taken
        sleep(Conf.POLL)
        return None

    def _take(self, row: OrmQ) -> bool:
        ours = self.get_connection().filter(pk=row.pk, lock=row.lock).update(lock=self.timeout(row))
        if not ours:  # another cluster was faster
            return False
        try:
            task = SignedPackage.loads(row.payload)
        except (TypeError, BadSignature):
            return True  # the pusher logs and drops what cannot be read
        if not _was_handed_out(row, task):
            return True
        with transaction.atomic():
            seen, _ = Redelivery.objects.select_for_update().get_or_create(queue_row=row.pk)
            seen.count += 1
            seen.save(update_fields=["count"])
            if seen.count < MAX_DELIVERIES:
                return True
            _give_up(row, task)
        return False


def add_job(key: str | None, package: str, due: datetime) -> int:
    """``key`` is None where no cluster was named."""
    row = (key or Conf.CLUSTER_NAME, package, due)
    return insert_for_ids(OrmQ, ("key", "payload", "lock"), [row])[0]


def _was_handed_out(row: OrmQ, task: dict[str, Any]) -> bool:
    """A new job's lock is the moment it was queued; handing it out moves the lock ``retry`` seconds on."""
    return bool(row.lock - task["started"] >= timedelta(seconds=Conf.RETRY / 2))


def _give_up(row: OrmQ, task: dict[str, Any]) -> None:
    failure = Task.objects.filter(pk=task["id"]).first()
    quarantine(
        kind=JOB,
        key=task["id"],
        title=get_func_repr(task["func"]),
        error=str(failure.result) if failure else WORKER_DIED,
        payload={"package": row.payload},
        attempts=MAX_DELIVERIES,
        at=now(),
    )
    row.delete()


def replay_job(payload: Any) -> None:
    """Queue a job that was put aside once more, as a new one."""
    task = SignedPackage.loads(payload["package"])
    async_task(task["func"], *task["args"], **task["kwargs"])
