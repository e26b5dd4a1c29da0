"""Who pays says what became of it, once, with a reason from the list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from otklik.events.models import Event
from otklik.kit.clock import now
from otklik.partners.models import Partner
from otklik.payouts.models import Payout, PayoutBatch
from otklik.payouts.operations.details import confirm_details, propose_details
from otklik.payouts.rules.vocabulary import PayMethod
from otklik.payouts.tests.office import AT, Office, approved, balance, by, calculated, earned
from otklik.payouts.tests.web.test_holds_pages import page, signed_in
from otklik.payouts.tests.web.test_money_pages import said
from tests.world import World

LATER = (timezone.localdate(now()) + timedelta(days=9)).isoformat()


@pytest.fixture
def batch(world: World, office: Office) -> PayoutBatch:
    for partner in (world.aurora, world.borealis):
        earned(partner, "1000")
    return approved(world, office)


def of(batch: PayoutBatch, name: str) -> Payout:
    return batch.payouts.get(partner__name=name)


def test_a_payout_is_sent_and_paid_by_buttons_and_a_second_click_changes_nothing(
    batch: PayoutBatch, world: World, office: Office, client: Client
) -> None:
    payout = of(batch, "Aurora")
    signed_in(client, office.faina)
    assert "It was sent" in page(client, "payout", payout.pk)
    sent = {"change": "sent", "on": "2026-03-13", "reference": "SEPA 17"}
    for _time in range(2):
        assert "the payout is sent" in said(client, "payout-change", payout.pk, **sent)
    assert balance(world.aurora)[0] == "0.00"
    assert "Aurora" in page(client, "payouts", query="?q=sepa+17")
    assert "payout arrived" in said(client, "payout-change", payout.pk, change="paid", on="2026-03-16")
    assert "the payout is paid by now" in said(client, "payout-change", payout.pk, change="sent")
    shown = page(client, "payout", payout.pk)
    assert "It came back" in shown
    assert "It was sent" not in shown
    assert "Choose a reason" in said(client, "payout-change", payout.pk, change="returned")
    back = said(client, "payout-change", payout.pk, change="returned", problem="account_closed")
    assert "on the balance again" in back
    assert "the account is closed" in back
    assert balance(world.aurora)[0] == "1000.00"


@pytest.mark.parametrize(
    "odd",
    [{}, {"change": "burnt"}, {"change": "sent", "on": "soon"}, {"change": "failed", "problem": "mood"}],
)
def test_an_odd_form_changes_nothing_and_says_so(
    batch: PayoutBatch, office: Office, client: Client, odd: dict[str, str]
) -> None:
    payout = of(batch, "Aurora")
    signed_in(client, office.faina)
    for name, pk in (("payout-change", payout.pk), ("batch-change", batch.pk)):
        assert "Nothing was changed" in said(client, name, pk, **odd)
    payout.refresh_from_db()
    assert payout.state == "approved"


def test_a_payout_is_moved_with_a_reason_and_called_off(
    batch: PayoutBatch, world: World, office: Office, client: Client
) -> None:
    payout = of(batch, "Aurora")
    signed_in(client, office.faina)
    for over in ("", "2026-01-01"):
        form = {"change": "moved", "problem": "funds", "on": over}
        assert "Choose a new day" in said(client, "payout-change", payout.pk, **form)
    move = {"change": "moved", "problem": "funds", "on": LATER}
    sent = said(client, "payout-change", payout.pk, change="sent", on=LATER)
    assert "this day is still to come" in sent
    assert "told the new day" in said(client, "payout-change", payout.pk, **move)
    assert "this is the day already" in said(client, "payout-change", payout.pk, **move)
    assert "free for the next batch" in said(client, "payout-change", payout.pk, change="cancelled")
    assert balance(world.aurora) == ("1000.00", "0.00", "0.00")
    batch.refresh_from_db()
    assert (batch.total, batch.payouts_count) == (1000, 1)


def test_a_whole_batch_is_paid_from_a_file_sent_and_settled(
    batch: PayoutBatch, world: World, office: Office, client: Client
) -> None:
    Partner.objects.filter(pk=world.borealis.pk).update(name="=HYPERLINK(1)")
    signed_in(client, office.faina)
    file = client.post(reverse("batch-file", args=[batch.pk]))
    lines = b"".join(file.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 3
    assert f"Aurora,,1000.00,EUR,payment system,Aurora Media,pay{world.aurora.pk}@example.com" in lines[1]
    assert "'=HYPERLINK(1)," in lines[2]
    assert "You took the file to pay from" in said(client, "batch-cancel", batch.pk)
    assert "Faina Books" in page(client, "batch", batch.pk).split("File to pay from taken by")[1]
    assert "new account" in page(client, "batch", batch.pk)
    assert "pay1@" not in str(list(Event.objects.values_list("data", flat=True)))
    assert "Noted: 2 payouts are sent" in said(client, "batch-change", batch.pk, change="sent")
    assert "Nothing was sent: the state of the batch is “sent”" in said(
        client, "batch-change", batch.pk, change="sent"
    )
    moved = said(client, "batch-change", batch.pk, change="moved", on=LATER, problem="bank_holiday")
    assert "2 payouts were moved" in moved
    assert "Noted: 2 payouts arrived" in said(client, "batch-change", batch.pk, change="paid")
    batch.refresh_from_db()
    assert batch.state == "settled"
    shown = page(client, "batch", batch.pk)
    assert "The file to pay from was downloaded" in shown
    assert "The whole batch" not in shown


def test_nothing_goes_to_an_account_that_was_replaced_after_the_approval(
    batch: PayoutBatch, world: World, office: Office, client: Client
) -> None:
    new = propose_details(
        partner_id=world.aurora.pk,
        method=PayMethod.OTHER,
        holder="A",
        account="new account",
        by=by(office.faina),
        at=AT,
    )
    confirm_details(details_id=new.pk, by=by(office.pavel), at=AT)
    signed_in(client, office.faina)
    assert "the account was replaced since" in page(client, "batch", batch.pk)
    payout = of(batch, "Aurora")
    assert "account is another one by now" in said(client, "payout-change", payout.pk, change="sent")
    file = client.post(reverse("batch-file", args=[batch.pk]))
    assert b"Aurora," not in b"".join(file.streaming_content)  # type: ignore[attr-defined]
    sent = said(client, "batch-change", batch.pk, change="sent")
    assert "Noted: 1 payout is sent" in sent
    assert "another one by now: Aurora" in sent


def test_a_batch_leaves_out_who_has_no_confirmed_account(
    world: World, office: Office, client: Client
) -> None:
    earned(world.aurora, "1000")
    signed_in(client, office.faina)
    form = {
        "program": str(world.program.pk),
        "currency": "EUR",
        "pay_on": "2026-03-16",
        "earned_until": "2026-02-28",
    }
    answer = client.post(reverse("batch-new"), form)
    assert answer.status_code == 422
    assert "account details" in answer.content.decode()


def test_there_is_no_file_to_pay_from_before_two_people_approved(
    world: World, office: Office, client: Client
) -> None:
    earned(world.aurora, "1000")
    batch = calculated(world, office.faina)
    signed_in(client, office.faina)
    assert "once the batch is approved" in said(client, "batch-file", batch.pk)
    assert "the state of the batch is “waits for approval”" in said(
        client, "batch-change", batch.pk, change="sent"
    )
