"""Who was asked and has not answered, and who was left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F, QuerySet

from otklik.feedback.access import Scope, visible_invitations
from otklik.feedback.models import Invitation, Survey
from otklik.feedback.queries.survey_counts import REACHED
from otklik.feedback.rules.vocabulary import InvitationState


class Shown(StrEnum):
    SILENT = "silent"
    """An invitation reached them, as far as anybody knows."""
    UNCONFIRMED = "unconfirmed"
    """Opened a score and did not confirm it."""
    LEFT_OUT = "left_out"
    WAITING = "waiting"
    UNDELIVERED = "undelivered"


class Sort(StrEnum):
    NAME = "name"
    PARTNER = "partner"
    ROLE = "role"
    MANAGER = "manager"
    SENT = "sent"
    REMINDERS = "reminders"


_STATES: dict[Shown, tuple[InvitationState, ...]] = {
    Shown.SILENT: REACHED,
    Shown.LEFT_OUT: (InvitationState.LEFT_OUT,),
    Shown.WAITING: (InvitationState.PLANNED, InvitationState.SENDING),
    Shown.UNDELIVERED: (InvitationState.BOUNCED, InvitationState.FAILED, InvitationState.WITHDRAWN),
}
_COLUMNS = {
    Sort.NAME: "contact__name",
    Sort.PARTNER: "partner__name",
    Sort.ROLE: "role",
    Sort.MANAGER: "manager__name",
    Sort.SENT: "sent_at",
    Sort.REMINDERS: "reminders_sent",
}


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Empty words and None: whoever. ``manager``: id, 0 for nobody."""

    shown: Shown = Shown.SILENT
    sort: Sort = Sort.SENT
    descends: bool = False
    wave_id: int | None = None
    role: str = ""
    reason: str = ""
    manager: int | None = None


def people_without_answer(scope: Scope, survey: Survey, asked: PeopleFilter) -> QuerySet[Invitation]:
    rows = visible_invitations(scope).filter(wave__survey_id=survey.pk, answered_at=None)
    if asked.shown is Shown.UNCONFIRMED:
        rows = rows.filter(provisional_score__isnull=False)
    else:
        rows = rows.filter(state__in=_STATES[asked.shown])
    if asked.wave_id is not None:
        rows = rows.filter(wave_id=asked.wave_id)
    if asked.role:
        rows = rows.filter(role=asked.role)
    if asked.reason:
        rows = rows.filter(reason=asked.reason)
    if asked.manager is not None:
        rows = rows.filter(manager_id=asked.manager or None)
    column = F(_COLUMNS[asked.sort])
    order = column.desc(nulls_last=True) if asked.descends else column.asc(nulls_last=True)
    return rows.select_related("contact", "partner", "manager", "wave").order_by(order, "pk")
