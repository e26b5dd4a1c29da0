"""The agent reads their own language, and sees what the partner will get before it goes."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.models import Draft, Message, Ticket, Translation, TranslationSettings
from otklik.desk.operations.reply_translation import make_reply_translation
from otklik.desk.operations.translating import make_translation
from otklik.desk.operations.translators import InUse
from otklik.desk.rules.vocabulary import MessageKind
from otklik.desk.tests.translation.test_translating import GERMAN, Machine, german
from otklik.kit.clock import now
from otklik.kit.translation.protocol import TranslatorDown
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def active() -> InUse:
    row = TranslationSettings.objects.create(is_active=True, key="secret:fx")
    return InUse(Machine(), "deepl:1", row)


@pytest.fixture
def dmitri(world: World, client: Client) -> Client:
    client.force_login(world.dmitri)
    return client


def show(client: Client, ticket: Ticket) -> str:
    return client.get(reverse("ticket", args=[ticket.pk])).content.decode()


def send(client: Client, ticket: Ticket, **data: Any) -> Any:
    posted = {"mode": "reply", "to_partner": "1", "based_on": "0", **data}
    return client.post(reverse("ticket-messages", args=[ticket.pk]), posted)


def preview(client: Client, ticket: Ticket, **data: Any) -> str:
    asked = reverse("ticket-reply-preview-ask", args=[ticket.pk])
    return client.post(asked, data, HTTP_HX_REQUEST="true").content.decode()


def test_the_translation_is_read_and_the_original_is_one_tap_away(
    world: World, dmitri: Client, active: InUse
) -> None:
    ticket, message = german(world)
    assert reverse("message-translation", args=[message.pk]) in show(dmitri, ticket)
    dmitri.post(reverse("message-translation", args=[message.pk]))
    assert "being made" in show(dmitri, ticket)
    make_translation(translation_id=Translation.objects.get().pk, at=now(), active=active)

    shown = show(dmitri, ticket)
    assert f"[en] {GERMAN}" in shown
    assert "machine translation" in shown
    assert "Original (German)" in shown


def test_nothing_is_said_of_translation_while_it_is_off(world: World, dmitri: Client) -> None:
    ticket, message = german(world)
    shown = show(dmitri, ticket)
    assert "reply-into" not in shown
    assert reverse("message-translation", args=[message.pk]) not in shown
    dmitri.post(reverse("message-translation", args=[message.pk]))
    assert not Translation.objects.exists()
    assert send(dmitri, ticket, text="It left.", into="de").status_code == 302


def test_a_reply_is_seen_in_the_partners_language_before_it_is_sent(
    world: World, dmitri: Client, active: InUse
) -> None:
    ticket, _ = german(world)
    refused = send(dmitri, ticket, text="It left.", into="de")
    assert refused.status_code == 422
    assert "look at the translation first" in refused.content.decode()

    assert "being made" in preview(dmitri, ticket, text="It left.", into="de", to_partner="1")
    make_reply_translation(draft_id=Draft.objects.get().pk, at=world.now, active=active)
    shown = dmitri.get(reverse("ticket-reply-preview", args=[ticket.pk])).content.decode()
    assert "[de] It left." in shown
    of = shown.partition('name="translation_of" value="')[2].partition('"')[0]

    changed = {"into": "de", "translation": "Sie ist raus. <b>", "translation_of": of}
    assert send(dmitri, ticket, text="It left long ago.", **changed).status_code == 422
    assert send(dmitri, ticket, text="It left.", **changed).status_code == 302
    sent = Message.objects.get(kind=MessageKind.REPLY)
    assert (sent.text, sent.language) == ("Sie ist raus. <b>", "de")

    shown = show(dmitri, ticket)
    assert "What was sent (German)" in shown
    assert "Sie ist raus. &lt;b&gt;" in shown


def test_a_failed_translation_holds_nothing_up(world: World, dmitri: Client, active: InUse) -> None:
    ticket, _ = german(world)
    preview(dmitri, ticket, text="It left.", into="de", to_partner="1")
    assert isinstance(active.translator, Machine)
    active.translator.fails = [TranslatorDown("HTTP 503")]
    make_reply_translation(draft_id=Draft.objects.get().pk, at=world.now, active=active)
    shown = show(dmitri, ticket)
    assert "does not answer" in shown
    assert "It left." in shown
    assert send(dmitri, ticket, text="It left.", into="").status_code == 302
    assert Message.objects.get(kind=MessageKind.REPLY).text == "It left."


@pytest.mark.parametrize(
    "odd", [{}, {"into": "xx"}, {"into": "de", "based_on": "9" * 40}, {"into": "de' --"}]
)
def test_odd_requests_translate_nothing(
    world: World, dmitri: Client, active: InUse, odd: dict[str, str]
) -> None:
    ticket, _ = german(world)
    preview(dmitri, ticket, text="It left.", **odd)
    assert not Draft.objects.exists()


def test_strangers_translate_nothing(world: World, client: Client, active: InUse) -> None:
    ticket, message = german(world)
    client.force_login(world.clara)
    assert client.post(reverse("message-translation", args=[message.pk])).status_code in (403, 404)
    assert client.post(reverse("ticket-reply-preview-ask", args=[ticket.pk])).status_code in (403, 404)
    assert not Translation.objects.exists()
