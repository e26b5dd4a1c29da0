"""Who was asked and has not answered, and who was left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F, QuerySet

from otklik.feedback.access import Scope
from otklik.feedback.models import Invitation, Survey, SurveyVersion
from otklik.feedback.queries.survey_counts import NOT_ARRIVED, REACHED, invitations_of
from otklik.feedback.queries.survey_results import ResultFilter, chosen_of
from otklik.feedback.rules.vocabulary import InvitationState


class Shown(StrEnum):
    SILENT = "silent"
    """An invitation reached them, as far as anybody knows."""
    UNCONFIRMED = "unconfirmed"
    """Opened a score and did not confirm it."""
    LEFT_OUT = "left_out"
    WAITING = "waiting"
    UNDELIVERED = "undelivered"
    NOT_ARRIVED = "not_arrived"
    """Nobody can say that it came to them: not delivered, not sent yet, or not known."""


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
    Shown.NOT_ARRIVED: NOT_ARRIVED,
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
    """Empty words and None: whoever. ``manager``: id, 0 for nobody. ``chosen``: the same part of the survey
    that its results are asked for."""

    chosen: ResultFilter
    shown: Shown = Shown.SILENT
    sort: Sort = Sort.SENT
    descends: bool = False
    role: str = ""
    reason: str = ""
    manager: int | None = None


def people_without_answer(scope: Scope, survey: Survey, asked: PeopleFilter) -> QuerySet[Invitation]:
    """Of the invitations the results count, those without an answer: the lists have as many rows as the
    figures say, whatever is chosen. One query, and one for the versions."""
    versions = tuple(SurveyVersion.objects.filter(survey_id=survey.pk))
    rows = invitations_of(scope, chosen_of(asked.chosen, versions)).filter(answered_at=None)
    if asked.shown is Shown.UNCONFIRMED:
        rows = rows.filter(provisional_score__isnull=False)
    else:
        rows = rows.filter(state__in=_STATES[asked.shown])
    if asked.role:
        rows = rows.filter(role=asked.role)
    if asked.reason:
        rows = rows.filter(reason=asked.reason)
    if asked.manager is not None:
        rows = rows.filter(manager_id=asked.manager or None)
    column = F(_COLUMNS[asked.sort])
    order = column.desc(nulls_last=True) if asked.descends else column.asc(nulls_last=True)
    return rows.select_related("contact", "partner", "manager", "wave").order_by(order, "pk")
