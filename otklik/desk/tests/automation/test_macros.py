"""Macros: all of it or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django_q.models import OrmQ

from otklik.desk.models import CannedAnswer, Macro, Message, Ticket
from otklik.desk.operations.acting import Why
from otklik.desk.operations.automation import MacroFailed, apply_macro
from otklik.desk.rules.automation import ActionKind
from otklik.desk.rules.vocabulary import Delivery, MessageKind, TicketStatus
from otklik.desk.tests.automation.work import does
from otklik.desk.tests.sides.cast import LATER, ask, dmitri
from otklik.events.models import Event
from tests.world import NOW, World

pytestmark = pytest.mark.django_db


def macro(*actions: dict[str, Any]) -> Macro:
    return Macro.objects.create(name="One key", actions=list(actions), created_at=NOW)


def canned(text: str) -> CannedAnswer:
    return CannedAnswer.objects.create(name="Canned", texts={"en": text}, updated_at=NOW)


def run(world: World, ticket: Ticket, one: Macro) -> Ticket:
    return apply_macro(ticket_id=ticket.pk, macro_id=one.pk, by=dmitri(world), at=LATER)


def test_a_macro_answers_tags_and_solves_by_one_key(world: World) -> None:
    ticket = ask(world)
    text = canned("Dear {{ contact.first_name }}, done. {{ agent.first_name }}")
    one = macro(does("send_canned", text.pk), does("add_tag", "Done"), does("set_status", "solved"))
    after = run(world, ticket, one)
    assert after.status == TicketStatus.SOLVED
    sent = Message.objects.get(ticket=ticket, kind=MessageKind.REPLY)
    assert (sent.author_id, sent.delivery) == (world.dmitri.pk, Delivery.HELD)
    assert sent.text == "Dear Vera, done. Dmitri"
    assert after.first_replied_at is not None, "it is their answer"
    assert list(after.tags.values_list("name", flat=True)) == ["done"]


def test_a_macro_whose_last_step_fails_changes_nothing(world: World) -> None:
    ticket = ask(world)
    before = (Event.objects.count(), OrmQ.objects.count(), ticket.messages.count())
    one = macro(does("add_tag", "done"), does("add_note", "Said."), does("set_team", 10**9))
    with pytest.raises(MacroFailed) as failed:
        run(world, ticket, one)
    assert (failed.value.kind, failed.value.why) == (ActionKind.SET_TEAM, Why.GONE)
    assert (Event.objects.count(), OrmQ.objects.count(), ticket.messages.count()) == before
    assert not ticket.tags.exists()


def test_a_macro_does_not_send_a_text_with_holes(world: World) -> None:
    ticket = ask(world)
    one = macro(does("set_status", "solved"), does("send_canned", canned("For {{ customer.name }}").pk))
    with pytest.raises(MacroFailed) as failed:
        run(world, ticket, one)
    assert failed.value.why is Why.MISSING
    ticket.refresh_from_db()
    assert ticket.status == TicketStatus.NEW
    assert not Message.objects.filter(ticket=ticket, kind=MessageKind.REPLY).exists()


def test_a_macro_written_in_another_language_of_rules_says_so(world: World) -> None:
    with pytest.raises(MacroFailed):
        run(world, ask(world), macro(does("explode", 1)))


def test_a_macro_may_be_run_again_on_purpose(world: World) -> None:
    ticket, one = ask(world), macro(does("add_note", "Called."))
    run(world, ticket, one)
    run(world, ticket, one)
    assert ticket.messages.filter(kind=MessageKind.NOTE).count() == 2
