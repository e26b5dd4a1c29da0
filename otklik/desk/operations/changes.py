"""How a change of a ticket ends: its row, its event, its clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from otklik.desk.models import Ticket
from otklik.desk.operations.clocks import choose_policies, refresh_clocks
from otklik.desk.operations.events import subjects_of
from otklik.events.public import Actor, Subject, record


def changed(
    ticket: Ticket,
    kind: str,
    data: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    also: tuple[Subject, ...] = (),
    policy_may_differ: bool = False,
) -> Ticket:
    """``also``: whom the event is about beside those the ticket names now."""
    if policy_may_differ:
        ticket.policy = choose_policies([ticket])[0]
    ticket.version += 1
    ticket.save()
    record(kind, by=by, at=at, subjects=list(dict.fromkeys([*subjects_of(ticket), *also])), data=data)
    refresh_clocks([ticket.pk], at=at)
    return ticket
