"""Somebody spoke to a person instead of another letter."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, record_many
from otklik.feedback.models import Invitation
from otklik.feedback.operations.settling import told
from otklik.feedback.rules.vocabulary import InvitationState


@transaction.atomic
def spare_reminders(*, contact_id: int, program_id: int, by: Actor, at: datetime) -> int:
    """Of what this person was sent in the program and has not answered, nothing is sent again by itself; the
    link in the letter stays good. How many invitations. Done again, it changes nothing."""
    rows = Invitation.objects.select_for_update(of=("self",)).filter(
        contact_id=contact_id,
        program_id=program_id,
        state=InvitationState.SENT,
        remind_at__isnull=False,
    )
    spared = list(rows.order_by("pk"))
    Invitation.objects.filter(pk__in=[one.pk for one in spared]).update(remind_at=None)
    record_many([told("invitation.spared", one, at) for one in spared], by=by, at=at)
    return len(spared)
