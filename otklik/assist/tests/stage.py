"""A classifier that knows little and learns fast, and what partners have in these stories."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest

from otklik.assist.models import AnswerSettings, IntentModel
from otklik.assist.rules.classifier import Classifier, fit
from otklik.assist.rules.sentences import TEACH, sentences
from otklik.assist.rules.vocabulary import ANSWERED
from otklik.desk.models import InboundMail, Mailbox, Ticket
from otklik.desk.tests.mail.letters import arrive, message_of, raw
from otklik.kit.registry import Provider, contact_rights
from otklik.partners.models import Partner
from otklik.payouts.models import Balance, Hold, Payout
from otklik.payouts.rules.vocabulary import HoldReason, PayoutState
from tests.world import NOW, World

OURS = "mx.program.example"
PROVED = f"Authentication-Results: {OURS}; dmarc=pass header.from=aurora.example\r\n".encode()
AT = NOW + timedelta(hours=1)


@cache
def small_classifier() -> Classifier:
    some = sentences(TEACH)[::3]
    return fit([one.text for one in some], [one.intent for one in some])


def teach_a_little(threshold: float = 0.3) -> IntentModel:
    return IntentModel.objects.create(
        version=1,
        content=small_classifier().to_bytes(),
        thresholds={intent.value: threshold for intent in ANSWERED},
        figures={},
        examples_count=len(sentences(TEACH)[::3]),
        digest="small",
        taught_at=NOW,
    )


def let_see_money(monkeypatch: pytest.MonkeyPatch, *contact_ids: int) -> None:
    money = Provider("money", lambda ids: {pk: True for pk in ids if pk in contact_ids})
    monkeypatch.setattr(contact_rights, "_entries", {"money": money})


def payout(partner: Partner, amount: str, on: date, state: PayoutState, **columns: object) -> Payout:
    columns = {"original_expected_on": on, "created_at": NOW, **columns}
    return Payout.objects.create(
        program_id=partner.program_id,
        partner=partner,
        amount=Decimal(amount),
        currency="EUR",
        expected_on=on,
        state=state,
        **columns,
    )


def hold(partner: Partner, amount: str, until: date, **columns: object) -> Hold:
    columns = {"reason": HoldReason.TRAFFIC_CHECK, "checking": "Clicks from one address", **columns}
    return Hold.objects.create(
        partner=partner,
        currency="EUR",
        amount=Decimal(amount),
        decide_by=until,
        opened_at=NOW,
        **columns,
    )


def balance(partner: Partner, total: str) -> Balance:
    return Balance.objects.create(partner=partner, currency="EUR", total=Decimal(total))


def answer_mails() -> None:
    AnswerSettings.objects.create(pk=1, answers_by_mail=True)


def our_mailbox(world: World, trusted: str = OURS) -> Mailbox:
    return Mailbox.objects.create(
        address="help@north.example",
        name="North support",
        program=world.program,
        trusted_server=trusted,
        created_at=NOW,
    )


def asked(mailbox: Mailbox, text: str, *, proved: bool = True, at: datetime = NOW, **said: str) -> Ticket:
    content = raw(text=text, **said)
    [row] = arrive(mailbox, (PROVED if proved else b"") + content, at=at)
    assert isinstance(row, InboundMail)
    return message_of(row).ticket
