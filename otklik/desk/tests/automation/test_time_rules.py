"""Rules that act when time has passed: once, in batches, and never on what is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Ticket, Trigger, TriggerRun
from otklik.desk.operations import automation
from otklik.desk.operations.automation import active_time_rules, run_time_rule
from otklik.desk.operations.messages import write_note
from otklik.desk.operations.tickets import change_status, create_ticket
from otklik.desk.queries import automation as asked
from otklik.desk.rules.vocabulary import Channel, MessageKind, Outcome, Side, TicketStatus
from otklik.desk.tests.automation.work import does, time_rule, trigger, when, work_off
from otklik.desk.tests.sides.cast import ask, dmitri, partner_says, we_say
from otklik.events.public import Actor
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SILENT = [when("status", "is", "waiting"), when("hours_since_outgoing", "at_least", 72)]


def notes(ticket: Ticket) -> int:
    return ticket.messages.filter(kind=MessageKind.NOTE).count()


def remind() -> Trigger:
    return time_rule("Remind", does("add_note", "Ask again."), needs=SILENT)


def waiting(world: World) -> Ticket:
    ticket = ask(world)
    we_say(world, ticket, "Which account?", status_after=TicketStatus.WAITING, at=NOW)
    return ticket


def test_a_time_rule_fires_once_and_not_at_every_look(world: World) -> None:
    rule, ticket = remind(), waiting(world)
    for hours in (1, 71, 73, 74, 200):
        run_time_rule(trigger_id=rule.pk, at=NOW + timedelta(hours=hours))
    assert notes(ticket) == 1
    assert TriggerRun.objects.get(trigger=rule).at == NOW + timedelta(hours=73)


def test_it_fires_again_after_something_came_from_outside(world: World) -> None:
    rule, ticket = remind(), waiting(world)
    run_time_rule(trigger_id=rule.pk, at=NOW + 4 * DAY)
    partner_says(world, ticket, "One moment", at=NOW + 5 * DAY)
    run_time_rule(trigger_id=rule.pk, at=NOW + 6 * DAY)
    assert notes(ticket) == 1, "nothing waits for them now"
    we_say(world, ticket, "Well?", status_after=TicketStatus.WAITING, at=NOW + 6 * DAY)
    run_time_rule(trigger_id=rule.pk, at=NOW + 10 * DAY)
    assert notes(ticket) == 2


def test_what_machines_did_since_does_not_make_it_fire_again(world: World) -> None:
    rule, ticket = remind(), waiting(world)
    run_time_rule(trigger_id=rule.pk, at=NOW + 4 * DAY)
    write_note(ticket_id=ticket.pk, text="By a machine", by=Actor.system(), at=NOW + 5 * DAY)
    run_time_rule(trigger_id=rule.pk, at=NOW + 6 * DAY)
    assert notes(ticket) == 2
    rule.refresh_from_db()
    assert rule.stopped_at is None, "looking again is no loop"


def test_a_time_rule_and_a_trigger_that_feed_each_other_stop(world: World) -> None:
    rule = time_rule("Solve", does("set_status", "solved"), needs=SILENT)
    back = trigger(
        "Back",
        does("set_status", "waiting"),
        on="ticket.status_changed",
        needs=[when("status", "is", "solved")],
    )
    ticket = waiting(world)
    for days in range(4, 9):
        run_time_rule(trigger_id=rule.pk, at=NOW + days * DAY)
        work_off()
    assert TriggerRun.objects.filter(trigger__in=[rule, back]).count() == 2
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.WAITING


def test_age_alone_does_not_pull_ended_tickets_back(world: World) -> None:
    old = time_rule("Old", does("add_tag", "old"), needs=[when("hours_since_created", "at_least", 24)])
    ended, open_one = ask(world), ask(world)
    by = dmitri(world)
    change_status(ticket_id=ended.pk, status=TicketStatus.CLOSED, outcome=Outcome.ANSWERED, by=by, at=NOW)
    run_time_rule(trigger_id=old.pk, at=NOW + 2 * DAY)
    assert (ended.tags.count(), open_one.tags.count()) == (0, 1)


def test_a_rule_that_speaks_of_solved_tickets_sees_them(world: World) -> None:
    rule = time_rule("Ask", does("add_tag", "ask"), needs=[when("hours_since_solved", "at_least", 24)])
    ticket = ask(world)
    change_status(ticket_id=ticket.pk, status=TicketStatus.SOLVED, by=dmitri(world), at=NOW)
    run_time_rule(trigger_id=rule.pk, at=NOW + 2 * DAY)
    assert ticket.tags.count() == 1


def test_imported_history_is_left_alone(world: World) -> None:
    rule = time_rule("Old", does("add_tag", "old"), needs=[when("hours_since_created", "at_least", 24)])
    imported = create_ticket(
        program_id=world.program.pk,
        subject="Old",
        channel=Channel.EMAIL,
        side=Side.PARTNER,
        text="Long ago",
        contact_id=world.vera.pk,
        by=Actor.importer(1),
        at=NOW,
    )
    run_time_rule(trigger_id=rule.pk, at=NOW + 2 * DAY)
    assert imported.tags.count() == 0


def test_a_long_run_stops_and_goes_on_where_it_stopped(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(asked, "BATCH", 2)
    rule = time_rule("Old", does("add_tag", "old"), needs=[when("hours_since_created", "at_least", 24)])
    tickets = [ask(world) for _ in range(5)]
    after = run_time_rule(trigger_id=rule.pk, at=NOW + 2 * DAY, seconds=-1)
    assert after == tickets[1].pk
    while after is not None:
        after = run_time_rule(trigger_id=rule.pk, at=NOW + 2 * DAY, after=after, seconds=-1)
    assert TriggerRun.objects.filter(trigger=rule).count() == 5


def test_looking_costs_the_same_for_one_ticket_and_for_a_batch(world: World) -> None:
    rule = time_rule("Never", does("add_tag", "x"), needs=[when("text", "contains", ["nothing like it"])])

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            run_time_rule(trigger_id=rule.pk, at=NOW + DAY)
        return len(seen)

    ask(world)
    few = cost()
    for _ in range(6):
        ask(world)
    assert cost() == few


def test_a_rule_switched_off_meanwhile_does_nothing(world: World) -> None:
    rule = remind()
    assert active_time_rules() == [rule.pk]
    Trigger.objects.update(is_active=False)
    waiting(world)
    assert run_time_rule(trigger_id=rule.pk, at=NOW + 4 * DAY) is None
    assert not TriggerRun.objects.exists()
    assert automation.active_time_rules() == []
