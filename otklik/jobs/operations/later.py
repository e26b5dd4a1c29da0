"""A job that becomes due at a moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django_q.brokers import get_broker
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from otklik.jobs.broker import Broker, add_job


class _Later(Broker):
    def __init__(self, at: datetime) -> None:
        super().__init__(get_broker().list_key)
        self._at = at

    def enqueue(self, package: str) -> int:
        """The lock is what decides when a row is handed out. The package says the same: the broker takes a
        lock far behind the moment of queueing for the mark of a job that was handed out before."""
        task = {**SignedPackage.loads(package), "started": self._at}
        return add_job(self.list_key, SignedPackage.dumps(task), self._at)


def queue_at(function: str, *args: Any, at: datetime) -> None:
    """Run ``function`` (a dotted path) in a worker, not before ``at``; in the past means at once. A row of
    the caller's transaction, as every job: it is there exactly when the change is that it belongs to."""
    async_task(function, *args, q_options={"broker": _Later(at)})
