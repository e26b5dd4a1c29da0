"""Mail goes out in a job, once per key.

A mail server cannot take part in our transaction, so a worker that dies between the server's yes and our
commit leaves a message that may or may not have gone. It is sent again, under the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django_q.tasks import async_task

from otklik.jobs.models import OutgoingMail
from otklik.jobs.rules.vocabulary import MailState
from otklik.kit.bulk import insert_missing
from otklik.kit.clock import now
from otklik.kit.mail import BadMessage, MailRefused, Message, message_id_of, outbox

log = logging.getLogger(__name__)
SEND, SEND_MANY = "otklik.jobs.operations.mail.send_mail", "otklik.jobs.operations.mail.send_mails"
_ROW = ("key", "message", "state", "receipt", "created_at")
# Mails of one job: one slow server holds up no more than these.
_AT_ONCE = 20
# Longer than an SMTP conversation may take: connecting, greeting, login and data have 30 seconds each.
CLAIM = timedelta(minutes=3)


class BeingSent(Exception):
    """Another worker is sending this message at the moment, or died while it did."""


def queue_mail(*, key: str, message: Message, at: datetime) -> bool:
    """Have a message sent after the commit of the transaction around this call. False where one was queued
    under this key before. ``key`` names the reason ("password-reset:17:ab12"), not the address."""
    return queue_mails({key: message}, at=at) == 1


def queue_mails(mails: Mapping[str, Message], *, at: datetime) -> int:
    """As ``queue_mail``, messages by their keys; how many had not been queued before."""
    rows = [
        (key, _with_id(key, message).to_dict(), MailState.QUEUED, "", at) for key, message in mails.items()
    ]
    with transaction.atomic():
        ids = sorted(insert_missing(OutgoingMail, _ROW, rows, told="id"))
        for start in range(0, len(ids), _AT_ONCE):
            part = ids[start : start + _AT_ONCE]
            async_task(SEND_MANY, part) if len(part) > 1 else async_task(SEND, part[0])
    return len(ids)


def _with_id(key: str, message: Message) -> Message:
    if message.message_id:
        return message
    return Message.from_dict({**message.to_dict(), "message_id": message_id_of(key)})


def send_mails(mail_ids: Sequence[int]) -> None:
    """The job for several. What fails gets a job of its own, so that it holds up no other."""
    for mail_id in mail_ids:
        try:
            send_mail(mail_id)
        except Exception:
            log.exception("mail %s was not sent", mail_id)
            async_task(SEND, mail_id)


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
        mail.save(update_fields=["message", "state", "receipt", "claimed_until", "settled_at"])
