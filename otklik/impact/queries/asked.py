from __future__ import annotations

from datetime import date

from django.db.models import Count, Q

from otklik.feedback.public import Invitation, InvitationState, SurveyKind
from otklik.impact.rules.studying import Asked


def asked_of(program_id: int, *, since: date) -> Asked:
    """People whom an NPS survey reached since a day. One query."""
    reached = Q(state=InvitationState.SENT) | Q(answered_at__isnull=False)
    rows = Invitation.objects.filter(
        reached, program=program_id, wave__survey__kind=SurveyKind.NPS, planned_at__date__gte=since
    )
    return Asked(**rows.aggregate(people=Count("pk"), answered=Count("answered_at")))
