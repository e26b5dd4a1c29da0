"""Only steps that will be taken are offered; one that is refused says what stood in the way."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.models import Macro, Message, Ticket
from otklik.desk.rules.vocabulary import MessageKind, TicketStatus
from otklik.desk.tests.web.test_inbox import ticket
from otklik.desk.tests.web.test_ticket_page import show, write
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def dmitri(world: World, client: Client) -> Client:
    client.force_login(world.dmitri)
    return client


def standing(world: World, status: TicketStatus) -> Ticket:
    found = ticket(world)
    found.change_status(status, at=world.now)
    found.save()
    return found


def offered(html: str, select: str) -> list[str]:
    inside = html.partition(f'id="{select}"')[2].partition("</select>")[0]
    return re.findall(r'<option value="([^"]*)"', inside)


@pytest.mark.parametrize(
    ("status", "steps"),
    [
        (TicketStatus.NEW, ["new", "open", "waiting", "on_hold", "solved", "closed"]),
        (TicketStatus.WAITING, ["waiting", "open", "on_hold", "solved", "closed"]),
        (TicketStatus.CLOSED, ["closed", "open"]),
    ],
)
def test_the_page_offers_the_steps_from_the_present_status(
    world: World, dmitri: Client, status: TicketStatus, steps: list[str]
) -> None:
    assert offered(show(dmitri, standing(world, status)), "fact-status") == steps


def test_a_refused_step_says_where_the_ticket_may_go(world: World, dmitri: Client) -> None:
    found = standing(world, TicketStatus.CLOSED)

    answer = dmitri.post(reverse("ticket-status", args=[found.pk]), {"status": "waiting"}, follow=True)

    assert "The ticket is “closed”: from there it can only become “in work”." in answer.content.decode()


def test_a_reply_into_a_closed_ticket_opens_it(world: World, dmitri: Client) -> None:
    found = standing(world, TicketStatus.CLOSED)
    assert offered(show(dmitri, found), "status-after") == ["open"]

    write(dmitri, found, text="One thing more.", status_after="open")

    found.refresh_from_db()
    assert found.status == TicketStatus.OPEN
    assert Message.objects.filter(kind=MessageKind.REPLY).count() == 1


def test_a_reply_into_a_solved_ticket_may_open_it(world: World, dmitri: Client) -> None:
    found = standing(world, TicketStatus.SOLVED)
    assert offered(show(dmitri, found), "status-after") == ["", "waiting", "solved", "on_hold", "open"]


def test_many_at_once_are_told_apart_by_what_stood_in_the_way(world: World, dmitri: Client) -> None:
    fits, closed = standing(world, TicketStatus.OPEN), standing(world, TicketStatus.CLOSED)
    assert "new" not in re.findall(
        r'value="(\w+)"',
        dmitri.get(reverse("inbox") + "?view=all")
        .content.decode()
        .partition('data-bulk-select="status"')[2]
        .partition("</select>")[0],
    )

    posted = {"action": "status", "value": "waiting", "ticket": [fits.pk, closed.pk]}
    said = dmitri.post(reverse("inbox-bulk"), posted, follow=True).content.decode()

    assert "1 ticket changed." in said
    assert f"1 ticket stayed as it was (#{closed.pk}): the present status does not lead there." in said


def test_a_macro_says_at_which_step_it_stopped_and_why(world: World, dmitri: Client) -> None:
    found = standing(world, TicketStatus.CLOSED)
    steps = [{"do": "add_tag", "value": "late"}, {"do": "set_status", "value": "waiting"}]
    macro = Macro.objects.create(name="Nudge", actions=steps, created_at=world.now)

    said = dmitri.post(reverse("ticket-macro", args=[found.pk, macro.pk]), follow=True).content.decode()

    assert "“Nudge” stopped at “Set the status”: the ticket&#x27;s status did not lead there." in said
    assert not found.tags.exists()
