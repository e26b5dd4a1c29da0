"""Whether what somebody is to be asked about is still so."""

from __future__ import annotations

from otklik.desk.public import Outcome, Ticket, TicketStatus
from otklik.feedback.models import Invitation
from otklik.feedback.rules.plans import TICKET_SOLVED
from otklik.feedback.rules.vocabulary import WaveMode

_SOLVED = (TicketStatus.SOLVED, TicketStatus.CLOSED)


def ticket_key(ticket_id: int) -> str:
    """What an invitation about this ticket is called."""
    return f"{TICKET_SOLVED}:{ticket_id}"


def still_stands(invitation: Invitation) -> bool:
    """False where it is about a ticket that was opened again since, or turned out to be spam or a part of
    another one. No statement for any other invitation."""
    event, _, number = invitation.key.rpartition(":")
    if invitation.wave.mode != WaveMode.EVENT or event != TICKET_SOLVED or not number.isdigit():
        return True
    rows = Ticket.objects.filter(pk=int(number), status__in=_SOLVED, merged_into=None)
    return rows.exclude(outcome=Outcome.SPAM).exists()
