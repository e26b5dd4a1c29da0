"""What workers do for survey mail. Each may be run twice, or beside itself, without harm."""

from __future__ import annotations

from datetime import datetime, timedelta

from django_q.conf import Conf
from django_q.tasks import async_task

from otklik.desk.public import mail_owners
from otklik.feedback import mail_panel
from otklik.feedback.operations import reports, sending
from otklik.feedback.senders.mail import MailSender
from otklik.jobs.public import every
from otklik.kit.clock import now
from otklik.kit.registry import operations_panels

SEND_MORE = "otklik.feedback.mail_jobs.send_more"
# A job gives its worker back after so long, long before it would be stopped in the middle of a mail; the rest
# has a job of its own, until the clock starts the next.
_TURN = timedelta(seconds=min(15.0, (Conf.TIMEOUT or 180) / 3))
_MINUTE = timedelta(seconds=50)


def register() -> None:
    mail_owners.add(reports.owner)
    operations_panels.add(mail_panel.panel)
    every("feedback.send_due", "otklik.feedback.mail_jobs.send_due", minutes=1)


def send_due() -> None:
    send_more(now().isoformat())


def send_more(since: str) -> None:
    """``since``: when the clock started this chain of jobs. Each minute begins one; an old one that still
    ran beside it would in the end take every worker."""
    last = datetime.fromisoformat(since) + _MINUTE
    until = min(now() + _TURN, last)
    if sending.send_due(sender=MailSender(), clock=now, until=until) and now() < last:
        async_task(SEND_MORE, since)
