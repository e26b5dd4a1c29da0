"""Pages about batches and payouts: nobody pays alone, and everybody left out has a reason."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.identity.models import User
from otklik.partners.models import Partner
from otklik.payouts.models import Payout, PayoutBatch
from otklik.payouts.operations.ledger import record_entries
from otklik.payouts.operations.paying import mark_paid, mark_sent
from otklik.payouts.tests.office import (
    AT,
    PAY_ON,
    TODAY,
    Office,
    accounts_known,
    approved,
    balance,
    by,
    calculated,
    charged_back,
    earned,
    held,
    line,
)
from otklik.payouts.tests.web.test_holds_pages import page, signed_in
from tests.world import World


@pytest.fixture
def money(world: World, office: Office) -> World:
    for partner in (world.aurora, world.borealis):
        earned(partner, "1000")
        held(partner, "10", office.faina)
    accounts_known()
    return world


def asked(world: World, **more: str) -> dict[str, str]:
    return {
        "program": str(world.program.pk),
        "currency": "eur",
        "pay_on": "2026-03-16",
        "earned_until": "2026-02-28",
        "note": "February",
    } | more


def test_a_batch_is_calculated_and_approved_by_two_others(
    money: World, office: Office, client: Client
) -> None:
    signed_in(client, office.faina)
    assert client.post(reverse("batch-new"), asked(money)).status_code == 302
    batch = PayoutBatch.objects.get()
    shown = page(client, "batch", batch.pk)
    assert "€1,980.00" in shown
    assert "on hold" in shown
    assert "February" in shown
    assert "You calculated this batch" in shown
    approve = reverse("batch-approve", args=[batch.pk])
    client.post(approve)
    assert not batch.approvals.exists()
    for who, said in ((office.pavel, "One more person"), (money.anna, "Approved. The payouts can be sent")):
        assert approve in page(signed_in(client, who), "batch", batch.pk)
        assert said in client.post(approve, follow=True).content.decode()
    batch.refresh_from_db()
    assert batch.state == "approved"
    assert "does not wait for an approval" in client.post(approve, follow=True).content.decode()


def test_money_that_went_meanwhile_stops_the_approval_and_is_named(
    money: World, office: Office, client: Client
) -> None:
    batch = calculated(money, office.faina)
    charged_back(money.aurora, "500")
    signed_in(client, office.pavel)
    said = client.post(reverse("batch-approve", args=[batch.pk]), follow=True).content.decode()
    assert "no longer there: Aurora." in said
    assert "Borealis." not in said
    client.post(reverse("batch-cancel", args=[batch.pk]))
    assert balance(money.borealis) == ("1000.00", "10.00", "0.00")
    again = client.post(reverse("batch-cancel", args=[batch.pk]), follow=True)
    assert "called off before" in again.content.decode()


def test_a_batch_with_wrong_words_is_refused_in_words(money: World, office: Office, client: Client) -> None:
    signed_in(client, office.faina)
    for wrong, said in (
        ({"currency": "XQX"}, "Nobody knows this currency"),
        ({"currency": "USD"}, "Nobody has a balance in this currency yet"),
        ({"pay_on": "2026-02-01"}, "before the end of the earnings"),
        ({"earned_until": "2026-01-01", "pay_on": "2026-01-02"}, "Nobody has an amount that can be paid"),
    ):
        answer = client.post(reverse("batch-new"), asked(money, **wrong))
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert not PayoutBatch.objects.exists()


def test_batches_are_nothing_for_who_sees_own_partners_only(
    money: World, office: Office, client: Client
) -> None:
    batch = calculated(money, office.faina)
    signed_in(client, money.boris)
    assert client.get(reverse("batches")).status_code == 404
    assert client.get(reverse("batch", args=[batch.pk])).status_code == 404
    for name in ("batch-approve", "batch-cancel"):
        assert client.post(reverse(name, args=[batch.pk])).status_code == 403
    theirs = Payout.objects.get(partner=money.borealis)
    assert client.get(reverse("payout", args=[theirs.pk])).status_code == 404
    own = page(client, "payout", Payout.objects.get(partner=money.aurora).pk)
    assert reverse("batch", args=[batch.pk]) not in own
    listed = page(client, "payouts")
    assert "Aurora" in listed
    assert "Borealis" not in listed


def test_a_payout_tells_all_that_happened_to_it(money: World, office: Office, client: Client) -> None:
    approved(money, office)
    payout = Payout.objects.get(partner=money.aurora)
    mark_sent(payout_id=payout.pk, on=TODAY, by=by(office.faina), at=AT)
    mark_paid(payout_id=payout.pk, on=PAY_ON, by=by(office.faina), at=AT)
    shown = page(signed_in(client, money.boris), "payout", payout.pk)
    for said in ("is planned for", "was approved", "was sent", "arrived on", "Faina Books"):
        assert said in shown, said
    assert "late" not in shown.split('class="two-columns"')[1]
    assert "Aurora" in page(client, "payouts", query="?state=paid&q=auro")
    assert "No payout fits" in page(client, "payouts", query="?state=failed")
    assert "days late" in page(
        signed_in(client, office.faina), "payout", Payout.objects.get(partner=money.borealis).pk
    )


@pytest.mark.parametrize("name", ["money", "batches", "batch", "payouts"])
def test_few_and_many_take_the_same_number_of_queries(
    money: World, office: Office, client: Client, name: str
) -> None:
    signed_in(client, office.pavel)

    def queries(batch: PayoutBatch) -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, name, *([batch.pk] if name == "batch" else []))
        return len(captured)

    first = calculated(money, office.faina)
    queries(first)
    few = queries(first)
    for number in range(4):
        partner = Partner.objects.create(program=money.program, name=f"P{number}", created_at=money.now)
        earned(partner, "100")
        held(partner, "10", office.faina)
    assert queries(calculated(money, office.faina)) == few


def test_a_batch_that_nobody_is_left_to_approve_says_what_to_do(
    world: World, office: Office, client: Client
) -> None:
    User.objects.filter(pk__in=[world.anna.pk, world.root.pk]).update(is_active=False)
    entry = line(world.aurora, "100")
    record_entries(program_id=world.program.pk, entries=[entry], by=by(office.pavel), at=AT)
    accounts_known()
    signed_in(client, office.faina)
    said = client.post(reverse("batch-new"), asked(world), follow=True).content.decode()
    assert "Nobody may approve it yet" in said
    assert "calculated anew by that person" in said
    batch = PayoutBatch.objects.get()
    seen = page(signed_in(client, office.pavel), "batch", batch.pk)
    assert "You brought in lines that this batch pays out" in seen
    assert "Pavel Payer" in seen.split("Brought in or changed by")[1]
    approve = client.post(reverse("batch-approve", args=[batch.pk]), follow=True).content.decode()
    assert "You brought in lines that this batch pays out" in approve
    assert not batch.approvals.exists()
    client.post(reverse("batch-cancel", args=[batch.pk]))
    assert (
        "One other person has to approve"
        in client.post(reverse("batch-new"), asked(world), follow=True).content.decode()
    )
