"""What waits to be sent, and how sending goes. People's mail alone: who is handed a link has no address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from otklik.feedback.models import Invitation
from otklik.feedback.queries.asking import address_of, having
from otklik.feedback.rules.vocabulary import InvitationState, WaveState

LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SendingState:
    """``due``: could leave now. The last three: of the last day."""

    due: int
    oldest_due: datetime | None
    sending: int
    uncertain: int
    failed: int
    bounced: int


def due_invitations(*, at: datetime) -> QuerySet[Invitation]:
    rows = Invitation.objects.filter(
        Q(wave__closes_at=None) | Q(wave__closes_at__gt=at),
        state=InvitationState.PLANNED,
        send_at__lte=at,
        wave__state=WaveState.RUNNING,
    )
    return rows.exclude(address="").order_by("send_at", "pk")


def due_reminders(*, at: datetime) -> QuerySet[Invitation]:
    rows = Invitation.objects.filter(
        remind_at__lte=at, state=InvitationState.SENT, wave__state=WaveState.RUNNING
    )
    return rows.exclude(address="").order_by("remind_at", "pk")


def written_to(invitation: Invitation, *, since: datetime) -> QuerySet[Invitation]:
    """Other invitations of this person, by contact or address, in whatever program, that left or may have
    left since. A link handed over names no address: it was given to everybody with one of its contact's."""
    theirs = Q(contact_id=invitation.contact_id)
    if address := address_of(invitation):
        theirs |= Q(address=address) | Q(address="", contact_id__in=list(having([address])))
    return Invitation.objects.exclude(pk=invitation.pk).filter(
        theirs,
        Q(sent_at__gt=since)
        | Q(reminded_at__gt=since)
        | Q(state=InvitationState.SENDING, claimed_at__gt=since),
    )


def sending_state(programs: Sequence[int] | None, *, at: datetime) -> SendingState:
    """``programs``: None for all of them. Two statements, answered by partial indexes."""
    among = Q() if programs is None else Q(program_id__in=programs)
    due = due_invitations(at=at).filter(among)
    first = due.values_list("send_at", flat=True).first()
    looked_at = (
        InvitationState.SENDING,
        InvitationState.UNCERTAIN,
        InvitationState.FAILED,
        InvitationState.BOUNCED,
    )
    rows = Invitation.objects.filter(among, state__in=looked_at, claimed_at__gt=at - LATELY)
    amounts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return SendingState(
        due=due.order_by().count() if first else 0,
        oldest_due=first,
        sending=amounts.get(InvitationState.SENDING, 0),
        uncertain=amounts.get(InvitationState.UNCERTAIN, 0),
        failed=amounts.get(InvitationState.FAILED, 0),
        bounced=amounts.get(InvitationState.BOUNCED, 0),
    )
