"""The latest words people wrote to one survey."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from otklik.feedback.access import Scope
from otklik.feedback.labels import role_name
from otklik.feedback.models import Survey
from otklik.feedback.queries.survey_counts import answers_of
from otklik.feedback.queries.survey_results import SurveyResults, chosen_of
from otklik.feedback.rules.forms import Band, band_of
from otklik.feedback.rules.vocabulary import ResponseStatus, SurveyKind

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Words:
    """``partner_id`` is None for an answer from an anonymous link."""

    partner_id: int | None
    partner: str
    contact: str
    role: str
    score: int
    band: Band
    text: str
    at: datetime


def latest_words(scope: Scope, survey: Survey, results: SurveyResults) -> list[Words]:
    """Of confirmed answers, newest first; one query."""
    kind = SurveyKind(survey.kind)
    rows = answers_of(scope, chosen_of(results.filter, results.versions)).exclude(comment="")
    found = rows.filter(status=ResponseStatus.COMPLETE).select_related("partner", "contact")
    return [
        Words(
            row.partner_id,
            row.partner.name if row.partner else "",
            row.contact.name if row.contact else "",
            role_name(row.role),
            row.score,
            band_of(kind, row.score),
            row.comment,
            row.responded_at,
        )
        for row in found.order_by("-responded_at", "-pk")[:SHOWN]
    ]
