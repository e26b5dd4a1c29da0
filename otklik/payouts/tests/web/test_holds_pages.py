"""Pages about holds: whose they are, and what they take."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from otklik.identity.models import User
from otklik.kit.clock import now
from otklik.payouts.models import Hold
from otklik.payouts.tests.office import Office, balance, calculated, earned, held
from tests.world import World


@pytest.fixture
def money(world: World, office: Office) -> World:
    for partner in (world.aurora, world.borealis):
        earned(partner, "1000")
        held(partner, "10", office.faina)
    return world


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    response = client.get(reverse(name, args=args) + query)
    assert response.status_code == 200
    return response.content.decode()


def asked(amount: str, **more: str) -> dict[str, str]:
    day = timezone.localdate(now()) + timedelta(days=10)
    return {
        "currency": "EUR",
        "amount": amount,
        "reason": "documents_missing",
        "checking": "The act of February",
        "decide_by": day.isoformat(),
    } | more


def test_the_first_page_tells_what_waits_and_only_of_ones_own(
    money: World, office: Office, client: Client
) -> None:
    calculated(money, office.faina)
    seen = page(signed_in(client, office.pavel), "money")
    assert "waits for you" in seen
    assert {"Aurora", "Borealis"} <= set(seen.replace("<", ">").split(">"))
    assert "€10.00" in seen
    assert "overdue" in seen  # by the day of these stories the decisions of the holds are long due
    assert "days late" in seen
    assert "waits for you" not in page(signed_in(client, office.faina), "money")
    own = page(signed_in(client, money.boris), "money")
    assert "Aurora" in own
    assert "Borealis" not in own
    assert "Batches" not in own


def test_who_does_not_see_money_is_told_so(money: World, client: Client) -> None:
    hold = Hold.objects.filter(partner=money.borealis).get()
    for name, args in (("money", ()), ("holds", ()), ("hold", (hold.pk,))):
        assert signed_in(client, money.dmitri).get(reverse(name, args=args)).status_code == 403
    signed_in(client, money.boris)
    assert client.get(reverse("hold", args=[hold.pk])).status_code == 404
    own = Hold.objects.filter(partner=money.aurora).get()
    assert client.get(reverse("hold", args=[own.pk])).status_code == 200
    for name in ("hold-release", "hold-keep", "hold-edit"):
        assert client.post(reverse(name, args=[own.pk])).status_code == 403
    own.refresh_from_db()
    assert own.state == "open"


def test_a_part_is_held_with_words_for_the_partner(money: World, office: Office, client: Client) -> None:
    signed_in(client, office.faina)
    assert "Aurora" in page(client, "hold-new", query="?q=auro")
    url = f"{reverse('hold-new')}?partner={money.aurora.pk}"
    client.post(url, asked("1 200,50"))
    assert balance(money.aurora)[1] == "10.00"
    answer = client.post(url, asked("1 200,50"))
    assert answer.status_code == 422
    assert "more than the balance" in answer.content.decode()
    for wrong in ("1,234", "abc", "-5", "0", "1.005"):
        assert client.post(url, asked(wrong)).status_code == 422, wrong
    assert client.post(url, asked("90,50")).status_code == 302
    assert balance(money.aurora)[1] == "100.50"
    hold = Hold.objects.latest("pk")
    shown = page(client, "hold", hold.pk)
    assert "The act of February" in shown
    assert "€90.50" in shown
    assert "Keep the money back" not in shown


def test_a_hold_is_changed_lifted_and_kept_by_somebody_else(
    money: World, office: Office, client: Client
) -> None:
    hold = Hold.objects.filter(partner=money.aurora).get()
    signed_in(client, office.faina)
    assert client.post(reverse("hold-edit", args=[hold.pk]), asked("4")).status_code == 302
    assert balance(money.aurora)[1] == "4.00"
    client.post(reverse("hold-keep", args=[hold.pk]), {"outcome_note": "Bots"})
    assert balance(money.aurora)[1] == "4.00"
    signed_in(client, office.pavel)
    client.post(reverse("hold-keep", args=[hold.pk]), {"outcome_note": " "})
    assert balance(money.aurora) == ("1000.00", "4.00", "0.00")
    client.post(reverse("hold-keep", args=[hold.pk]), {"outcome_note": "Bots"})
    assert balance(money.aurora) == ("996.00", "0.00", "0.00")
    again = client.post(reverse("hold-release", args=[hold.pk]), follow=True)
    assert "decided meanwhile" in again.content.decode()
    assert "Bots" in page(client, "hold", hold.pk)
    assert "kept back" in page(client, "holds", query="?state=decided")
    other = Hold.objects.filter(partner=money.borealis).get()
    client.post(reverse("hold-release", args=[other.pk]), {"outcome_note": "Clean"})
    assert balance(money.borealis) == ("1000.00", "0.00", "0.00")


def test_the_partners_page_tells_of_holds_and_the_next_payout(
    money: World, office: Office, client: Client
) -> None:
    calculated(money, office.faina)
    shown = page(signed_in(client, money.boris), "partner", money.aurora.pk)
    assert "Next payout" in shown
    assert "€990.00" in shown
    assert "traffic check" in shown
    assert "Next payout" not in page(signed_in(client, money.dmitri), "partner", money.aurora.pk)


@pytest.mark.parametrize("name", ["money", "holds", "partner"])
def test_few_and_many_take_the_same_number_of_queries(
    money: World, office: Office, client: Client, name: str
) -> None:
    signed_in(client, office.pavel)
    url = reverse(name, args=[money.aurora.pk] if name == "partner" else [])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    calculated(money, office.faina)
    queries()
    few = queries()
    for partner in (money.aurora, money.borealis):
        earned(partner, "1000")
        for _ in range(2):
            held(partner, "10", office.faina)
    calculated(money, office.faina)
    assert queries() == few
