"""What stands beside a ticket is asked for once, and only what there is in full."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from otklik.desk.models import (
    Callback,
    Draft,
    Follower,
    Mention,
    Message,
    Rating,
    SubRequest,
    Tag,
    Ticket,
    TicketLink,
    TicketTag,
    TranslationSettings,
    Viewing,
)
from otklik.desk.queries.beside import Beside, what_stands_beside
from otklik.desk.rules.vocabulary import LinkKind
from otklik.desk.tests.test_query_plans import plans
from otklik.desk.tests.web.test_inbox import ticket
from otklik.identity.public import Team
from otklik.kit.clock import now
from tests.world import World

pytestmark = pytest.mark.django_db


def put_everything_beside(found: Ticket, world: World) -> None:
    at, me, other = world.now, world.dmitri, world.anna
    newest = Message.objects.filter(ticket=found).latest("pk")
    Follower.objects.create(ticket=found, user=other, since=at)
    TicketTag.objects.create(ticket=found, tag=Tag.objects.create(name="bank"))
    Rating.objects.create(ticket=found, value=4, comment="Quick", at=at)
    team = Team.objects.create(name="Finance")
    SubRequest.objects.create(ticket=found, team=team, question="When does it leave?", asked_at=at)
    Callback.objects.create(ticket=found, phone="+7 912 000-00-00", due_at=at, asked_at=at)
    TicketLink.objects.create(source=ticket(world, "Before"), target=found, kind=LinkKind.RELATED, at=at)
    Draft.objects.create(ticket=found, user=me, text="It left", saved_at=at)
    Viewing.objects.create(ticket=found, user=other, seen_at=at)
    Mention.objects.create(message=newest, user=me)
    TranslationSettings.objects.create()
    Ticket.objects.filter(pk=ticket(world, "Merged away").pk).update(merged_into=found)


def test_everything_that_stands_beside_a_ticket_is_found_and_nothing_else(world: World) -> None:
    found, bare = ticket(world), ticket(world)
    assert what_stands_beside(found.pk, world.dmitri.pk) == frozenset()

    put_everything_beside(found, world)

    assert what_stands_beside(found.pk, world.dmitri.pk) == frozenset(Beside)
    assert what_stands_beside(bare.pk, world.dmitri.pk) == {Beside.TRANSLATOR}
    own = {Beside.DRAFT, Beside.MENTIONS}
    assert what_stands_beside(found.pk, world.root.pk) == frozenset(Beside) - own


def test_all_of_it_is_on_the_page(world: World, client: Client) -> None:
    found = ticket(world)
    put_everything_beside(found, world)
    Viewing.objects.update(seen_at=now())
    client.force_login(world.dmitri)

    shown = client.get(reverse("ticket", args=[found.pk])).content.decode()

    said = ("Anna Head", "bank", "4 / 5", "When does it leave?", "+7 912 000-00-00", "Before", "It left")
    assert [text for text in said if text not in shown] == []
    assert "is reading this ticket too" in shown
    assert Mention.objects.get().seen_at is not None


def test_a_look_at_a_ticket_writes_nothing(world: World, client: Client) -> None:
    found = ticket(world)
    client.force_login(world.dmitri)
    address = reverse("ticket", args=[found.pk])
    client.get(address)  # the first look notes the open tab

    with CaptureQueriesContext(connection) as seen:
        client.get(address)

    assert [query["sql"] for query in seen if not query["sql"].startswith("SELECT")] == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the rows there are")
def test_no_table_is_read_through_for_it(world: World) -> None:
    plan = plans(lambda: what_stands_beside(1, 1))
    assert "INDEX" in plan
    assert [
        line for line in plan.splitlines() if line.startswith("SCAN") and "CONSTANT ROW" not in line
    ] == []
