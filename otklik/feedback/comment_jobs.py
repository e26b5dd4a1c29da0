"""What workers do with comments. Each may be run twice, or beside itself, without harm."""

from __future__ import annotations

import time
from collections.abc import Sequence

from django_q.conf import Conf
from django_q.tasks import async_task

from otklik.feedback.operations import comment_summaries
from otklik.feedback.operations.comment_readings import CHUNK, READ_AGAIN, read_comments, waiting_comments
from otklik.jobs.public import every
from otklik.kit.clock import now

# The worker is given back after so many seconds, long before the job would be stopped.
_TURN = min(30.0, (Conf.TIMEOUT or 180) / 3)


def register() -> None:
    every("feedback.read_comments", READ_AGAIN, minutes=60)


def read_some(response_ids: Sequence[int]) -> None:
    read_comments(response_ids=response_ids, at=now())


def read_waiting() -> None:
    """Everything that no reading stands for: after an upgrade, an edit of a dictionary, a lost job."""
    begun = time.monotonic()
    while waiting := waiting_comments(limit=CHUNK):
        # Comments that change all the while are read by the jobs of their changes.
        if not read_comments(response_ids=waiting, at=now()):
            return
        if time.monotonic() - begun > _TURN:
            async_task(READ_AGAIN)
            return


def make_summary(summary_id: int) -> None:
    """Waits for another machine, up to minutes. Switched off meanwhile: it stays unmade."""
    model = comment_summaries.summariser()
    if model is not None:
        comment_summaries.make_summary(summary_id=summary_id, model=model, at=now())
