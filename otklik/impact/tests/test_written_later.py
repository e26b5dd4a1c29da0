"""A row is what it was: written at once or long after, with however much in between."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import AgentProfile, SlaTarget
from otklik.desk.operations.sla_notices import send_due_notices
from otklik.desk.public import (
    Priority,
    Ticket,
    TicketStatus,
    Topic,
    assign,
    change_status,
    change_team,
    reply,
    set_language,
    set_priority,
    set_topic,
)
from otklik.desk.tests.clocks.promised import a_policy, at, clock
from otklik.desk.tests.operations.stories import SYSTEM, asked, wrote
from otklik.desk.tests.test_query_plans import plans
from otklik.events.public import Actor
from otklik.identity.models import Team
from otklik.impact.queries.exposures import exposure_rows
from otklik.impact.tests.test_exposure_rows import answered, row_of
from otklik.partners.public import assign_manager, merge_partners
from otklik.payouts.models import Hold, Payout
from otklik.payouts.public import PayoutProblem, PayoutState, mark_failed
from otklik.payouts.tests.office import earned
from tests.world import World

pytestmark = pytest.mark.django_db
MOMENT = at(12, "12:00")


@pytest.fixture
def lived(world: World) -> list[Ticket]:
    """Until the 12th: one ticket handed over and answered late by somebody who knows no Russian, one solved
    without an answer and opened again, one with a promise that is still good."""
    a_policy()
    AgentProfile.objects.create(user=world.dmitri, languages={"en": 3})
    topic, team = Topic.objects.create(key="payouts"), Team.objects.create(name="Finance")
    tickets = [asked(world, at=moment) for moment in (at(2, "10:00"), at(9, "10:00"), at(12, "11:30"))]
    late, unsolved, _ = tickets
    for ticket in tickets:
        set_language(ticket_id=ticket.pk, language="ru", by=SYSTEM, at=ticket.created_at)
    set_topic(ticket_id=late.pk, topic_id=topic.pk, by=SYSTEM, at=at(2, "10:10"))
    assign(ticket_id=late.pk, owner_id=world.anna.pk, by=SYSTEM, at=at(2, "10:20"))
    assign(ticket_id=late.pk, owner_id=world.dmitri.pk, by=SYSTEM, at=at(3, "10:00"))
    change_team(ticket_id=late.pk, team_id=team.pk, by=SYSTEM, at=at(3, "10:00"))
    reply(ticket_id=late.pk, text="Soon.", by=Actor.person(world.dmitri.pk), at=at(4, "10:00"))
    change_status(ticket_id=unsolved.pk, status=TicketStatus.SOLVED, by=SYSTEM, at=at(10, "10:00"))
    change_status(ticket_id=unsolved.pk, status=TicketStatus.OPEN, by=SYSTEM, at=at(11, "10:00"))
    assign_manager(partner_id=world.aurora.pk, manager_id=world.clara.pk, by=SYSTEM, at=at(10))
    a_hold(world)
    a_payout(world, date(2026, 3, 5))
    return tickets


def a_hold(world: World) -> None:
    Hold.objects.create(
        partner=world.aurora, currency="EUR", amount=10, decide_by=date(2026, 4, 1), opened_at=at(10)
    )


def a_payout(world: World, day: date) -> Payout:
    return Payout.objects.create(
        program=world.program,
        partner=world.aurora,
        amount=Decimal(10),
        currency="EUR",
        state=PayoutState.SENT,
        expected_on=day,
        original_expected_on=day,
        sent_at=at(2),
        created_at=at(2),
    )


def test_all_of_it_is_told(world: World, lived: list[Ticket]) -> None:
    row = row_of(answered(world, MOMENT))
    late = lived[0]
    late.refresh_from_db()
    assert {name: row[name] for name in row if name in EXPECTED} == EXPECTED
    assert (row["main_topic"], row["main_team"]) == (late.topic_id, late.team_id)


EXPECTED = {
    "tickets": 3,
    "own_tickets": 3,
    # From Monday 10 to Wednesday 10, by hours from 9 to 17.
    "wait_median": 16.0,
    "wait_long": 16.0,
    # First response and solution of two tickets, and the answer owed since one was opened again.
    "breaches": 5,
    "unanswered": 1,
    "reopened": 1,
    "handed_over": 1,
    "foreign_language": 1,
    "money_held": 3,
    "payouts_late": 1,
    "manager_changed": 1,
    "main_channel": "email",
}


INDEXES = (
    "events_timeline",
    "tickets_of_partner",
    "sqlite_autoindex_desk_clock_1",
    "messages_of_ticket",
    "payouts_hold_partner_id",
    "payouts_payout_partner_id",
    "partners_merged_into",
)


def test_what_happens_later_leaves_the_row_as_it_was(world: World, lived: list[Ticket]) -> None:
    pk = answered(world, MOMENT)
    (written,) = exposure_rows([pk])
    late, unsolved, fresh = lived
    other = Topic.objects.create(key="tracking")
    wrote(late, at=at(12, "12:30"))
    set_topic(ticket_id=late.pk, topic_id=other.pk, by=SYSTEM, at=at(12, "13:00"))
    set_language(ticket_id=late.pk, language="en", by=SYSTEM, at=at(12, "13:00"))
    # The answer that the survey's answer came before, and one that no longer came in time.
    reply(ticket_id=unsolved.pk, text="Now.", by=Actor.person(world.dmitri.pk), at=at(12, "14:00"))
    reply(ticket_id=fresh.pk, text="Late.", by=Actor.person(world.dmitri.pk), at=at(16, "14:00"))
    assign(ticket_id=late.pk, owner_id=world.anna.pk, by=SYSTEM, at=at(13))
    change_team(ticket_id=late.pk, team_id=None, by=SYSTEM, at=at(13))
    for ticket in lived:
        change_status(ticket_id=ticket.pk, status=TicketStatus.SOLVED, by=SYSTEM, at=at(17))
        wrote(ticket, at=at(18))
        change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=at(20))
    asked(world, at=at(13))
    assign_manager(partner_id=world.aurora.pk, manager_id=world.boris.pk, by=SYSTEM, at=at(13))
    Hold.objects.update(decided_at=at(20))
    earned(world.aurora, "100")
    mark_failed(
        payout_id=Payout.objects.get().pk,
        problem=PayoutProblem.BANK_REFUSED,
        on=at(13).date(),
        by=SYSTEM,
        at=at(13),
    )
    a_payout(world, date(2026, 3, 12))
    assert list(exposure_rows([pk])) == [written]


def test_a_row_is_the_same_whoever_is_written_with_it(world: World) -> None:
    """Of a stranger who answered long before, tickets are read that were over for this partner."""
    closed = asked(world, at=at(2))
    assign(ticket_id=closed.pk, owner_id=world.anna.pk, by=SYSTEM, at=at(2))
    change_status(ticket_id=closed.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=at(3))
    assign(ticket_id=closed.pk, owner_id=world.dmitri.pk, by=SYSTEM, at=at(13))
    pk = answered(world, at(3) + timedelta(days=95))
    stranger = answered(world, at(4), partner_id=world.borealis.pk, contact_id=None)
    (alone,) = exposure_rows([pk])
    assert alone in list(exposure_rows([pk, stranger]))


@pytest.mark.parametrize("noticed", [True, False])
def test_more_time_given_later_mends_no_broken_promise(world: World, noticed: bool) -> None:
    policy = a_policy()
    SlaTarget.objects.create(policy=policy, kind="first_response", priority=Priority.LOW, minutes=9000)
    ticket = asked(world, at=at(2, "10:00"))
    if noticed:
        send_due_notices(at=at(2, "11:01"))
    pk = answered(world, at(2, "12:00"))
    (written,) = exposure_rows([pk])
    assert (row_of(pk)["breaches"], row_of(pk)["unanswered"]) == (1, 1)
    set_priority(ticket_id=ticket.pk, priority=Priority.LOW, by=SYSTEM, at=at(2, "13:00"))
    assert clock(ticket, "first_response").due_at > at(3)
    assert list(exposure_rows([pk])) == [written]
    reply(ticket_id=ticket.pk, text="In time.", by=Actor.person(world.dmitri.pk), at=at(2, "14:00"))
    assert list(exposure_rows([pk])) == [written]


def test_managers_of_a_partner_that_was_merged_are_counted_for_themselves(world: World) -> None:
    for day, manager in ((3, world.clara), (4, world.anna)):
        assign_manager(partner_id=world.aurora.pk, manager_id=manager.pk, by=SYSTEM, at=at(day))
    pk = answered(world, at(6))
    assert row_of(pk)["manager_changed"] == 2
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=SYSTEM, at=at(7))
    assert row_of(pk)["manager_changed"] == 2


def test_the_number_of_queries_does_not_grow_with_tickets_or_answers(world: World) -> None:
    a_policy()
    AgentProfile.objects.create(user=world.dmitri, languages={"en": 3})
    counted, ids = [], []
    for day in (2, 3):
        for minute in range(3):
            ticket = asked(world, at=at(day, f"10:0{minute}"), language="ru")
            reply(ticket_id=ticket.pk, text="Soon.", by=Actor.person(world.dmitri.pk), at=at(day, "12:00"))
        ids.append(answered(world, at(day + 4)))
        with CaptureQueriesContext(connection) as queries:
            rows = list(exposure_rows(ids))
        assert len(rows) == len(ids)
        counted.append(len(queries))
    assert counted[0] == counted[1] == 12


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by the rows there are")
def test_no_table_is_read_whole(world: World, lived: list[Ticket]) -> None:
    """The log of millions of events is entered by the ticket, not by the kind."""
    pk = answered(world, MOMENT)
    plan = plans(lambda: list(exposure_rows([pk])))
    for index in INDEXES:
        assert f"INDEX {index}" in plan, plan
    assert "events_kind" not in plan, plan
    scans = [line for line in plan.splitlines() if line.startswith("SCAN") and "json_each" not in line]
    # As many as the staff.
    assert all("agentprofile" in line for line in scans), plan
