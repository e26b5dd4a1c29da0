from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from otklik.desk.models import Message, Participant, Ticket
from otklik.desk.operations.locking import TicketGone
from otklik.desk.operations.messages import TicketClosed, receive_message, reply
from otklik.desk.operations.opening import create_tickets_bulk
from otklik.desk.operations.receiving import REOPEN_DAYS, receive_messages_bulk
from otklik.desk.operations.shapes import NewMessage
from otklik.desk.operations.tickets import change_status
from otklik.desk.rules.vocabulary import Channel, MessageKind, Side, TicketStatus, Verdict
from otklik.desk.tests.operations.stories import SYSTEM, asked, new_ticket, sent_picture, told, wrote
from otklik.events.public import Actor
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def answered(world: World, ticket: Ticket, status: TicketStatus) -> None:
    reply(
        ticket_id=ticket.pk,
        text="It went out this morning.",
        status_after=status,
        by=Actor.person(world.dmitri.pk),
        at=world.now + HOUR,
    )
    ticket.refresh_from_db()


def incoming(ticket: Ticket, **facts: Any) -> NewMessage:
    given = {"side": Side.PARTNER, "channel": Channel.EMAIL, "text": "Nothing came.", **facts}
    return NewMessage(ticket_id=ticket.pk, **given)


def test_the_partners_next_word_takes_the_ticket_out_of_waiting(world: World) -> None:
    ticket = asked(world)
    answered(world, ticket, TicketStatus.WAITING)
    assert (ticket.status, ticket.awaiting_us_since) == ("waiting", None)
    message = wrote(ticket, at=world.now + 2 * HOUR, contact_id=world.vera.pk)
    ticket.refresh_from_db()
    assert (message.kind, message.visible_to_partner, message.visible_to_customer) == (
        "incoming",
        True,
        False,
    )
    assert (ticket.status, ticket.awaiting_us_since) == ("open", world.now + 2 * HOUR)
    assert told(ticket)[-1].data == {"before": "waiting", "after": "open", "outcome": ""}


def test_case_08_out_of_office_neither_reopens_nor_stops_a_clock(world: World) -> None:
    ticket = asked(world)
    answered(world, ticket, TicketStatus.SOLVED)
    before = (ticket.status, ticket.updated_at, ticket.awaiting_us_since, ticket.last_incoming_at)
    note = wrote(ticket, "I am on holiday.", at=world.now + 2 * HOUR, verdict=Verdict.AUTO_REPLY)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.updated_at, ticket.awaiting_us_since, ticket.last_incoming_at) == before
    assert (note.kind, note.visible_to_partner, note.ticket_id) == (MessageKind.AUTO, False, ticket.pk)
    assert told(ticket)[-1].data["verdict"] == "auto_reply"


def test_case_14_two_mails_before_the_first_answer_are_one_wait(world: World) -> None:
    ticket = asked(world)
    wrote(ticket, at=world.now + HOUR)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.awaiting_us_since) == ("new", world.now)
    assert ticket.last_incoming_at == world.now + HOUR
    answered(world, ticket, TicketStatus.WAITING)
    assert ticket.awaiting_us_since is None


def test_a_person_opens_a_solved_ticket_again_within_the_days(world: World) -> None:
    ticket = asked(world)
    answered(world, ticket, TicketStatus.SOLVED)
    wrote(ticket, at=world.now + HOUR + timedelta(days=REOPEN_DAYS))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopened_count, ticket.solved_at, ticket.outcome) == ("open", 1, None, "")


def test_case_79_a_reply_long_after_the_end_is_for_a_follow_up(world: World) -> None:
    ticket = asked(world)
    change_status(ticket_id=ticket.pk, status=TicketStatus.CLOSED, by=SYSTEM, at=world.now)
    late = world.now + timedelta(days=90)
    with pytest.raises(TicketClosed) as closed:
        wrote(ticket, at=late)
    assert closed.value.ticket_id == ticket.pk
    assert Message.objects.filter(ticket=ticket).count() == 1
    follow_up = asked(world, at=late, follow_up_of_id=ticket.pk)
    assert told(follow_up)[0].data["follow_up_of"] == ticket.pk


def test_case_78_what_was_for_a_merged_ticket_lands_in_the_survivor(world: World) -> None:
    first, second, third = asked(world), asked(world), asked(world)
    Ticket.objects.filter(pk=first.pk).update(merged_into=second)
    Ticket.objects.filter(pk=second.pk).update(merged_into=third)
    message = wrote(first, at=world.now + HOUR)
    assert message.ticket_id == third.pk
    third.refresh_from_db()
    assert third.message_count == 2


def test_case_51_the_same_message_twice_is_one(world: World) -> None:
    ticket = asked(world)
    first = wrote(ticket, at=world.now + HOUR, key="hook:1")
    assert wrote(ticket, at=world.now + HOUR, key="hook:1").pk == first.pk
    rows = [incoming(ticket, key="hook:2"), incoming(ticket, key="hook:2"), incoming(ticket)]
    one, other, third = receive_messages_bulk(rows, by=SYSTEM, at=world.now + HOUR)
    assert one.message_id == other.message_id != third.message_id
    ticket.refresh_from_db()
    assert ticket.message_count == Message.objects.filter(ticket=ticket).count() == 4


def test_case_52_an_album_of_five_pictures_is_one_conversation(world: World) -> None:
    """At the same moment: ``test_at_once.py``."""
    assert len({sent_picture(world, number) for number in range(5)}) == 1
    assert sorted(Message.objects.values_list("text", flat=True)) == [f"picture {n}" for n in range(5)]


def test_a_colleagues_answer_from_outlook_is_an_answer(world: World) -> None:
    """Case 15, once intake knows that it is one."""
    ticket = asked(world)
    message = receive_message(
        ticket_id=ticket.pk,
        side=Side.STAFF,
        channel=Channel.EMAIL,
        text="Sent today.",
        by=Actor.person(world.dmitri.pk),
        at=world.now + HOUR,
    )
    ticket.refresh_from_db()
    assert (message.kind, message.delivery, message.author_id) == ("reply", "sent", world.dmitri.pk)
    assert (ticket.status, ticket.awaiting_us_since, ticket.first_replied_at) == (
        "open",
        None,
        world.now + HOUR,
    )
    assert [line.kind for line in told(ticket)] == [
        "ticket.created",
        "ticket.message_sent",
        "ticket.status_changed",
    ]


def test_what_claims_to_be_a_colleague_moves_nothing_and_is_shown_to_staff(world: World) -> None:
    ticket = asked(world)
    answered(world, ticket, TicketStatus.SOLVED)
    note = wrote(
        ticket, "Pay them twice", at=world.now + 2 * HOUR, kind=MessageKind.NOTE, from_address="x@y.z"
    )
    ticket.refresh_from_db()
    assert (ticket.status, note.visible_to_partner, note.visible_to_customer) == ("solved", False, False)
    assert not Participant.objects.filter(address="x@y.z").exists()
    assert told(ticket)[-1].kind == "ticket.note_written"


def test_an_end_customers_word_is_not_shown_to_the_partner(world: World) -> None:
    ticket = asked(world)
    message = wrote(ticket, at=world.now + HOUR, side=Side.CUSTOMER, from_address="kim@client.example")
    assert (message.visible_to_partner, message.visible_to_customer) == (False, True)
    assert Participant.objects.get(address="kim@client.example").side == Side.CUSTOMER


def test_the_number_of_statements_does_not_grow_with_the_messages(world: World) -> None:
    opened = create_tickets_bulk([new_ticket(world) for _ in range(20)], by=SYSTEM, at=world.now)
    tickets = [one.ticket for one in opened]

    def statements(count: int) -> int:
        rows = [
            incoming(t, message_id=f"{count}.{t.pk}@x", references=["a@x"], contact_id=world.vera.pk)
            for t in tickets[:count]
        ]
        with CaptureQueriesContext(connection) as seen:
            receive_messages_bulk(rows, by=SYSTEM, at=world.now + HOUR)
        return len(seen)

    assert statements(1) == statements(10) == statements(20)


def test_a_ticket_that_is_gone_is_said_to_be(world: World) -> None:
    ticket = Ticket(pk=4_000)
    with pytest.raises(TicketGone):
        wrote(ticket, at=world.now)


def test_a_live_mails_own_date_does_not_set_a_clock_back(world: World) -> None:
    ticket = asked(world, happened_at=world.now - timedelta(days=400))
    assert ticket.created_at == world.now
    assert Message.objects.get().happened_at == world.now - timedelta(days=400)
