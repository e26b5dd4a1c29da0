"""A form that was opened: by a person, or by a program that looks into mails."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.db.models.functions import Coalesce

from otklik.feedback.models import Invitation


def note_opening(*, invitation_id: int, score: int | None, at: datetime) -> None:
    """The score of the link that was followed, until somebody confirms one; never an answer. One statement
    and no event: a scanner opens all links of every mail."""
    rows = Invitation.objects.filter(pk=invitation_id, answered_at=None)
    if score is None:
        rows.filter(opened_at=None).update(opened_at=at)
    else:
        rows.update(
            opened_at=Coalesce("opened_at", at),
            provisional_score=score,
            provisional_at=at,
            provisional_hits=F("provisional_hits") + 1,
        )
