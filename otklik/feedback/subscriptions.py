"""What surveys do once something happened elsewhere."""

from __future__ import annotations

from otklik.desk.public import TicketStatus
from otklik.events.public import DeliveredEvent, on
from otklik.feedback.operations.occasions import ask_after_ticket
from otklik.kit.clock import now


@on("ticket.status_changed", name="feedback.ask_after_ticket")
def ask_after_solved_ticket(event: DeliveredEvent) -> None:
    if event.data.get("after") == TicketStatus.SOLVED:
        ask_after_ticket(ticket_id=event.subject("ticket"), happened_at=event.happened_at, at=now())
