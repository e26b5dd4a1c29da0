"""Merging, splitting and asking others keep what was promised."""

from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.desk.models import BusinessCalendar, CalendarVersion, Clock, SlaPolicy, SlaTarget, Ticket
from otklik.desk.operations.merging import merge_tickets
from otklik.desk.operations.splitting import split_ticket
from otklik.desk.operations.sub_requests import answer_sub_request, ask_department
from otklik.desk.tests.sides.cast import ask, dmitri, partner_says
from otklik.identity.models import Team
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def promised(db: None) -> SlaPolicy:
    """Round the clock: an hour to the first answer, eight to the end, two for other departments."""
    definition = {"zone": "UTC", "weekly": {"mon-sun": ["00:00-24:00"]}}
    calendar = BusinessCalendar.objects.create(name="Always", definition=definition, created_at=NOW)
    CalendarVersion.objects.create(calendar=calendar, version=1, definition=definition, since=NOW)
    policy = SlaPolicy.objects.create(name="All", calendar=calendar, created_at=NOW)
    for kind, minutes in (("first_response", 60), ("resolution", 480), ("sub_request", 120)):
        SlaTarget.objects.create(policy=policy, kind=kind, minutes=minutes)
    return policy


def clocks(ticket: Ticket) -> dict[str, tuple[str, object]]:
    rows = Clock.objects.filter(ticket=ticket).order_by("pk")
    return {clock.kind: (clock.state, clock.due_at) for clock in rows}


def test_case_72_the_earliest_promise_of_two_merged_tickets_holds(world: World) -> None:
    early, late = ask(world, at=NOW), ask(world, at=NOW + HOUR / 2)
    assert clocks(late)["first_response"] == ("running", NOW + 1.5 * HOUR)
    merge_tickets(source_id=early.pk, target_id=late.pk, by=dmitri(world), at=NOW + HOUR * 3 / 4)
    found = clocks(late)
    assert found["first_response"] == ("running", NOW + HOUR)
    assert found["resolution"] == ("running", NOW + 8 * HOUR)
    assert {state for state, _ in clocks(early).values()} == {"cancelled"}
    late.refresh_from_db()
    assert late.due_at == NOW + HOUR


def test_a_question_to_others_has_a_clock_of_its_own_and_stops_no_other(world: World) -> None:
    ticket = ask(world)
    traffic = Team.objects.create(name="Traffic")
    asked = ask_department(
        ticket_id=ticket.pk,
        team_id=traffic.pk,
        question="?",
        put_on_hold=True,
        by=dmitri(world),
        at=NOW + HOUR / 2,
    )
    assert asked.due_at == NOW + 2.5 * HOUR
    found = clocks(ticket)
    assert found["sub_request"] == ("running", NOW + 2.5 * HOUR)
    # That we wait for each other is our own business.
    assert found["resolution"] == ("running", NOW + 8 * HOUR)
    answer_sub_request(sub_request_id=asked.pk, answer="!", by=dmitri(world), at=NOW + HOUR)
    assert clocks(ticket)["sub_request"][0] == "met"
    hurried = ask_department(
        ticket_id=ticket.pk,
        team_id=traffic.pk,
        question="?",
        minutes=30,
        by=dmitri(world),
        at=NOW + HOUR,
    )
    assert hurried.due_at == NOW + 1.5 * HOUR


def test_a_question_moves_to_the_survivor_with_its_deadline(world: World) -> None:
    source, target = ask(world), ask(world)
    asked = ask_department(
        ticket_id=source.pk,
        team_id=Team.objects.create(name="Traffic").pk,
        question="?",
        by=dmitri(world),
        at=NOW,
    )
    merge_tickets(source_id=source.pk, target_id=target.pk, by=dmitri(world), at=NOW + HOUR)
    assert clocks(target)["sub_request"] == ("running", NOW + 2 * HOUR)
    answer_sub_request(sub_request_id=asked.pk, answer="!", by=dmitri(world), at=NOW + HOUR)
    assert clocks(target)["sub_request"][0] == "met"


def test_what_is_split_off_was_promised_when_it_came(world: World) -> None:
    ticket = ask(world)
    said = partner_says(world, ticket, "And another thing", at=NOW + HOUR / 2)
    new = split_ticket(
        ticket_id=ticket.pk, message_ids=[said.pk], subject="Another", by=dmitri(world), at=NOW + HOUR
    )
    assert clocks(new)["first_response"] == ("running", NOW + 1.5 * HOUR)
