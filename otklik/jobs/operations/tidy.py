"""Forgetting what nobody needs any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from django_q.models import OrmQ, Task

from otklik.jobs.models import OutgoingMail, Progress, QuarantinedItem, Redelivery
from otklik.jobs.rules.vocabulary import MailState, ProgressState, QuarantineState
from otklik.kit.clock import now

KEPT = timedelta(days=30)


def tidy(*, at: datetime) -> None:
    """Drop ended work older than 30 days; what waits for a person stays."""
    old = at - KEPT
    Redelivery.objects.exclude(queue_row__in=OrmQ.objects.values("pk")).delete()
    Task.objects.filter(stopped__lt=old).delete()
    Progress.objects.exclude(state=ProgressState.RUNNING).filter(updated_at__lt=old).delete()
    QuarantinedItem.objects.exclude(state=QuarantineState.WAITING).filter(settled_at__lt=old).delete()
    OutgoingMail.objects.exclude(state=MailState.QUEUED).filter(settled_at__lt=old).delete()


def tidy_now() -> None:
    """The job."""
    tidy(at=now())
