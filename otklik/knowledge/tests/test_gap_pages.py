"""The page of what is missing, and articles offered to whoever answers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.tests.operations.stories import asked
from otklik.knowledge.models import Gap
from otklik.knowledge.operations.gaps import compute_figures
from otklik.knowledge.rules.vocabulary import GapState, Visibility
from otklik.knowledge.tests.shelf import SYSTEM, translated, written
from otklik.knowledge.tests.test_gaps import ask_all
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def dmitri(world: World, client: Client) -> Client:
    client.force_login(world.dmitri)
    return client


def test_a_gap_is_shown_written_or_left_with_a_reason(world: World, dmitri: Client) -> None:
    page = reverse("article-gaps")
    assert "Not counted yet" in dmitri.get(page).content.decode()
    ticket = ask_all(world)[0]
    compute_figures(by=SYSTEM, at=world.now + timedelta(hours=1))
    shown = dmitri.get(page).content.decode()
    assert "постбек" in shown
    assert reverse("ticket", args=[ticket.pk]) in shown
    assert "Cannot tell yet" in shown

    gap = Gap.objects.get()
    dmitri.post(reverse("article-gap-ignore", args=[gap.pk]), {"reason": " "})
    assert Gap.objects.get().state == GapState.OPEN
    dmitri.post(reverse("article-gap-ignore", args=[gap.pk]), {"reason": "<i>soon gone"})
    assert "&lt;i&gt;soon gone" in dmitri.get(page).content.decode()
    dmitri.post(reverse("article-gap-reopen", args=[gap.pk]))
    begun = dmitri.post(reverse("article-gap-write", args=[gap.pk]))
    assert dmitri.get(begun["Location"]).status_code == 200
    assert dmitri.post(reverse("article-gap-write", args=[gap.pk + 99])).status_code == 404


def test_those_who_write_no_articles_stay_outside(world: World, client: Client) -> None:
    client.force_login(world.stranger)
    assert client.get(reverse("article-gaps")).status_code == 403
    assert client.post(reverse("article-gaps-compute")).status_code == 403


def suggested(client: Client, ticket_id: int, text: str = "") -> str:
    address = reverse("article-suggestions", args=[ticket_id])
    return client.post(address, {"text": text}).content.decode()


def test_articles_fit_the_ticket_and_what_is_being_written(world: World, dmitri: Client) -> None:
    payouts = written("When payouts leave", "Payouts leave on **Friday**.", visibility=Visibility.PARTNERS)
    translated(payouts, "ru", "Когда уходят выплаты", "Выплаты уходят в пятницу <b>.")
    written("Payouts for the staff", "Payouts: the secret limit is 7.", visibility=Visibility.STAFF)
    written("Postback set-up", "Where to enter the postback.")
    ticket = asked(world, subject="Выплаты", text="Когда выплаты?", language="ru")

    shown = suggested(dmitri, ticket.pk)
    assert "Когда уходят выплаты" in shown
    # Staff may have opened an address that leads nowhere from outside.
    assert "//testserver/" not in shown
    assert "Выплаты уходят в пятницу" in shown
    assert "Postback" not in shown

    shown = suggested(dmitri, ticket.pk, "payouts and postback")
    assert "this partner does not see it" in shown
    assert 'data-canned="Payouts: the secret' not in shown
    assert "Postback set-up" in shown


def test_a_ticket_of_others_suggests_nothing(world: World, client: Client) -> None:
    ticket = asked(world)
    client.force_login(world.clara)
    assert client.post(reverse("article-suggestions", args=[ticket.pk])).status_code in (403, 404)
