"""What the log says about promises, kept in ``models.Clock`` and copied to the ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from otklik.desk.models import SlaPolicy, Ticket


def refresh_clocks(ticket_ids: Sequence[int], *, at: datetime) -> None:
    """Called last by every operation whose event moves a clock, in its transaction. Does nothing yet: the
    clocks are being written, and their callers shall not have to change then."""


def choose_policies(tickets: Sequence[Ticket]) -> list[SlaPolicy | None]:
    """The policy of each ticket, in order; the tickets may be unsaved. None for all until policies are."""
    return [None for _ in tickets]
