from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Absence, AgentProfile, BusinessCalendar, SlaPolicy, Ticket
from otklik.desk.operations.messages import reply
from otklik.desk.operations.routing import (
    note_presence,
    return_ignored,
    route_ticket,
    route_tickets,
    route_waiting,
    set_availability,
)
from otklik.desk.operations.tickets import assign, change_status
from otklik.desk.queries.routing import candidates
from otklik.desk.rules.vocabulary import Availability, TicketStatus
from otklik.desk.tests.operations.stories import SYSTEM, asked, told
from otklik.events.public import Actor
from otklik.identity.public import Team, User
from tests.world import World

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def takes_tickets(user: User, **facts: object) -> AgentProfile:
    given = {"languages": {"en": 3, "ru": 3}, "availability": Availability.ONLINE, **facts}
    return AgentProfile.objects.create(user=user, **given)


def test_a_ticket_finds_its_owner_and_says_why(world: World) -> None:
    takes_tickets(world.dmitri, seen_at=world.now)
    takes_tickets(world.anna, languages={"ru": 3})
    ticket = asked(world)
    assert route_ticket(ticket_id=ticket.pk, by=SYSTEM, at=world.now) == world.dmitri.pk
    ticket.refresh_from_db()
    assert (ticket.owner_id, ticket.owner_since, ticket.status) == (world.dmitri.pk, world.now, "new")
    data = told(ticket)[-1].data
    assert (data["reason"], data["ranked"][0]["agent"]) == ("routed", world.dmitri.pk)
    assert "online" in data["ranked"][0]["reasons"]
    assert data["ranked"][1] == {
        "agent": world.anna.pk,
        "points": data["ranked"][1]["points"],
        "reasons": data["ranked"][1]["reasons"],
        "excluded_by": ["language"],
    }
    assert AgentProfile.objects.get(user=world.dmitri).last_assigned_at == world.now


def test_the_partners_own_manager_comes_first(world: World) -> None:
    takes_tickets(world.dmitri, seen_at=world.now)
    takes_tickets(world.boris)
    ticket = asked(world)
    assert route_ticket(ticket_id=ticket.pk, by=SYSTEM, at=world.now) == world.boris.pk


def test_nobody_suitable_leaves_the_ticket_in_the_queue(world: World) -> None:
    ticket = asked(world)
    assert route_ticket(ticket_id=ticket.pk, by=SYSTEM, at=world.now) is None
    takes_tickets(world.dmitri, capacity=0)
    assert route_waiting(at=world.now) == 0
    AgentProfile.objects.update(capacity=5)
    assert route_waiting(at=world.now) == 1
    assert len(told(ticket, "ticket.owner_changed")) == 1


def test_work_is_spread_within_one_chunk(world: World) -> None:
    takes_tickets(world.dmitri)
    takes_tickets(world.anna)
    tickets = [asked(world) for _ in range(6)]
    owners = list(route_tickets([t.pk for t in tickets], by=SYSTEM, at=world.now).values())
    assert (owners.count(world.dmitri.pk), owners.count(world.anna.pk)) == (3, 3)


def test_who_took_it_meanwhile_keeps_it(world: World) -> None:
    takes_tickets(world.dmitri)
    ticket = asked(world)
    assign(ticket_id=ticket.pk, owner_id=world.anna.pk, by=Actor.person(world.anna.pk), at=world.now)
    assert route_ticket(ticket_id=ticket.pk, by=SYSTEM, at=world.now) is None
    ticket.refresh_from_db()
    assert ticket.owner_id == world.anna.pk


def test_the_same_person_gets_the_next_question_of_the_same_contact(world: World) -> None:
    takes_tickets(world.dmitri)
    takes_tickets(world.anna)
    first = asked(world)
    assign(ticket_id=first.pk, owner_id=world.anna.pk, by=SYSTEM, at=world.now)
    change_status(ticket_id=first.pk, status=TicketStatus.SOLVED, by=SYSTEM, at=world.now)
    assert route_ticket(ticket_id=asked(world).pk, by=SYSTEM, at=world.now) == world.anna.pk


def test_what_routing_knows_of_people(world: World) -> None:
    team = Team.objects.create(name="Money")
    team.members.add(world.dmitri)
    takes_tickets(world.dmitri, languages={}, hours={"mon": ["09:00-18:00"]}, seen_at=world.now)
    takes_tickets(world.anna, hours={"tue": ["09:00-18:00"]})
    takes_tickets(world.clara, takes_tickets=False)
    Absence.objects.create(
        user=world.anna, starts_at=world.now, ends_at=world.now + timedelta(days=7), created_at=world.now
    )
    waiting, working = asked(world, owner_id=world.dmitri.pk), asked(world, owner_id=world.dmitri.pk)
    change_status(ticket_id=waiting.pk, status=TicketStatus.WAITING, by=SYSTEM, at=world.now)
    found = {one.id: one for one in candidates(at=world.now)}
    assert set(found) == {world.dmitri.pk, world.anna.pk}
    dmitri, anna = found[world.dmitri.pk], found[world.anna.pk]
    assert (dmitri.teams, dmitri.languages, dmitri.load) == (frozenset({team.pk}), {"en": 3}, 1)
    assert (dmitri.in_hours, dmitri.presence, dmitri.absent_until) == (True, Availability.ONLINE, None)
    assert (anna.in_hours, anna.presence) == (False, Availability.OFFLINE)
    assert anna.absent_until == world.now + timedelta(days=7)
    assert working.owner_id == world.dmitri.pk


def test_the_number_of_statements_to_decide_does_not_grow(world: World) -> None:
    from otklik.desk.queries.routing import requests_for

    takes_tickets(world.dmitri)
    tickets = [asked(world) for _ in range(10)]

    def statements(count: int) -> int:
        ids = [t.pk for t in tickets[:count]]
        with CaptureQueriesContext(connection) as seen:
            requests_for(list(Ticket.objects.filter(pk__in=ids).select_related("partner")))
            candidates(at=world.now)
        return len(seen)

    assert statements(2) == statements(10)


# -- 81: assigned and silent ---------------------------------------------------------------------------


@pytest.fixture
def promised(world: World) -> SlaPolicy:
    calendar = BusinessCalendar.objects.create(name="Always", definition={}, created_at=world.now)
    return SlaPolicy.objects.create(
        name="All", calendar=calendar, return_after_minutes=30, created_at=world.now
    )


def given(world: World, policy: SlaPolicy, at: datetime) -> Ticket:
    ticket = asked(world, at=at, owner_id=world.dmitri.pk)
    Ticket.objects.filter(pk=ticket.pk).update(policy=policy)
    return ticket


def test_case_81_a_ticket_whose_owner_is_silent_goes_to_somebody_else(
    world: World, promised: SlaPolicy
) -> None:
    takes_tickets(world.dmitri)
    takes_tickets(world.anna)
    ticket = given(world, promised, world.now)
    assert return_ignored(at=world.now + 29 * MINUTE) == 0
    assert return_ignored(at=world.now + 30 * MINUTE) == 1
    ticket.refresh_from_db()
    assert ticket.owner_id == world.anna.pk
    reasons = [line.data["reason"] for line in told(ticket, "ticket.owner_changed")]
    assert reasons == ["ignored", "routed"]
    assert return_ignored(at=world.now + 60 * MINUTE) == 1
    ticket.refresh_from_db()
    assert ticket.owner_id is None, "both have ignored it: the queue is all that is left"


def test_case_81_an_answer_or_a_status_is_a_sign_of_life(world: World, promised: SlaPolicy) -> None:
    by = Actor.person(world.dmitri.pk)
    answered, moved = given(world, promised, world.now), given(world, promised, world.now)
    reply(ticket_id=answered.pk, text="I look into it.", by=by, at=world.now + MINUTE)
    change_status(ticket_id=moved.pk, status=TicketStatus.OPEN, by=by, at=world.now + MINUTE)
    assert return_ignored(at=world.now + timedelta(days=1)) == 0


def test_case_81_the_night_is_not_held_against_anybody(world: World, promised: SlaPolicy) -> None:
    takes_tickets(world.dmitri, hours={"mon": ["09:00-18:00"], "tue": ["09:00-18:00"]})
    ticket = given(world, promised, datetime(2026, 3, 2, 23, tzinfo=UTC))
    assert return_ignored(at=datetime(2026, 3, 3, 8, 59, tzinfo=UTC)) == 0
    assert return_ignored(at=datetime(2026, 3, 3, 9, 29, tzinfo=UTC)) == 0
    assert return_ignored(at=datetime(2026, 3, 3, 9, 30, tzinfo=UTC)) == 1
    ticket.refresh_from_db()
    assert ticket.owner_id is None


def test_case_81_without_a_promise_nothing_comes_back(world: World) -> None:
    asked(world, owner_id=world.dmitri.pk)
    assert return_ignored(at=world.now + timedelta(days=30)) == 0


def test_saying_that_one_is_there_does_not_yet_bring_tickets(world: World) -> None:
    profile = set_availability(user_id=world.dmitri.pk, availability=Availability.ONLINE, at=world.now)
    assert (profile.availability, profile.takes_tickets) == ("online", False)
    takes_tickets(world.anna)
    again = set_availability(user_id=world.anna.pk, availability=Availability.AWAY, at=world.now)
    assert (again.availability, again.takes_tickets) == ("away", True)


def test_an_open_page_is_noted_once_a_minute(world: World) -> None:
    takes_tickets(world.dmitri)
    for seconds, noted in ((0, 0), (30, 0), (61, 61)):
        note_presence(user_id=world.dmitri.pk, at=world.now + timedelta(seconds=seconds))
        assert AgentProfile.objects.get().seen_at == world.now + timedelta(seconds=noted)
