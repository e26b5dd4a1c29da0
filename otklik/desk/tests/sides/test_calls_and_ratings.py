"""A call leaves a record and keeps its promise; the partner says at the end whether it helped."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from otklik.desk.models import Callback, Message, Rating, Ticket
from otklik.desk.operations.calls import (
    AlreadyCalled,
    Direction,
    NoProgram,
    UnknownZone,
    ask_callback,
    finish_callback,
    log_call,
)
from otklik.desk.operations.merging import merge_tickets
from otklik.desk.operations.ratings import NotRatable, OddRating, RatingSettled, rate_ticket
from otklik.desk.queries.callers import people_with_number, visible_people_with_number
from otklik.desk.queries.sides import conversation_for
from otklik.desk.rules.vocabulary import Side, TicketStatus
from otklik.desk.tests.sides.cast import LATER, ask, dmitri, stranger_asks, we_say
from otklik.events.public import Actor, timeline
from otklik.partners.public import AddressKind, Authority, Influence, add_address
from tests.world import NOW, World, make_contact

pytestmark = pytest.mark.django_db


def with_number(world: World, contact_id: int, number: str = "+7 495 123-45-67") -> None:
    add_address(contact_id=contact_id, kind=AddressKind.PHONE, value=number, by=Actor.system(), at=NOW)


def called(world: World, **facts: object) -> Message:
    given = {"direction": Direction.INCOMING, "number": "8 (495) 123-45-67", "minutes": 4, "text": "Angry"}
    return log_call(by=dmitri(world), at=LATER, **{**given, **facts})  # type: ignore[arg-type]


def test_the_caller_is_known_by_the_number_however_it_is_written(world: World) -> None:
    with_number(world, world.vera.pk)
    message = called(world, subject="Payout")
    ticket = Ticket.objects.get(pk=message.ticket_id)
    assert (ticket.contact_id, ticket.partner_id, ticket.channel) == (
        world.vera.pk,
        world.aurora.pk,
        "phone",
    )
    # It was answered while they spoke.
    assert (ticket.status, ticket.awaiting_us_since, ticket.first_replied_at) == ("open", None, LATER)
    assert (message.kind, message.author_id, ticket.message_count) == ("call", world.dmitri.pk, 1)
    assert message.call == {"direction": "incoming", "number": "8 (495) 123-45-67", "minutes": 4}
    assert [p.pk for p in visible_people_with_number(world.boris, "74951234567")] == [world.vera.pk]
    assert not visible_people_with_number(world.clara, "74951234567").exists()
    assert not people_with_number("not a number").exists()


def test_a_number_of_several_people_names_nobody(world: World) -> None:
    with_number(world, world.vera.pk)
    elsewhere = make_contact(world.borealis, "Bella", "bella@borealis.example", Authority.NONE, Influence.LOW)
    with_number(world, elsewhere.pk)
    with pytest.raises(NoProgram):
        called(world)
    assert Ticket.objects.get(pk=called(world, program_id=world.program.pk).ticket_id).contact_id is None


def test_the_record_of_a_call_stays_in_the_house(world: World) -> None:
    ticket = ask(world)
    called(world, ticket_id=ticket.pk, text="She shouted")
    assert [said.text for said in conversation_for(Side.PARTNER, ticket)] == ["Where is our payout?"]
    begun = called(world, contact_id=world.vera.pk, text="She shouted again")
    assert conversation_for(Side.PARTNER, Ticket.objects.get(pk=begun.ticket_id)) == []
    told = next(line for line in timeline("ticket", ticket.pk) if line.kind == "ticket.call_logged")
    assert told.data == {
        "message": told.data["message"],
        "direction": "incoming",
        "minutes": 4,
        "side": "partner",
    }


def test_the_same_call_handed_in_twice_is_one(world: World) -> None:
    first = called(world, contact_id=world.vera.pk, key="pbx-17")
    assert called(world, contact_id=world.vera.pk, key="pbx-17").pk == first.pk
    assert Ticket.objects.count() == 1


def test_a_call_back_is_due_by_the_callers_own_watch(world: World) -> None:
    ticket = ask(world)

    def wish(local: datetime | None, zone: str) -> Callback:
        return ask_callback(
            ticket_id=ticket.pk,
            phone="+7 701 000",
            local_time=local,
            time_zone=zone,
            wish="after lunch",
            by=dmitri(world),
            at=NOW,
        )

    almaty = wish(datetime.fromisoformat("2026-03-03T14:00"), "Asia/Almaty")
    assert almaty.not_before == datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    assert almaty.due_at == datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
    # Clocks in Berlin skip this hour.
    skipped = wish(datetime.fromisoformat("2026-03-29T02:30"), "Europe/Berlin")
    assert skipped.not_before == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert wish(None, "").due_at == NOW + timedelta(hours=2)
    with pytest.raises(UnknownZone):
        wish(datetime.fromisoformat("2026-03-03T14:00"), "Mars/Olympus")


def test_somebody_not_reached_is_tried_three_times(world: World) -> None:
    ticket = ask(world)
    asked = ask_callback(ticket_id=ticket.pk, phone="1", by=dmitri(world), at=NOW)

    def attempt(reached: bool) -> Callback:
        return finish_callback(callback_id=asked.pk, reached=reached, note="busy", by=dmitri(world), at=LATER)

    assert (attempt(False).done_at, attempt(False).attempts) == (None, 2)
    done = attempt(False)
    assert (done.done_at, done.reached, done.attempts) == (LATER, False, 3)
    with pytest.raises(AlreadyCalled):
        attempt(True)
    assert Message.objects.filter(kind="call", text="busy", visible_to_partner=False).count() == 3


def test_whoever_was_reached_got_an_answer(world: World) -> None:
    ticket = ask(world)
    asked = ask_callback(ticket_id=ticket.pk, phone="1", by=dmitri(world), at=NOW)
    finish_callback(callback_id=asked.pk, reached=True, by=dmitri(world), at=LATER)
    ticket.refresh_from_db()
    assert (ticket.first_replied_at, ticket.awaiting_us_since) == (LATER, None)


def test_a_rating_is_given_once_and_changed_for_a_week(world: World) -> None:
    ticket = ask(world)
    with pytest.raises(NotRatable):
        rate_ticket(public_key=ticket.public_key, value=5, at=NOW)
    we_say(world, ticket, "Done", status_after=TicketStatus.SOLVED)
    rate_ticket(public_key=ticket.public_key, value=2, comment="slow", at=NOW)
    rate_ticket(public_key=ticket.public_key, value=4, comment="fine now", at=NOW + timedelta(days=6))
    with pytest.raises(RatingSettled):
        rate_ticket(public_key=ticket.public_key, value=1, at=NOW + timedelta(days=8))
    with pytest.raises(OddRating):
        rate_ticket(public_key=ticket.public_key, value=6, at=NOW)
    rating = Rating.objects.get()
    assert (rating.value, rating.comment, rating.at) == (4, "fine now", NOW)
    told = [line.data["value"] for line in timeline("ticket", ticket.pk) if line.kind == "ticket.rated"]
    assert told == [4, 2]


def test_spam_and_merged_tickets_are_not_asked_about(world: World) -> None:
    source, target = ask(world), ask(world)
    merge_tickets(source_id=source.pk, target_id=target.pk, by=dmitri(world), at=LATER)
    spam = stranger_asks(world, "spam@spam.example")
    Ticket.objects.filter(pk=spam.pk).update(is_open=False, status="closed", outcome="spam")
    for ticket in (source, spam):
        with pytest.raises(NotRatable):
            rate_ticket(public_key=ticket.public_key, value=5, at=LATER)
