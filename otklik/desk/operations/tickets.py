"""One change of a ticket each: what it is about, who has it, how it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from otklik.desk.models import Ticket
from otklik.desk.operations.opening import create_tickets_bulk
from otklik.desk.operations.shapes import NewFile, NewTicket, TicketFacts
from otklik.events.public import Actor

__all__ = ["NewFile", "NewTicket", "create_ticket", "create_tickets_bulk"]


def create_ticket(*, by: Actor, at: datetime, **facts: Unpack[TicketFacts]) -> Ticket:
    """A ticket with its first message; the one there is where ``created_key`` was used before."""
    return create_tickets_bulk([NewTicket(**facts)], by=by, at=at)[0].ticket
