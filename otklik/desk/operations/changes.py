"""How a change of a ticket ends: its row, its event, its clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from otklik.desk.models import Ticket
from otklik.desk.operations.clocks import refresh_clocks
from otklik.desk.operations.events import subjects_of
from otklik.events.public import Actor, Subject, record

# The clocks write these; what a change holds of them was read before they did.
_OF_THE_CLOCKS = {"policy", "next_due_at", "next_due_kind", "breached_at", "clocks_paused"}
_SAVED = [
    field.name
    for field in Ticket._meta.concrete_fields
    if not field.primary_key and field.name not in _OF_THE_CLOCKS
]


def save_ticket(ticket: Ticket) -> None:
    """A ticket that is locked, without what the clocks say of it."""
    ticket.save(update_fields=_SAVED)


def changed(
    ticket: Ticket,
    kind: str,
    data: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    also: tuple[Subject, ...] = (),
) -> Ticket:
    """``also``: whom the event is about beside those the ticket names now."""
    ticket.version += 1
    save_ticket(ticket)
    record(kind, by=by, at=at, subjects=list(dict.fromkeys([*subjects_of(ticket), *also])), data=data)
    refresh_clocks([ticket.pk], at=at)
    return ticket
