from __future__ import annotations

from datetime import timedelta

import pytest

from otklik.desk.models import Message, Participant, Ticket
from otklik.desk.operations.messages import receive_message, reply
from otklik.desk.operations.tickets import create_ticket
from otklik.desk.rules.vocabulary import Channel, MessageKind, Side, TicketStatus
from otklik.events.public import Actor, timeline
from tests.world import World

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def ask(world: World, **facts: object) -> Ticket:
    given = {
        "program_id": world.program.pk,
        "subject": "Payout is late",
        "channel": Channel.EMAIL,
        "side": Side.PARTNER,
        "text": "Where is our payout for February?",
        "contact_id": world.vera.pk,
        "requester_name": "Vera Orlova",
        "requester_address": "vera@aurora.example",
    }
    return create_ticket(**{**given, **facts}, by=SYSTEM, at=world.now)  # type: ignore[typeddict-item]


def test_a_question_becomes_a_ticket_with_its_first_message(world: World) -> None:
    ticket = Ticket.objects.get(pk=ask(world).pk)
    assert (ticket.status, ticket.partner_id, ticket.contact_id) == ("new", world.aurora.pk, world.vera.pk)
    assert (ticket.awaiting_us_since, ticket.message_count, ticket.language) == (world.now, 1, "en")
    message = Message.objects.get(ticket=ticket)
    seen = (message.visible_to_partner, message.visible_to_customer)
    assert (message.kind, seen) == ("incoming", (True, False))
    assert Participant.objects.get(ticket=ticket).contact_id == world.vera.pk
    assert [line.kind for line in timeline("ticket", ticket.pk)] == ["ticket.created"]
    assert [line.kind for line in timeline("partner", world.aurora.pk)] == ["ticket.created"]


def test_an_answer_and_the_partners_next_word(world: World) -> None:
    ticket = ask(world)
    later = world.now + timedelta(hours=1)
    answer = reply(
        ticket_id=ticket.pk,
        text="It went out this morning.",
        status_after=TicketStatus.WAITING,
        by=Actor.person(world.dmitri.pk),
        at=later,
    )
    ticket.refresh_from_db()
    assert (ticket.status, ticket.first_replied_at, ticket.awaiting_us_since) == ("waiting", later, None)
    assert (answer.visible_to_partner, answer.delivery) == (True, "queued")
    again = receive_message(
        ticket_id=ticket.pk,
        side=Side.PARTNER,
        channel=Channel.EMAIL,
        text="Nothing came.",
        contact_id=world.vera.pk,
        by=SYSTEM,
        at=later + timedelta(hours=1),
    )
    ticket.refresh_from_db()
    assert (again.kind, ticket.status, ticket.message_count) == (MessageKind.INCOMING, "open", 3)
    assert ticket.awaiting_us_since == later + timedelta(hours=1)
