"""Triggers at work: what they do, that they stop, and that what failed is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from otklik.desk import jobs
from otklik.desk.models import CannedAnswer, Message, Ticket, Topic, Trigger, TriggerRun
from otklik.desk.operations import automation
from otklik.desk.operations.acting import carry_out
from otklik.desk.operations.automatic import BY_RULE
from otklik.desk.operations.automation import queue_triggers, run_triggers
from otklik.desk.operations.tickets import assign, change_status, set_priority
from otklik.desk.rules.vocabulary import (
    MESSAGE_RECEIVED,
    PRIORITY_CHANGED,
    STATUS_CHANGED,
    TICKET_CREATED,
    TRIGGER_APPLIED,
    MessageKind,
    Outcome,
    Priority,
    TicketStatus,
    Verdict,
)
from otklik.desk.tests.automation.work import does, trigger, when, work_off
from otklik.desk.tests.sides.cast import VERA, ask, dmitri, partner_says
from otklik.events.public import Actor, DeliveredEvent, Subject, timeline
from otklik.identity.models import Team
from otklik.jobs.models import OutgoingMail
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


def tags_of(ticket: Ticket) -> set[str]:
    return set(ticket.tags.values_list("name", flat=True))


def written_by_rules(ticket: Ticket) -> list[Message]:
    return list(ticket.messages.filter(kind=MessageKind.NOTICE, key__startswith=BY_RULE))


def test_a_trigger_does_all_it_is_for_when_a_ticket_comes_in(world: World) -> None:
    payments = Team.objects.create(name="Payments")
    topic = Topic.objects.create(key="payouts", names={"en": "Payouts"})
    trigger(
        "Payouts",
        does("set_topic", topic.pk),
        does("set_team", payments.pk),
        does("set_priority", "high"),
        does("assign", world.dmitri.pk),
        does("add_tag", "money"),
        does("add_note", "Check the statement first."),
        needs=[when("text", "contains", ["payout"])],
    )
    ticket, other = ask(world, "Where is our payout?"), ask(world, "Hello, a question")
    work_off()
    ticket.refresh_from_db()
    assert (ticket.topic_id, ticket.team_id, ticket.priority) == (topic.pk, payments.pk, Priority.HIGH)
    assert (ticket.owner_id, tags_of(ticket)) == (world.dmitri.pk, {"money"})
    note = Message.objects.get(ticket=ticket, kind=MessageKind.NOTE)
    assert not note.visible_to_partner
    assert tags_of(other) == set()
    [line] = [line for line in timeline("ticket", ticket.pk) if line.kind == TRIGGER_APPLIED]
    assert line.data["actions"][-1] == "add_note"


def test_a_trigger_that_fires_itself_stops_and_is_shown(world: World) -> None:
    toggler = trigger(
        "Back and forth",
        does("set_priority", "low"),
        does("set_priority", "high"),
        on=PRIORITY_CHANGED,
    )
    ticket = ask(world)
    set_priority(ticket_id=ticket.pk, priority=Priority.URGENT, by=dmitri(world), at=NOW)
    assert work_off() > 0
    run = TriggerRun.objects.get(trigger=toggler, ticket=ticket)
    assert run.result["stopped"] == "fired_before"
    toggler.refresh_from_db()
    assert (toggler.stopped_at is not None, toggler.stopped_ticket_id) == (True, ticket.pk)


def test_two_triggers_that_feed_each_other_stop(world: World) -> None:
    on_urgent = [when("priority", "is", "urgent")]
    ping = trigger("Ping", does("set_priority", "low"), on=PRIORITY_CHANGED, needs=on_urgent)
    on_low = [when("priority", "is", "low")]
    pong = trigger("Pong", does("set_priority", "urgent"), on=PRIORITY_CHANGED, needs=on_low)
    ticket = ask(world)
    set_priority(ticket_id=ticket.pk, priority=Priority.URGENT, by=dmitri(world), at=NOW)
    work_off()
    assert sorted(TriggerRun.objects.values_list("trigger_id", flat=True)) == [ping.pk, pong.pk]
    assert Trigger.objects.exclude(stopped_at=None).count() == 1


def test_a_long_chain_of_rules_comes_to_an_end(world: World) -> None:
    names = ["red", "blue", "green", "white", "black", "grey", "pink", "brown"]
    statuses = ["open", "on_hold", "open", "on_hold", "open", "on_hold", "open", "on_hold"]
    for number, (name, status) in enumerate(zip(names, statuses, strict=True)):
        needs = [when("tags", "has_not", name)]
        if number:
            needs.append(when("tags", "has", names[number - 1]))
        trigger(name, does("add_tag", name), does("set_status", status), on=STATUS_CHANGED, needs=needs)
    # Each sees in one go what the one before it did, unless it comes earlier in the order.
    for position, rule in enumerate(Trigger.objects.order_by("-pk")):
        Trigger.objects.filter(pk=rule.pk).update(position=position)
    ticket = ask(world)
    change_status(ticket_id=ticket.pk, status=TicketStatus.ON_HOLD, by=dmitri(world), at=NOW)
    work_off()
    assert len(tags_of(ticket)) == 5
    assert TriggerRun.objects.filter(result__stopped="too_deep").count() == 1


def test_an_event_handed_out_twice_is_acted_on_once(world: World) -> None:
    rule = trigger("Thanks", does("add_note", "Came in."))
    ticket = ask(world)
    work_off()
    run = TriggerRun.objects.get(trigger=rule)
    created = int(run.cause.removeprefix("event:"))
    again = run_triggers(ticket_id=ticket.pk, event=TICKET_CREATED, event_id=created, at=NOW)
    assert again == ()
    assert ticket.messages.filter(kind=MessageKind.NOTE).count() == 1
    rule.refresh_from_db()
    assert rule.stopped_at is None


def test_a_new_message_of_the_partner_begins_a_new_chain(world: World) -> None:
    trigger("Remark", does("add_note", "They wrote."), on=MESSAGE_RECEIVED)
    ticket = ask(world)
    for hour in (1, 2):
        partner_says(world, ticket, f"Hello {hour}", at=NOW + timedelta(hours=hour))
        work_off()
    assert ticket.messages.filter(kind=MessageKind.NOTE).count() == 2


def test_an_automatic_reply_is_no_occasion_for_a_trigger(world: World) -> None:
    trigger("Remark", does("add_note", "They wrote."), on=MESSAGE_RECEIVED)
    ticket = ask(world)
    partner_says(world, ticket, "I am away", verdict=Verdict.AUTO_REPLY, kind=MessageKind.AUTO)
    work_off()
    assert not ticket.messages.filter(kind=MessageKind.NOTE).exists()


def test_what_cannot_be_done_is_noted_and_the_rest_is_done(world: World) -> None:
    rule = trigger("Broken", does("set_team", 10**9), does("assign", 10**9), does("add_tag", "seen"))
    ticket = ask(world)
    work_off()
    run = TriggerRun.objects.get(trigger=rule, ticket=ticket)
    assert run.result["done"] == ["add_tag"]
    assert [failure["why"] for failure in run.result["failed"]] == ["gone", "gone"]
    assert tags_of(ticket) == {"seen"}


def test_history_that_is_brought_in_sets_nothing_off(world: World) -> None:
    from otklik.desk.operations.tickets import create_ticket
    from otklik.desk.rules.vocabulary import Channel, Side

    trigger("Tag", does("add_tag", "seen"))
    imported = create_ticket(
        program_id=world.program.pk,
        subject="Old",
        channel=Channel.EMAIL,
        side=Side.PARTNER,
        text="Long ago",
        contact_id=world.vera.pk,
        requester_address=VERA,
        by=Actor.importer(1),
        at=NOW,
    )
    work_off()
    assert tags_of(imported) == set()


def test_colleagues_are_told_once_in_their_own_language(world: World) -> None:
    world.boris.language = "ru"
    world.boris.save()
    trigger("Tell", does("notify", "manager"))
    ticket = ask(world)
    work_off()
    mail = OutgoingMail.objects.get(key__startswith="desk:trigger").as_message()
    assert mail.to == world.boris.email
    assert f"/tickets/{ticket.pk}/" in mail.text
    assert "обращени" in mail.subject.lower()


def test_nobody_to_tell_is_told(world: World) -> None:
    rule = trigger("Tell", does("notify", "owner"))
    ask(world)
    work_off()
    assert TriggerRun.objects.get(trigger=rule).result["failed"] == [{"do": "notify", "why": "nobody"}]


def test_an_automatic_answer_goes_out_once_and_answers_nothing(world: World) -> None:
    canned = CannedAnswer.objects.create(
        name="Got it",
        texts={"en": "Hello {{ contact.first_name }}, we have #{{ ticket.number }}."},
        updated_at=NOW,
    )
    trigger("Receipt", does("send_canned", canned.pk))
    ticket = ask(world)
    work_off()
    [sent] = written_by_rules(ticket)
    assert (sent.to[0]["address"], sent.visible_to_partner, sent.visible_to_customer) == (VERA, True, False)
    assert sent.text.startswith("Hello Vera, we have")
    ticket.refresh_from_db()
    assert ticket.first_replied_at is None, "a machine's word is nobody's answer"
    assert ticket.awaiting_us_since is not None
    canned.refresh_from_db()
    assert canned.used_count == 1


def test_two_machines_do_not_answer_each_other_through_a_trigger(world: World) -> None:
    canned = CannedAnswer.objects.create(name="Got it", texts={"en": "We have it."}, updated_at=NOW)
    trigger("Receipt", does("send_canned", canned.pk), on=MESSAGE_RECEIVED)
    ticket = ask(world)
    for hour in range(1, 10):
        # Whatever is at the other end looks like a person.
        partner_says(world, ticket, f"Your mail {hour} was received", at=NOW + timedelta(hours=hour))
        work_off()
    assert len(written_by_rules(ticket)) == 1


def test_a_canned_answer_without_a_value_is_not_sent(world: World) -> None:
    canned = CannedAnswer.objects.create(
        name="Client", texts={"en": "About {{ customer.name }}"}, updated_at=NOW
    )
    rule = trigger("Receipt", does("send_canned", canned.pk))
    ticket = ask(world)
    work_off()
    assert TriggerRun.objects.get(trigger=rule).result["failed"][0]["why"] == "missing"
    assert not written_by_rules(ticket)


def test_a_merged_or_deleted_ticket_is_left_alone(world: World) -> None:
    from otklik.desk.operations.merging import merge_tickets

    trigger("Tag", does("add_tag", "seen"))
    ticket, survivor = ask(world), ask(world)
    merge_tickets(source_id=ticket.pk, target_id=survivor.pk, by=dmitri(world), at=NOW)
    work_off()
    assert tags_of(ticket) == set()
    assert run_triggers(ticket_id=10**9, event=TICKET_CREATED, event_id=1, at=NOW) == ()


def test_a_rule_that_cannot_be_read_stands_still_and_the_others_work(world: World) -> None:
    broken = trigger("Broken", does("explode", "everything"))
    trigger("Tag", does("add_tag", "seen"))
    ticket = ask(world)
    work_off()
    assert tags_of(ticket) == {"seen"}
    assert not TriggerRun.objects.filter(trigger=broken).exists()


def test_a_closed_ticket_is_not_pulled_where_its_status_does_not_lead(world: World) -> None:
    rule = trigger("Wait", does("set_status", "waiting"), on=STATUS_CHANGED)
    ticket = ask(world)
    by = dmitri(world)
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, outcome=Outcome.ANSWERED, by=by, at=NOW)
    work_off()
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.CLOSED
    assert TriggerRun.objects.get(trigger=rule).result["failed"][0]["why"] == "not_allowed"


def test_a_chunk_of_events_costs_the_same_whatever_its_size(world: World) -> None:
    trigger("Tag", does("add_tag", "seen"), needs=[when("text", "contains", ["nothing of that"])])
    tickets = [ask(world) for _ in range(8)]

    def cost(chosen: list[Ticket]) -> int:
        events = [
            DeliveredEvent(n, TICKET_CREATED, 1, NOW, NOW, Actor.system(), (Subject("ticket", t.pk),), {})
            for n, t in enumerate(chosen)
        ]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            queue_triggers(TICKET_CREATED, events, at=NOW)
        return len(seen)

    assert cost(tickets[:2]) == cost(tickets)


def test_who_has_a_ticket_keeps_it_when_a_rule_asks_for_routing(world: World) -> None:
    trigger("Route", does("assign", "route"), on=MESSAGE_RECEIVED)
    ticket = ask(world)
    assign(ticket_id=ticket.pk, owner_id=world.dmitri.pk, by=dmitri(world), at=NOW)
    partner_says(world, ticket, "And?")
    work_off()
    ticket.refresh_from_db()
    assert ticket.owner_id == world.dmitri.pk


def test_one_ticket_that_fails_holds_up_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    trigger("Tag", does("add_tag", "seen"))
    tickets = [ask(world) for _ in range(3)]
    OrmQ.objects.all().delete()
    bad = tickets[0].pk

    def fails(ticket_id: int, action: Any, doing: Any) -> None:
        if ticket_id == bad:
            raise RuntimeError("disk full")
        carry_out(ticket_id, action, doing)

    monkeypatch.setattr(automation, "carry_out", fails)
    jobs.run_triggers(TICKET_CREATED, [(ticket.pk, 10**6 + ticket.pk) for ticket in tickets])
    assert [len(tags_of(ticket)) for ticket in tickets] == [0, 1, 1]
    left = [SignedPackage.loads(row.payload) for row in OrmQ.objects.all()]
    assert [job["args"] for job in left if job["func"] == automation.RUN] == [
        (TICKET_CREATED, [(bad, 10**6 + bad)])
    ]
    with pytest.raises(RuntimeError):
        jobs.run_triggers(TICKET_CREATED, [(bad, 10**6 + bad)])
