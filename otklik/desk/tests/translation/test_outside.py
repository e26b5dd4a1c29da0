"""The partner reads the translation, and what was written is below it or one tap away; nobody else's is."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.models import MailCopy, Message, Ticket
from otklik.desk.operations.delivery import prepare_messages
from otklik.desk.operations.mailing import mail_for, recipients_of
from otklik.desk.operations.messages import reply
from otklik.desk.operations.returning import take_back
from otklik.desk.queries.doors import key_for
from otklik.desk.queries.translations import readings_for
from otklik.desk.rules.vocabulary import Side
from otklik.desk.tests.translation.test_translating import german
from otklik.events.public import Actor
from tests.world import World

pytestmark = pytest.mark.django_db


def answered(world: World, *, hold: int = 0) -> tuple[Ticket, Message]:
    ticket, _ = german(world)
    sent = reply(
        ticket_id=ticket.pk,
        text="Sie ist raus.",
        language="de",
        original="Она <b>ушла</b>.",
        original_language="ru",
        hold_seconds=hold,
        by=Actor.person(world.dmitri.pk),
        at=world.now,
    )
    return ticket, sent


def test_the_mail_carries_the_translation_with_the_original_below(world: World) -> None:
    _, sent = answered(world)
    prepare_messages(message_ids=[sent.pk], at=world.now)
    copy = MailCopy.objects.select_related("message__ticket", "mailbox", "message__author").get()
    people = recipients_of(copy.message)[Side.PARTNER]
    with mail_for(copy, people, at=world.now) as mail:
        body = mail.get_body(("plain",))
        assert body is not None
        text = body.get_content()
    assert text.startswith("Sie ist raus.")
    assert "Original (Russian):\n\nОна <b>ушла</b>." in text.replace("\r\n", "\n")


def test_the_status_page_keeps_the_original_one_tap_away(world: World, client: Client) -> None:
    ticket, _ = answered(world)
    shown = client.get(reverse("public-ticket", args=[key_for(Side.PARTNER, ticket)])).content.decode()
    assert "Sie ist raus." in shown
    assert "Original (Russian)" in shown
    assert "Она &lt;b&gt;ушла&lt;/b&gt;." in shown


def test_a_translation_is_seen_exactly_where_its_message_is(world: World) -> None:
    ticket, sent = answered(world, hold=10)
    assert readings_for(Side.PARTNER, ticket, [sent.pk], language="de") == {}, "it has not left yet"
    take_back(message_id=sent.pk, by=Actor.person(world.dmitri.pk), at=world.now)
    assert readings_for(Side.PARTNER, ticket, [sent.pk], language="de") == {}

    ticket, sent = answered(world)
    assert readings_for(Side.PARTNER, ticket, [sent.pk], language="de")[sent.pk].other == "Она <b>ушла</b>."
    assert readings_for(Side.CUSTOMER, ticket, [sent.pk], language="de") == {}
    other, _ = german(world)
    assert readings_for(Side.PARTNER, other, [sent.pk], language="de") == {}
