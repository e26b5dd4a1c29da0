"""A partner asks about a payout by mail and gets the true state back, in their language; a reply reaches a
person. From the mail as it came in to the mail that left, through the jobs of the worker."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from otklik.assist.models import AutomaticAnswer
from otklik.assist.operations.settings import switch_answers
from otklik.assist.queries import understanding
from otklik.assist.rules.vocabulary import AnswerOutcome
from otklik.assist.tests.stage import asked, our_mailbox, payout, teach_a_little
from otklik.desk.channels.mail.outgoing import MemoryTransport
from otklik.desk.models import Mailbox
from otklik.desk.operations import delivery
from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.payouts.rules.vocabulary import PayoutState
from otklik.portal.models import PortalAccount
from tests.world import NOW, World

QUESTIONS = [
    ("en", "Hello, when is the next payout due?", "€1,200.00", "This is an automatic answer"),
    ("ru", "Здравствуйте! Когда придёт выплата?", "1\u00a0200,00", "автоматический ответ"),
]
# As the worker does: events are handed out, questions answered, messages sent.
_JOBS = ("otklik.events.operations.deliver.", "otklik.assist.jobs.", "otklik.desk.jobs.send_")
PAY_DAY = now().date() + timedelta(days=10)


def work_off() -> None:
    for _ in range(40):
        rows = [(row, SignedPackage.loads(row.payload)) for row in OrmQ.objects.order_by("pk")]
        wanted = [(row, job) for row, job in rows if job["func"].startswith(_JOBS)]
        if not wanted:
            return
        for row, job in wanted:
            row.delete()
            import_string(job["func"])(*job["args"])
    raise AssertionError("jobs go round in circles")


@pytest.fixture
def outbox(monkeypatch: pytest.MonkeyPatch) -> MemoryTransport:
    transport = MemoryTransport()
    monkeypatch.setattr(delivery, "transport_for", lambda url="": transport)
    return transport


@pytest.fixture
def mailbox(world: World, settings, tmp_path: Path) -> Mailbox:
    settings.MEDIA_ROOT = tmp_path
    understanding._kept.clear()
    teach_a_little()
    payout(world.aurora, "1200", PAY_DAY, PayoutState.APPROVED)
    payout(world.borealis, "777", PAY_DAY, PayoutState.APPROVED)
    PortalAccount.objects.create(contact=world.vera, sees_money=True, handle="vera", created_at=NOW)
    switch_answers(in_portal=True, by_mail=True, by=Actor.person(world.anna.pk), at=NOW)
    return our_mailbox(world)


@pytest.mark.parametrize(("language", "text", "amount", "mark"), QUESTIONS, ids=["en", "ru"])
def test_the_true_state_comes_back_by_mail(
    world: World,
    mailbox: Mailbox,
    outbox: MemoryTransport,
    language: str,
    text: str,
    amount: str,
    mark: str,
) -> None:
    world.vera.languages = [language]
    world.vera.save()
    mailbox.sends_receipts = False
    mailbox.save()
    ticket = asked(mailbox, text, subject="Payout", at=now())
    work_off()
    [(mail, _sender, recipients)] = outbox.sent
    body = mail.get_content().replace("\u202f", "\u00a0")
    assert list(recipients) == ["vera@aurora.example"]
    assert amount in body
    with translation.override(language):
        assert date_format(PAY_DAY, "DATE_FORMAT").rstrip(".") in body
    assert mark in body
    assert "777" not in body
    assert mail["Auto-Submitted"]
    assert AutomaticAnswer.objects.get().outcome == AnswerOutcome.TOLD
    asked(
        mailbox,
        "No, I mean another one",
        subject=f"Re: Payout [#{ticket.pk}]",
        in_reply_to=_id(mail),
        at=now(),
    )
    work_off()
    ticket.refresh_from_db()
    assert ticket.is_open
    assert ticket.awaiting_us_since is not None
    assert len(outbox.sent) == 1


def test_without_the_right_to_see_money_the_same_mail_waits_for_a_person(
    world: World, mailbox: Mailbox, outbox: MemoryTransport
) -> None:
    PortalAccount.objects.update(sees_money=False)
    mailbox.sends_receipts = False
    mailbox.save()
    asked(mailbox, QUESTIONS[0][1], at=now())
    work_off()
    assert outbox.sent == []
    assert not AutomaticAnswer.objects.exists()


def _id(mail: object) -> str:
    return str(mail["Message-ID"]).strip("<>")  # type: ignore[index]
