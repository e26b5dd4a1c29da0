"""What workers do for the desk's mail. Each may be run twice, or beside itself, without harm."""

from __future__ import annotations

import time

from django_q.tasks import async_task

from otklik.desk.operations.attaching import drop_unused_blobs
from otklik.desk.operations.intake import take_in_next
from otklik.desk.operations.storing import TAKE_IN
from otklik.kit.clock import now

# A job gives its worker back after so many seconds; what is left has a job of its own.
_TURN = 60.0


def take_in_mails() -> None:
    """Everything that was stored and waits."""
    begun = time.monotonic()
    while take_in_next(at=now()):
        if time.monotonic() - begun > _TURN:
            async_task(TAKE_IN)
            return


def tidy_mail() -> None:
    """Files that nothing points at any more."""
    drop_unused_blobs(at=now())
