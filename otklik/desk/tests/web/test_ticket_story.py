"""What the page tells of a ticket's way: where it lay, who is at it, who its writer may be."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.models import Message, Ticket, Viewing
from otklik.desk.operations.sub_requests import answer_sub_request, ask_department
from otklik.desk.operations.tickets import change_status, change_team
from otklik.desk.queries.dwell import dwell_of
from otklik.desk.rules.vocabulary import TicketStatus
from otklik.desk.tests.doors.visitors import asks, web_form
from otklik.desk.tests.sides.cast import ask, dmitri, stranger_asks
from otklik.desk.tests.web.test_ticket_page import show
from otklik.identity.models import Team
from otklik.partners.public import AddressKind, add_address
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(world: World, client: Client) -> Client:
    client.force_login(world.dmitri)
    return client


def hour(number: float) -> datetime:
    return NOW + timedelta(hours=number)


def test_the_history_says_where_a_ticket_lay_and_how_often_it_came_back(world: World, agent: Client) -> None:
    by = dmitri(world)
    support, finance = Team.objects.create(name="Support"), Team.objects.create(name="Finance")
    found = ask(world, team_id=support.pk)
    asked = ask_department(ticket_id=found.pk, team_id=finance.pk, question="Paid?", by=by, at=hour(1))
    answer_sub_request(sub_request_id=asked.pk, answer="Yes", by=by, at=hour(3))
    change_team(ticket_id=found.pk, team_id=finance.pk, by=by, at=hour(4))
    change_team(ticket_id=found.pk, team_id=support.pk, by=by, at=hour(6))
    change_status(ticket_id=found.pk, status=TicketStatus.SOLVED, by=by, at=hour(7))

    dwell = dwell_of(Ticket.objects.get(pk=found.pk), at=hour(100))

    assert [(t.name, t.held, t.asked) for t in dwell.teams] == [
        ("Finance", timedelta(hours=2), timedelta(hours=2)),
        ("Support", timedelta(hours=3), timedelta(0)),
    ]
    assert dwell.ping_pong == 1
    told = agent.get(reverse("ticket-history", args=[found.pk])).content.decode()
    assert "its answer was awaited for 2 h 0 min" in told
    assert "It came back to where it had been 1 time." in told


def test_a_ticket_that_is_worked_on_lies_somewhere_until_now(world: World) -> None:
    support = Team.objects.create(name="Support")
    found = ask(world, team_id=support.pk)
    assert [team.held for team in dwell_of(found, at=hour(5)).teams] == [timedelta(hours=5)]


def test_case_76_who_leaves_the_page_is_gone_at_once(world: World, agent: Client) -> None:
    found = ask(world)
    url = reverse("ticket-viewing", args=[found.pk])
    agent.post(url, {"writing": "1"})
    assert Viewing.objects.get().user == world.dmitri

    assert agent.post(url, {"left": "1"}).status_code == 204

    assert not Viewing.objects.exists()


def test_people_at_the_same_domain_are_offered_to_choose_from(world: World, agent: Client) -> None:
    add_address(
        contact_id=world.vera.pk,
        kind=AddressKind.EMAIL,
        value="v.orlova@aurora.example",
        by=dmitri(world),
        at=NOW,
    )
    found = stranger_asks(world, "new.colleague@aurora.example")
    url = reverse("ticket-partner", args=[found.pk])
    assert f'name="partner" value="{world.aurora.name}"' in agent.get(url).content.decode()
    for address in ("somebody@gmail.com", "somebody@nowhere.example"):
        other = stranger_asks(world, address)
        page = agent.get(reverse("ticket-partner", args=[other.pk])).content.decode()
        assert 'name="partner" value="Aurora"' not in page

    agent.post(url, {"partner": world.aurora.name})

    found.refresh_from_db()
    assert found.partner == world.aurora


def test_what_only_a_form_says_is_marked_and_a_mail_is_not(world: World, agent: Client) -> None:
    web_form(world)
    asks(Client())
    typed = Message.objects.get().ticket

    assert "The address was typed into a form: nothing proves it." in show(agent, typed)
    assert "typed into a form" not in show(agent, ask(world))
