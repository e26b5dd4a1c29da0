from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import transaction
from django_q.models import OrmQ

from otklik.jobs.models import OutgoingMail
from otklik.jobs.operations.mail import BeingSent, queue_mail, send_mail
from otklik.jobs.rules.vocabulary import MailState
from otklik.kit import mail
from otklik.kit.clock import now
from otklik.kit.mail import MailDelayed, MemoryOutbox, Message

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def outbox(settings: Any) -> MemoryOutbox:
    settings.OTKLIK = replace(settings.OTKLIK, mail_url="memory:")
    kept = mail.outbox()
    assert isinstance(kept, MemoryOutbox)
    kept.sent.clear()
    return kept


def letter(to: str = "vera@example.com") -> Message:
    return Message(to=to, subject="Hello", text="private words")


def test_one_key_is_one_mail_however_often_it_is_queued_or_its_job_runs(outbox: MemoryOutbox) -> None:
    assert queue_mail(key="welcome:1", message=letter(), at=AT)
    assert not queue_mail(key="welcome:1", message=letter(), at=AT)
    assert OrmQ.objects.count() == 1
    row = OutgoingMail.objects.get()
    for _ in range(2):
        send_mail(row.pk)
    assert [message.text for message in outbox.sent] == ["private words"]
    assert outbox.sent[0].message_id == mail.message_id_of("welcome:1")


def test_the_words_are_forgotten_once_it_is_gone(outbox: MemoryOutbox) -> None:
    queue_mail(key="welcome:1", message=letter(), at=AT)
    send_mail(OutgoingMail.objects.get().pk)
    row = OutgoingMail.objects.get()
    assert (row.state, row.message) == (MailState.SENT, {})


def test_a_rollback_sends_nothing(outbox: MemoryOutbox) -> None:
    class ChangedMyMind(Exception):
        pass

    def queue_and_think_again() -> None:
        with transaction.atomic():
            queue_mail(key="welcome:1", message=letter(), at=AT)
            raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        queue_and_think_again()
    assert (OutgoingMail.objects.count(), OrmQ.objects.count()) == (0, 0)


def test_a_refusal_ends_it_and_a_delay_keeps_it_for_the_next_attempt(outbox: MemoryOutbox) -> None:
    queue_mail(key="a", message=letter("refused@example.com"), at=AT)
    queue_mail(key="b", message=letter("delayed@example.com"), at=AT)
    refused, delayed = OutgoingMail.objects.order_by("key")
    send_mail(refused.pk)
    with pytest.raises(MailDelayed):
        send_mail(delayed.pk)
    refused.refresh_from_db()
    delayed.refresh_from_db()
    assert (refused.state, refused.message, refused.receipt) == (MailState.REFUSED, {}, "550 no such mailbox")
    assert (delayed.state, delayed.claimed_until) == (MailState.QUEUED, None)


def test_what_another_worker_is_sending_waits(outbox: MemoryOutbox) -> None:
    queue_mail(key="a", message=letter(), at=AT)
    row = OutgoingMail.objects.get()
    OutgoingMail.objects.update(claimed_until=now() + timedelta(minutes=1))
    with pytest.raises(BeingSent):
        send_mail(row.pk)
    OutgoingMail.objects.update(claimed_until=now() - timedelta(seconds=1))  # it died
    send_mail(row.pk)
    assert len(outbox.sent) == 1


def test_mail_of_django_itself_takes_the_same_way(outbox: MemoryOutbox, settings: Any) -> None:
    settings.EMAIL_BACKEND = "otklik.jobs.mail_backend.QueuedMail"
    django_mail.send_mail(
        "Reset", "link", None, ["a@example.com", "b@example.com"], html_message="<p>link</p>"
    )
    for row in OutgoingMail.objects.all():
        send_mail(row.pk)
    assert [(m.to, m.html) for m in outbox.sent] == [
        ("a@example.com", "<p>link</p>"),
        ("b@example.com", "<p>link</p>"),
    ]
