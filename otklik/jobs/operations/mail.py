"""Mail goes out in a job, once per key.

A mail server cannot take part in our transaction, so a worker that dies between the server's yes and our
commit leaves a message that may or may not have gone. It is sent again, under the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django_q.tasks import async_task

from otklik.jobs.models import OutgoingMail
from otklik.jobs.rules.vocabulary import MailState
from otklik.kit.clock import now
from otklik.kit.mail import BadMessage, MailRefused, Message, message_id_of, outbox

# Longer than an SMTP conversation may take: connecting, greeting, login and data have 30 seconds each.
CLAIM = timedelta(minutes=3)


class BeingSent(Exception):
    """Another worker is sending this message at the moment, or died while it did."""


def queue_mail(*, key: str, message: Message, at: datetime) -> bool:
    """Have a message sent after the commit of the transaction around this call. False where one was queued
    under this key before. ``key`` names the reason ("password-reset:17:ab12"), not the address."""
    if not message.message_id:
        message = Message.from_dict({**message.to_dict(), "message_id": message_id_of(key)})
    with transaction.atomic():
        mail, created = OutgoingMail.objects.get_or_create(
            key=key, defaults={"message": message.to_dict(), "created_at": at}
        )
        if created:
            async_task("otklik.jobs.operations.mail.send_mail", mail.pk)
    return created


def withdraw_mails(*, is_about: Callable[[str], bool], reason: str, at: datetime) -> int:
    """Those not sent yet whose subject, recipient or text say something never leave, and are forgotten; how
    many. One that is just being sent goes."""
    withdrawn = 0
    for mail in OutgoingMail.objects.filter(state=MailState.QUEUED).order_by("pk").iterator(chunk_size=100):
        words = (mail.message.get(name, "") for name in ("to", "subject", "text", "html"))
        if is_about("\n".join(words)):
            mail.settle(MailState.REFUSED, receipt=reason, at=at)
            mail.save(update_fields=["state", "receipt", "settled_at", "message"])
            withdrawn += 1
    return withdrawn


def send_mail(mail_id: int) -> None:
    """The job. Raises BeingSent and MailDelayed, so that the queue hands it out again."""
    at = now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=at)
    queued = OutgoingMail.objects.filter(pk=mail_id, state=MailState.QUEUED)
    if not queued.filter(free).update(claimed_until=at + CLAIM):
        if queued.exists():
            raise BeingSent(mail_id)
        return
    mail = OutgoingMail.objects.get(pk=mail_id)
    try:
        receipt = outbox().send(mail.as_message())
        mail.settle(MailState.SENT, receipt=f"{receipt.answer} {receipt.id}", at=now())
    except (MailRefused, BadMessage) as error:
        mail.settle(MailState.REFUSED, receipt=str(error), at=now())
    finally:
        mail.claimed_until = None
        mail.save()
