"""A dry run tells what will happen, and costs the same at each step."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Trigger, TriggerRun
from otklik.desk.operations.automation import run_time_rule, run_triggers
from otklik.desk.queries import dry_run
from otklik.desk.queries.automation import rule_of
from otklik.desk.queries.dry_run import Look, begin, examples_of, go_on
from otklik.desk.rules.vocabulary import TICKET_CREATED
from otklik.desk.tests.automation.work import does, time_rule, trigger, when
from otklik.desk.tests.sides.cast import ask
from tests.world import NOW, World

pytestmark = pytest.mark.django_db
TEXTS = ("Where is our payout?", "Payout again", "Hello", "The link is broken", "payout")


def look(one: Trigger, **more: Any) -> Look:
    rule = rule_of(one)
    at = more.pop("at", NOW + timedelta(hours=1))
    found = begin(rule, days=30, at=at)
    while not found.is_done:
        # What travels between the steps is what the page signs.
        found = go_on(rule, Look.from_dict(found.to_dict()), at=at)
    return found


def done_by(one: Trigger) -> Counter[str]:
    runs = TriggerRun.objects.filter(trigger=one)
    return Counter(kind for run in runs for kind in run.result["done"])


def test_a_dry_run_equals_what_happens(world: World) -> None:
    one = trigger(
        "Payouts",
        does("set_priority", "urgent"),
        does("add_tag", "money"),
        does("add_note", "Look."),
        needs=[when("text", "contains", ["payout"])],
    )
    tickets = [ask(world, text) for text in TEXTS]
    seen = look(one)
    assert (seen.tested, seen.matched, seen.total) == (5, 3, 5)
    for number, ticket in enumerate(tickets):
        run_triggers(ticket_id=ticket.pk, event=TICKET_CREATED, event_id=10**6 + number, at=NOW)
    assert sorted(run.ticket_id for run in TriggerRun.objects.all()) == sorted(seen.examples)
    assert done_by(one) == Counter(seen.would_do)


def test_a_dry_run_of_a_time_rule_equals_what_happens(world: World) -> None:
    one = time_rule("Old", does("add_tag", "old"), needs=[when("hours_since_created", "at_least", 24)])
    for _ in range(3):
        ask(world)
    at = NOW + timedelta(days=2)
    seen = look(one, at=at)
    run_time_rule(trigger_id=one.pk, at=at)
    assert done_by(one) == Counter(seen.would_do) == Counter(add_tag=3)


def test_a_dry_run_changes_nothing(world: World) -> None:
    one = trigger("Tag", does("add_tag", "seen"), does("add_note", "Seen."))
    ticket = ask(world)
    look(one)
    assert (ticket.tags.count(), ticket.messages.count(), TriggerRun.objects.count()) == (0, 1, 0)


def test_it_goes_on_where_it_stopped_and_each_step_costs_the_same(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(dry_run, "STEP", 2)
    one = trigger("Tag", does("add_tag", "seen"))
    for _ in range(6):
        ask(world)
    rule, at = rule_of(one), NOW + timedelta(hours=1)
    found, costs = begin(rule, days=30, at=at), []
    while not found.is_done:
        with CaptureQueriesContext(connection) as queries:
            found = go_on(rule, found, at=at)
        costs.append(len(queries))
    assert (found.tested, found.matched, len(set(found.examples))) == (6, 6, 6)
    assert len(set(costs[:3])) == 1


def test_it_is_bounded(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(dry_run, "STEP", 2)
    monkeypatch.setattr(dry_run, "MOST", 3)
    for _ in range(5):
        ask(world)
    found = look(trigger("Tag", does("add_tag", "seen")))
    assert (found.tested, found.total) == (3, 3)


def test_examples_say_what_would_be_done_to_each(world: World) -> None:
    one = trigger("Tag", does("add_tag", "seen"), does("set_priority", "normal"))
    ticket = ask(world)
    ticket.tags.create(name="seen")
    [example] = examples_of(rule_of(one), [ticket.pk], world.anna, at=NOW)
    assert [action.kind for action in example.actions] in ([], ["set_priority"])
    assert examples_of(rule_of(one), [ticket.pk], world.stranger, at=NOW) == []
