"""Who comes back is told what is with others, and takes it back by one click; nothing moves by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from otklik.desk.models import AgentProfile, Ticket
from otklik.desk.operations.absences import begin_due_absences
from otklik.desk.operations.coming_back import end_due_absences, take_back
from otklik.desk.operations.tickets import assign
from otklik.desk.queries.absences import with_others
from otklik.desk.tests.sides.cast import LATER, ask, dmitri
from otklik.desk.tests.sides.test_absences import WEEK, away, owner_of
from otklik.desk.web.steps import owner_choices
from otklik.events.public import Actor, timeline
from otklik.jobs.models import OutgoingMail
from otklik.kit.mail import Message as Mail
from otklik.partners.models import Partner
from tests.world import World

pytestmark = pytest.mark.django_db
BACK = LATER + WEEK + timedelta(minutes=1)


def mails() -> dict[str, Mail]:
    found = [row.as_message() for row in OutgoingMail.objects.filter(key__startswith="desk-back:")]
    return {mail.to: mail for mail in found}


def test_both_are_told_once_what_is_still_with_the_deputy(world: World) -> None:
    kept, moved = ask(world, owner_id=world.boris.pk), ask(world, owner_id=world.boris.pk)
    absence = away(world, world.boris, world.clara)
    begin_due_absences(at=LATER)
    assign(ticket_id=moved.pk, owner_id=world.dmitri.pk, by=dmitri(world), at=LATER + timedelta(hours=1))
    assert end_due_absences(at=LATER + timedelta(days=1)) == 0, "they are away still"

    assert (end_due_absences(at=BACK), end_due_absences(at=BACK + timedelta(minutes=5))) == (1, 0)

    told = mails()
    assert set(told) == {world.boris.email, world.clara.email}
    mine = told[world.boris.email].text
    assert f"#{kept.pk}" in mine
    assert f"#{moved.pk}" not in mine, "somebody has moved it since"
    assert "Partners: Aurora" in mine
    assert f"/my-desk/absences/{absence.pk}/" in mine
    assert "Boris Manager is back" in told[world.clara.email].subject
    assert owner_of(kept) == world.clara.pk, "nothing moves by itself"


def test_one_click_takes_it_back(world: World, client: Client) -> None:
    taken, left = ask(world, owner_id=world.boris.pk), ask(world, owner_id=world.boris.pk)
    absence = away(world, world.boris, world.clara)
    begin_due_absences(at=LATER)
    client.force_login(world.boris)
    url = reverse("absence-end", args=[absence.pk])
    assert client.get(url).content.decode().count("checked") == 3

    answer = client.post(url, {"ticket": [taken.pk], "partner": [world.aurora.pk]}, follow=True)

    assert "1 ticket is yours again." in answer.content.decode()
    assert (owner_of(taken), owner_of(left)) == (world.boris.pk, world.clara.pk)
    assert Partner.objects.get(pk=world.aurora.pk).manager_id == world.boris.pk
    reasons = [line.data["reason"] for line in timeline("ticket", taken.pk) if "reason" in line.data]
    assert reasons[0] == "back"
    assert client.get(url).content.decode().count("checked") == 1


def test_what_routing_shared_out_comes_back_too(world: World) -> None:
    found = ask(world, owner_id=world.boris.pk)
    AgentProfile.objects.create(user=world.dmitri, languages={"en": 3})
    absence = away(world, world.boris, None)
    begin_due_absences(at=LATER)
    assert owner_of(found) == world.dmitri.pk
    absence.refresh_from_db()
    assert [ticket.pk for ticket in with_others(absence).tickets] == [found.pk]


def test_what_ended_or_moved_meanwhile_stays(world: World) -> None:
    found = ask(world, owner_id=world.boris.pk)
    absence = away(world, world.boris, world.clara)
    begin_due_absences(at=LATER)
    Ticket.objects.filter(pk=found.pk).update(status="closed", is_open=False)
    by = Actor.person(world.boris.pk)
    assert take_back(
        absence_id=absence.pk, ticket_ids=[found.pk], partner_ids=[world.borealis.pk], by=by, at=BACK
    ) == (0, 0)
    assert owner_of(found) == world.clara.pk


def test_the_page_is_of_ones_own_absence_alone(world: World, client: Client) -> None:
    absence = away(world, world.boris, world.clara)
    url = reverse("absence-end", args=[absence.pk])
    client.force_login(world.boris)
    assert client.get(url).status_code == 404, "it has not begun"
    begin_due_absences(at=LATER)
    assert client.get(url).status_code == 200
    client.force_login(world.clara)
    assert client.get(url).status_code == 404


def test_colleagues_see_who_is_away_and_that_they_are_back(world: World) -> None:
    away(world, world.boris, world.clara)
    assert (world.boris.pk, "Boris Manager (away)") in owner_choices(LATER)
    assert (world.boris.pk, "Boris Manager") in owner_choices(BACK)
