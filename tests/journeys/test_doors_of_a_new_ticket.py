"""A ticket begun by a program, by a colleague, and by somebody outside: what each door asks the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from otklik.api.operations.tokens import create_token
from otklik.api.rules.scopes import Scope
from otklik.desk.models import Ticket, Topic, WebForm
from otklik.desk.tests.clocks.promised import a_calendar, a_policy
from otklik.desk.tests.doors.visitors import a_topic, asks, web_form
from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.partners.models import Address, Contact, Partner
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
number = count()


def by_rest(world: World) -> Callable[[], Any]:
    _, secret = create_token(
        owner=world.anna, name="crm", scopes=[Scope.TICKETS_WRITE], expires_at=now() + timedelta(days=1),
        by=SYSTEM, at=now(),
    )  # fmt: skip
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    body = {"program": world.program.slug, "text": "Where is it?", "contact_id": world.vera.pk}
    return lambda: client.post("/api/v1/tickets", body, content_type="application/json")


def by_staff(world: World) -> Callable[[], Any]:
    client = Client()
    client.force_login(world.anna)
    body = {
        "kind": "asked", "program": world.program.pk, "subject": "Payout", "text": "Where is it?",
        "partner": "aurora", "contact": "vera@aurora.example",
    }  # fmt: skip
    return lambda: client.post("/tickets/new/", {**body, "partner": world.aurora.name})


def by_anybody(world: World) -> Callable[[], Any]:
    topic = a_topic(web_form(world))
    return lambda: asks(Client(), subject=f"Payout {next(number)}", topic=topic.pk)


DOORS = [by_rest, by_staff, by_anybody]
# Savepoints among them, and the notice that PostgreSQL gives to open pages. A door that asks for more than it
# did costs everybody who comes through it.
MOST = {by_rest: 26, by_staff: 28, by_anybody: 32}


def statements(begin: Callable[[], Any]) -> list[str]:
    before = Ticket.objects.count()
    with CaptureQueriesContext(connection) as seen:
        answer = begin()
    assert answer.status_code in (201, 302), answer.content
    assert Ticket.objects.count() == before + 1
    return [query["sql"] for query in seen.captured_queries]


def a_larger_house(world: World) -> None:
    calendar = a_calendar(name="Another")
    for one in range(5):
        a_policy(calendar, name=f"Policy {one}", tiers=[f"tier {one}"])
        Partner.objects.create(program=world.program, name=f"Partner {one}", created_at=NOW)
        someone = Contact.objects.create(partner=world.aurora, name=f"Colleague {one}", created_at=NOW)
        for place in range(3):
            value = f"c{one}.{place}@aurora.example"
            Address.objects.create(contact=someone, kind="email", value=value, normalised=value)
            Address.objects.create(
                contact=world.vera, kind="email", value=f"v{value}", normalised=f"v{value}"
            )
        topic = Topic.objects.create(key=f"topic-{one}", names={"en": f"Topic {one}"})
        for page in WebForm.objects.all():
            page.topics.add(topic)


@pytest.mark.parametrize("door", DOORS)
def test_a_door_asks_as_often_however_much_there_is(
    world: World, door: Callable[[World], Callable[[], Any]]
) -> None:
    a_policy()
    begin = door(world)
    begin()
    few = statements(begin)
    a_larger_house(world)
    many = statements(begin)
    assert len(few) == len(many), set(many) ^ set(few)
    assert len(few) <= MOST[door]


@pytest.mark.parametrize("door", DOORS)
def test_a_ticket_of_any_door_has_the_promise_and_the_contact(
    world: World, door: Callable[[World], Callable[[], Any]]
) -> None:
    policy = a_policy()
    door(world)()
    ticket = Ticket.objects.get()
    assert (ticket.contact_id, ticket.partner_id) == (world.vera.pk, world.aurora.pk)
    assert (ticket.requester_address, ticket.policy_id) == ("vera@aurora.example", policy.pk)
    assert ticket.next_due_kind == "first_response"
