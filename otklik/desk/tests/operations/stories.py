"""How the tickets of these stories begin."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from otklik.desk.models import Message, Ticket
from otklik.desk.operations.messages import receive_message
from otklik.desk.operations.opening import create_tickets_bulk
from otklik.desk.operations.shapes import NewTicket
from otklik.desk.operations.tickets import create_ticket
from otklik.desk.rules.vocabulary import Channel, Side
from otklik.events.public import Actor, EventLine, timeline
from tests.world import World

SYSTEM = Actor.system()


def question(world: World, **facts: Any) -> dict[str, Any]:
    """What Vera of Aurora writes by mail."""
    return {
        "program_id": world.program.pk,
        "subject": "Payout is late",
        "channel": Channel.EMAIL,
        "side": Side.PARTNER,
        "text": "Where is our payout for February?",
        "contact_id": world.vera.pk,
        "requester_name": "Vera Orlova",
        "requester_address": "vera@aurora.example",
        **facts,
    }


def asked(world: World, *, at: datetime | None = None, **facts: Any) -> Ticket:
    return create_ticket(**question(world, **facts), by=SYSTEM, at=at or world.now)


def new_ticket(world: World, **facts: Any) -> NewTicket:
    return NewTicket(**question(world, **facts))


def wrote(ticket: Ticket, text: str = "Nothing came.", *, at: datetime, **facts: Any) -> Message:
    given: dict[str, Any] = {"side": Side.PARTNER, "channel": Channel.EMAIL, "text": text, **facts}
    return receive_message(ticket_id=ticket.pk, **given, by=SYSTEM, at=at)


def sent_picture(world: World, number: int) -> int:
    """One picture of an album, as a chat hands them in: each by itself, all with the album's name. The first
    begins the ticket, the others join it. The ticket's id."""
    row = new_ticket(world, channel=Channel.CHAT, text=f"picture {number}", created_key="chat:album:7")
    opened = create_tickets_bulk([row], by=SYSTEM, at=world.now)[0]
    if not opened.is_new:
        wrote(opened.ticket, row.text, at=world.now, channel=Channel.CHAT, key=f"chat:picture:{number}")
    return opened.ticket.pk


def told(ticket: Ticket, kind: str | None = None) -> list[EventLine]:
    """The ticket's log, oldest first."""
    lines = timeline("ticket", ticket.pk, limit=500)[::-1]
    return [line for line in lines if kind is None or line.kind == kind]
