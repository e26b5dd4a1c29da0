"""Whether what somebody is to be asked about is still so."""

from __future__ import annotations

from otklik.desk.public import Outcome, Ticket, TicketStatus
from otklik.feedback.models import Invitation
from otklik.feedback.rules.plans import PAYOUT_PAID, TICKET_SOLVED
from otklik.feedback.rules.vocabulary import Refusal, WaveMode
from otklik.payouts.public import Payout, PayoutState

OWN = "own-"
_SOLVED = (TicketStatus.SOLVED, TicketStatus.CLOSED)


def ticket_key(ticket_id: int) -> str:
    """What an invitation about this ticket is called."""
    return f"{TICKET_SOLVED}:{ticket_id}"


def own_key(number: int) -> str:
    """Of something that happened here; another system may tell of its number 17 under the same name."""
    return f"{OWN}{number}"


def outdated(invitation: Invitation) -> Refusal | None:
    """Why it is too late to ask: the ticket was opened again since, or turned out to be spam or a part of
    another one; the payout came back. None for any other invitation."""
    event, _, number = invitation.key.rpartition(":")
    if invitation.wave.mode != WaveMode.EVENT:
        return None
    if event == TICKET_SOLVED and number.isdigit():
        rows = Ticket.objects.filter(pk=int(number), status__in=_SOLVED, merged_into=None)
        return None if rows.exclude(outcome=Outcome.SPAM).exists() else Refusal.TICKET_REOPENED
    if event == PAYOUT_PAID and number.startswith(OWN):
        paid = Payout.objects.filter(pk=int(number.removeprefix(OWN)), state=PayoutState.PAID)
        return None if paid.exists() else Refusal.PAYOUT_CAME_BACK
    return None
