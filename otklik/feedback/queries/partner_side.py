"""What a partner's person sees of surveys on their own pages: what waits for them and what they answered.
Nothing of what anybody else said, no score of the company, no survey by the name that staff know it by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from otklik.feedback.models import Invitation, Response
from otklik.feedback.rules.vocabulary import InvitationState, ResponseStatus, SurveyKind
from otklik.feedback.tokens import invitation_token

_MOST = 20
_MOST_ANSWERS = 60
# One whose mail did not arrive may be answered here all the same.
_ASKED = (
    InvitationState.SENT,
    InvitationState.SENDING,
    InvitationState.UNCERTAIN,
    InvitationState.FAILED,
    InvitationState.BOUNCED,
)


@dataclass(frozen=True, slots=True)
class WaitingSurvey:
    """``token``: of the person's own form, for the page "answer"."""

    id: int
    token: str
    kind: SurveyKind
    asked_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    kind: SurveyKind
    score: int
    comment: str
    at: datetime


def waiting_surveys(contact_id: int, *, at: datetime) -> list[WaitingSurvey]:
    """What they were asked and may still answer, what ends soonest first. One query."""
    rows = Invitation.objects.select_related("version__survey").filter(
        contact_id=contact_id, state__in=_ASKED, answered_at=None, expires_at__gt=at
    )
    return [
        WaitingSurvey(
            id=row.pk,
            token=invitation_token(row.pk),
            kind=SurveyKind(row.version.survey.kind),
            asked_at=row.sent_at or row.planned_at,
            until=row.expires_at,
        )
        for row in rows.order_by("expires_at", "pk")[:_MOST]
    ]


def own_answers(contact_id: int, *, kind: SurveyKind | None = None) -> list[OwnAnswer]:
    """The latest, the earliest of them first. One query."""
    rows = Response.objects.filter(Q(kind=kind) if kind else Q(), contact_id=contact_id)
    rows = rows.filter(status=ResponseStatus.COMPLETE)
    found = rows.order_by("-responded_at", "-pk")[:_MOST_ANSWERS]
    return [
        OwnAnswer(SurveyKind(row.kind), row.score, row.comment, row.responded_at) for row in reversed(found)
    ]
