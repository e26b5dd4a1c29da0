"""Other departments are asked; one person goes on answering to the partner."""

from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.desk.access import answerable_tickets, visible_tickets
from otklik.desk.models import DepartmentStay, SubRequest, Ticket
from otklik.desk.operations.stays import note_team
from otklik.desk.operations.sub_requests import (
    AlreadySettled,
    NothingSaid,
    SameDepartment,
    answer_sub_request,
    ask_department,
    cancel_sub_request,
    hand_on_sub_request,
)
from otklik.desk.queries.sides import conversation_for
from otklik.desk.rules.vocabulary import Side
from otklik.desk.tests.sides.cast import LATER, ask, dmitri
from otklik.events.public import timeline
from otklik.identity.models import Team
from otklik.identity.rules.roles import Role
from tests.world import NOW, World, make_user

pytestmark = pytest.mark.django_db


def question(world: World, ticket: Ticket, team: Team, **facts: object) -> SubRequest:
    given = {"question": "Are these clicks real?", "by": dmitri(world), "at": NOW}
    return ask_department(ticket_id=ticket.pk, team_id=team.pk, **{**given, **facts})  # type: ignore[arg-type]


def test_the_owner_stays_and_the_asked_department_sees_and_answers(world: World) -> None:
    traffic = Team.objects.create(name="Traffic")
    olga = make_user("olga@example.com", "Olga Traffic", Role.TRAFFIC_OFFICER)
    ticket = ask(world, owner_id=world.dmitri.pk)
    assert ticket not in visible_tickets(olga)
    asked = question(world, ticket, traffic, put_on_hold=True)
    traffic.members.add(olga)
    assert ticket in answerable_tickets(olga)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.owner_id) == ("on_hold", world.dmitri.pk)
    answer_sub_request(sub_request_id=asked.pk, answer="Bots.", by=dmitri(world), at=LATER)
    ticket.refresh_from_db()
    asked.refresh_from_db()
    assert (ticket.status, ticket.owner_id) == ("open", world.dmitri.pk)
    assert (asked.state, asked.answer, asked.answered_at) == ("answered", "Bots.", LATER)
    # Neither the question nor the answer is anything the partner reads.
    assert [said.text for said in conversation_for(Side.PARTNER, ticket)] == ["Where is our payout?"]
    assert [line.kind for line in timeline("ticket", ticket.pk)][:4] == [
        "ticket.status_changed",
        "ticket.sub_request_answered",
        "ticket.status_changed",
        "ticket.sub_request_asked",
    ]


def test_the_ticket_stays_on_hold_while_anything_is_asked(world: World) -> None:
    ticket = ask(world)
    first = question(world, ticket, Team.objects.create(name="Traffic"), put_on_hold=True)
    second = question(world, ticket, Team.objects.create(name="Finance"))
    cancel_sub_request(sub_request_id=first.pk, by=dmitri(world), at=LATER)
    ticket.refresh_from_db()
    assert ticket.status == "on_hold"
    cancel_sub_request(sub_request_id=second.pk, by=dmitri(world), at=LATER)
    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_a_question_is_answered_once_and_asked_once(world: World) -> None:
    traffic = Team.objects.create(name="Traffic")
    ticket = ask(world)
    asked = question(world, ticket, traffic)
    with pytest.raises(SameDepartment):
        question(world, ticket, traffic)
    with pytest.raises(NothingSaid):
        answer_sub_request(sub_request_id=asked.pk, answer="  ", by=dmitri(world), at=LATER)
    answer_sub_request(sub_request_id=asked.pk, answer="Yes", by=dmitri(world), at=LATER)
    with pytest.raises(AlreadySettled):
        answer_sub_request(sub_request_id=asked.pk, answer="No", by=dmitri(world), at=LATER)


def test_a_department_hands_the_question_on_to_one_that_knows(world: World) -> None:
    traffic, finance = Team.objects.create(name="Traffic"), Team.objects.create(name="Finance")
    ticket = ask(world)
    asked = question(world, ticket, traffic, put_on_hold=True, minutes=60)
    following = hand_on_sub_request(
        sub_request_id=asked.pk, team_id=finance.pk, remark="Ask the money people", by=dmitri(world), at=LATER
    )
    ticket.refresh_from_db()
    assert (following.team_id, following.question, following.minutes) == (finance.pk, asked.question, 60)
    assert ticket.status == "on_hold"


def test_departments_that_throw_a_ticket_back_and_forth_are_seen(world: World) -> None:
    support, traffic = Team.objects.create(name="Support"), Team.objects.create(name="Traffic")
    ticket = ask(world, team_id=support.pk)
    for hours, team in ((1, traffic), (2, support), (5, traffic)):
        note_team(ticket, team.pk, at=NOW + timedelta(hours=hours))
        ticket.team_id = team.pk
    stays = [
        (stay.team_id, (stay.left_at or NOW) - stay.entered_at, stay.came_back)
        for stay in DepartmentStay.objects.order_by("pk")[:3]
    ]
    assert stays == [
        (support.pk, timedelta(hours=1), False),
        (traffic.pk, timedelta(hours=1), False),
        (support.pk, timedelta(hours=3), True),
    ]
    assert DepartmentStay.objects.filter(left_at=None).get().came_back


def test_a_second_question_to_the_same_department_is_ping_pong(world: World) -> None:
    traffic = Team.objects.create(name="Traffic")
    ticket = ask(world)
    for _turn in range(2):
        asked = question(world, ticket, traffic)
        answer_sub_request(sub_request_id=asked.pk, answer="?", by=dmitri(world), at=LATER)
    stays = DepartmentStay.objects.order_by("pk").values_list("came_back", "left_at")
    assert list(stays) == [(False, LATER), (True, LATER)]
