"""A partner's person reads what we wrote in their own language, and nothing more than they may read."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.models import Message, Translation, TranslationSettings
from otklik.desk.operations.messages import reply, write_note
from otklik.desk.rules.vocabulary import MessageKind
from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.portal.tests.people import sign_in
from otklik.portal.tests.test_matters import ticket_of
from tests.world import World

pytestmark = pytest.mark.django_db


def asked(client: Client, ticket_id: int, message_id: int) -> int:
    return client.post(reverse("portal-matter-translate", args=[ticket_id, message_id])).status_code


def test_an_answer_in_another_alphabet_is_translated_once_and_only_for_its_readers(
    world: World, client: Client
) -> None:
    TranslationSettings.objects.create(is_active=True, key="secret:fx")
    ticket, by = ticket_of(world.vera), Actor.person(world.dmitri.pk)
    sent = reply(ticket_id=ticket.pk, text="Выплата ушла вчера, всё в порядке.", by=by, at=now())
    Message.objects.filter(pk=sent.pk).update(language="ru", language_probability=0.99)
    note = write_note(ticket_id=ticket.pk, text="Внутри: подождите до пятницы.", by=by, at=now())
    sign_in(client, world.vera)
    page = reverse("portal-matter", args=[ticket.pk])
    offered = reverse("portal-matter-translate", args=[ticket.pk, sent.pk])
    assert offered in client.get(page).content.decode()

    assert asked(client, ticket.pk, note.pk) == 404
    assert asked(client, ticket_of(world.vera).pk, sent.pk) == 404
    assert asked(client, ticket.pk, sent.pk) == 302
    assert asked(client, ticket.pk, sent.pk) == 302
    row = Translation.objects.get()
    assert (row.message_id, row.language) == (sent.pk, "en")
    assert "being made" in client.get(page).content.decode()

    Translation.objects.update(state="made", text="The payout left <yesterday>.")
    shown = client.get(page).content.decode()
    assert "The payout left &lt;yesterday&gt;." in shown
    assert "Выплата ушла вчера" in shown
    assert offered not in shown
    assert Message.objects.filter(kind=MessageKind.REPLY).count() == 1
