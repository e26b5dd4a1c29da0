"""When rows wait to be written, and when what is written has to be written anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from otklik.analytics.models import FactStore, PendingFact
from otklik.analytics.operations.write_facts import write_facts
from otklik.analytics.public import facts, rows_of
from otklik.desk.models import AgentProfile
from otklik.desk.operations.splitting import split_ticket
from otklik.desk.public import Ticket, merge_tickets, reply, set_partner
from otklik.desk.tests.clocks.promised import at
from otklik.desk.tests.operations.stories import SYSTEM, asked, wrote
from otklik.events.public import Actor, DeliveredEvent, Origin, Subject, timeline
from otklik.feedback.operations.noting import note_answers
from otklik.impact import subscriptions
from otklik.impact.facts import EXPOSURES, exposures
from otklik.impact.tests.test_exposure_rows import answered
from otklik.partners.models import Partner, Program
from otklik.partners.public import merge_partners
from tests.world import World

pytestmark = pytest.mark.django_db


def is_to_be_written_anew() -> bool:
    found = FactStore.objects.filter(source=EXPOSURES).first()
    return found is not None and found.changed_behind


def is_noted(response_id: int) -> bool:
    return PendingFact.objects.filter(source=EXPOSURES, row_id=response_id).exists()


def written(response_id: int) -> int:
    """Its row stands in the store."""
    PendingFact.objects.all().delete()
    return response_id


def event(kind: str, /, *subjects: Subject, **data: Any) -> DeliveredEvent:
    return DeliveredEvent(1, kind, 1, at(6), at(6), SYSTEM, subjects, data)


def last_event(noun: str, object_id: int, kind: str) -> DeliveredEvent:
    (line,) = timeline(noun, object_id, kinds=[kind], limit=1)
    return DeliveredEvent(
        line.id, line.kind, 1, line.happened_at, line.happened_at, SYSTEM, line.subjects, line.data
    )


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_one_row_however_it_comes_to_be_written(
    world: World, settings: Any, tmp_path: Path
) -> None:
    """Its row waits from the moment the answer is stored: a store written anew in between has it once."""
    settings.OTKLIK = replace(settings.OTKLIK, data_dir=tmp_path)
    first = answered(world, at(2))
    write_facts(exposures, clock=lambda: at(3), rebuild=True)
    second = answered(world, at(3))
    assert PendingFact.objects.filter(source=EXPOSURES).count() == 1
    write_facts(exposures, clock=lambda: at(4), rebuild=True)
    write_facts(exposures, clock=lambda: at(4))
    rows = facts(EXPOSURES).select("id", "tickets", "wait_median", "desk_since").order_by("id")
    assert rows_of(rows) == [(first, 0, None, None), (second, 0, None, None)]


def test_a_ticket_brought_in_behind_an_answer_writes_its_row_anew(world: World) -> None:
    old, new = asked(world, at=at(2)), asked(world, at=at(5))
    pk = written(answered(world, at(3)))
    for ticket, changes in ((new, False), (old, True)):
        subscriptions.note_created_tickets([event("ticket.created", Subject("ticket", ticket.pk))])
        assert is_noted(pk) is changes


def test_the_first_ticket_of_a_program_tells_all_its_partners_since_when_there_is_a_desk(
    world: World,
) -> None:
    older = asked(world, at=at(2))
    answered(world, at(4), partner_id=world.borealis.pk, contact_id=None)
    for ticket, changes in ((asked(world, at=at(3)), False), (older, True)):
        subscriptions.note_created_tickets([event("ticket.created", Subject("ticket", ticket.pk))])
        assert is_to_be_written_anew() is changes


@pytest.mark.parametrize(("day", "changes"), [(1, True), (6, False)])
def test_a_first_ticket_that_moves_to_another_program_moves_the_desk_of_both(
    world: World, day: int, changes: bool
) -> None:
    asked(world, at=at(5))
    other = Program.objects.create(name="Other", created_at=at(2))
    theirs = Partner.objects.create(program=other, name="Cygnus", created_at=at(2))
    there = asked(world, at=at(4))
    Ticket.objects.filter(pk=there.pk).update(program=other, partner=theirs)
    ticket = asked(world, at=at(day))
    set_partner(ticket_id=ticket.pk, partner_id=theirs.pk, contact_id=None, by=SYSTEM, at=at(7))
    subscriptions.note_moved_tickets([last_event("ticket", ticket.pk, "ticket.partner_set")])
    assert is_to_be_written_anew() is changes


def test_a_ticket_split_in_two_puts_one_into_the_past(world: World) -> None:
    ticket = asked(world, at=at(2))
    message = wrote(ticket, at=at(2, "10:00"))
    pk = written(answered(world, at(3)))
    split_ticket(ticket_id=ticket.pk, message_ids=[message.pk], subject="Two", by=SYSTEM, at=at(4))
    subscriptions.note_split_tickets([last_event("ticket", ticket.pk, "ticket.split")])
    assert is_noted(pk)


def test_live_tickets_are_behind_no_answer_and_are_not_even_asked_about() -> None:
    from otklik.events.subscriptions import listening_to

    heard = listening_to("ticket.created", Origin.LIVE)
    assert not [one for one in heard if one.name.startswith("impact.")]


def test_tickets_found_to_be_the_same_matter_count_once_from_then_on(world: World) -> None:
    one, two = asked(world, at=at(2)), asked(world, at=at(2))
    pk = written(answered(world, at(3)))
    merge_tickets(source_id=two.pk, target_id=one.pk, by=SYSTEM, at=at(4))
    subscriptions.note_moved_tickets([last_event("ticket", two.pk, "ticket.merged")])
    assert is_noted(pk)


def test_a_ticket_that_was_somebody_elses_leaves_their_rows(world: World) -> None:
    ticket = asked(world, at=at(2))
    pk = written(answered(world, at(3)))
    set_partner(ticket_id=ticket.pk, partner_id=world.borealis.pk, contact_id=None, by=SYSTEM, at=at(4))
    subscriptions.note_moved_tickets([last_event("ticket", ticket.pk, "ticket.partner_set")])
    assert is_noted(pk)


@pytest.mark.parametrize(
    ("data", "changes"),
    [
        ({"before": "open", "after": "closed", "outcome": "spam"}, True),
        ({"before": "closed", "after": "open", "outcome": ""}, True),
        ({"before": "open", "after": "solved", "outcome": "answered"}, False),
    ],
)
def test_spam_that_was_counted_and_a_matter_that_was_not(
    world: World, data: dict[str, str], changes: bool
) -> None:
    ticket = asked(world, at=at(2))
    pk = written(answered(world, at(3)))
    subscriptions.note_spam([event("ticket.status_changed", Subject("ticket", ticket.pk), **data)])
    assert is_noted(pk) is changes


def test_merged_partners_lived_through_what_both_did(world: World) -> None:
    asked(world, at=at(2))
    pk = written(answered(world, at(3), partner_id=world.borealis.pk, contact_id=None))
    merge_partners(source_id=world.aurora.pk, target_id=world.borealis.pk, by=SYSTEM, at=at(4))
    subscriptions.note_merged([last_event("partner", world.borealis.pk, "partner.merged")])
    assert is_noted(pk)


@pytest.mark.parametrize(
    ("on", "changes"), [(at(2).date(), True), (at(5).date(), False), (at(6).date(), False)]
)
def test_a_payout_noted_days_later_was_there_for_who_answered_meanwhile(
    world: World, on: date, changes: bool
) -> None:
    pk = written(answered(world, at(3)))
    partner = Subject("partner", world.aurora.pk)
    for name in ("on", "expected_on"):
        PendingFact.objects.all().delete()
        subscriptions.note_payouts([event("payout.paid", partner, **{name: on.isoformat()})])
        assert is_noted(pk) is changes
    subscriptions.note_payouts([event("payout.failed", partner)])
    assert is_noted(pk) is changes


def test_a_day_of_a_payout_that_is_put_right_is_behind_who_answered_since_the_earlier_one(
    world: World,
) -> None:
    pk = written(answered(world, at(3)))
    partner = Subject("partner", world.aurora.pk)
    days = {"paid_before": at(5).date().isoformat(), "paid_after": at(2).date().isoformat()}
    subscriptions.note_payouts([event("payout.corrected", partner, **days)])
    assert is_noted(pk)


def test_what_somebody_was_found_to_speak_is_behind_those_whom_they_answered(world: World) -> None:
    ticket = asked(world, at=at(2))
    reply(ticket_id=ticket.pk, text="Soon.", by=Actor.person(world.dmitri.pk), at=at(2))
    pk = written(answered(world, at(3)))
    stranger = written(answered(world, at(3), partner_id=world.borealis.pk, contact_id=None))
    theirs, others = (
        AgentProfile.objects.create(user=user, languages={"en": 3}).pk for user in (world.dmitri, world.anna)
    )
    for noun, profile, changed, is_behind in (
        ("agent_profile", theirs, "signature", False),
        ("topic", theirs, "languages", False),
        ("agent_profile", others, "languages", False),
        ("agent_profile", theirs, "languages", True),
    ):
        said = event("desk.setting_saved", Subject(noun, profile), changed=[changed])
        subscriptions.note_languages([said])
        assert is_noted(pk) is is_behind
    assert not is_noted(stranger)
    assert not is_to_be_written_anew()


def test_what_may_move_any_row_writes_all_anew() -> None:
    for number, said in enumerate((event("demo.loaded"), event("clocks.recomputed", tickets=3)), start=1):
        subscriptions.note_all(said)
        assert FactStore.objects.get(source=EXPOSURES).changes == number


def test_a_changed_score_is_written_anew_with_what_was_lived_through(world: World) -> None:
    pk = answered(world, at(3))
    PendingFact.objects.all().delete()
    note_answers([pk])
    assert PendingFact.objects.get(source="exposures").row_id == pk
    assert not is_to_be_written_anew()
