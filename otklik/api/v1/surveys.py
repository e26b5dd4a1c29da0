"""Surveys over REST; the figures are those of a survey's page, from the same function."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import Field

from otklik.api.rules.scopes import Scope
from otklik.api.v1.auth import Bearer, owner_of
from otklik.api.v1.paging import MOST, page_by_id
from otklik.api.v1.schemas import Id, Text
from otklik.api.v1.survey_schemas import AnswerPage, ResultsOut, SurveyPage
from otklik.feedback.public import (
    BackwardPeriod,
    Figure,
    QuestionResult,
    ResultFilter,
    Share,
    Survey,
    SurveyPoint,
    SurveyResults,
    Weighted,
    custom_period,
    scope_of,
    survey_results,
    visible_responses,
    visible_surveys,
)
from otklik.identity.public import Right
from otklik.stats.intervals import Interval

router = Router(tags=["surveys"])
READ = Bearer(Scope.FEEDBACK_READ, Right.SEE_FEEDBACK)
Limit = Annotated[int, Field(ge=1, le=MOST)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


@router.get("/surveys", auth=READ, response=SurveyPage)
def surveys(
    request: HttpRequest, program: Query[Text | None] = None, after: str | None = None, limit: Limit = 100
) -> dict[str, Any]:
    rows = visible_surveys(owner_of(request))
    if program:
        rows = rows.filter(program__slug=program)
    items, following = page_by_id(rows, after, limit)
    return {"items": items, "next": following}


@router.get("/surveys/{survey_id}/results", auth=READ, response=ResultsOut)
def results(
    request: HttpRequest,
    survey_id: Id,
    wave_id: Id | None = None,
    version: Version | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    weigh: bool = False,
) -> dict[str, Any]:
    """Results of a survey, or of one wave, one version of its form, or the days from ``first_day`` to
    ``last_day`` (both or none). ``weigh``: also weighted to the roles of all people. A wave or version that
    the survey does not have is an error (422), never a result of nobody."""
    owner = owner_of(request)
    survey = _survey(request, survey_id)
    if (first_day is None) != (last_day is None):
        raise HttpError(422, "last_day: send both days, or none.")
    period = None
    if first_day is not None and last_day is not None:
        if first_day.year < 1990 or last_day.year > 2200:
            raise HttpError(422, "first_day: choose days between 1990 and 2200.")
        try:
            period = custom_period(first_day, last_day)
        except BackwardPeriod:
            raise HttpError(422, "last_day: it lies before first_day.") from None
    asked = ResultFilter(survey.pk, wave_id, version, period, weigh)
    found = survey_results(scope_of(owner), survey, asked)
    if wave_id is not None and found.wave is None:
        raise HttpError(422, f"wave_id: this survey has no wave {wave_id}.")
    if version is not None and all(one.number != version for one in found.versions):
        raise HttpError(422, f"version: this survey has no version {version}.")
    return _shown(found)


@router.get("/surveys/{survey_id}/answers", auth=READ, response=AnswerPage)
def answers(
    request: HttpRequest, survey_id: Id, after: str | None = None, limit: Limit = 100
) -> dict[str, Any]:
    """Every answer in the order it was stored, those too that count in no figure: see ``status``."""
    survey = _survey(request, survey_id)
    rows = visible_responses(scope_of(owner_of(request))).filter(version__survey_id=survey.pk)
    items, following = page_by_id(rows, after, limit)
    return {"items": items, "next": following}


def _survey(request: HttpRequest, survey_id: int) -> Survey:
    return get_object_or_404(visible_surveys(owner_of(request)), pk=survey_id)


def _shown(found: SurveyResults) -> dict[str, Any]:
    invited = found.invitations
    return {
        **_score(found.figure),
        "survey_id": found.survey.pk,
        "kind": found.survey.kind,
        "scores": list(found.figure.scores),
        "late": found.late,
        "duplicates": found.duplicates,
        "without_invitation": found.without_invitation,
        "response_rate": _share(found.rate),
        "unconfirmed": _share(found.unconfirmed),
        "invitations": {
            "states": dict(invited.by_state), "left_out": dict(invited.left_out), "opened": invited.opened,
        },
        "left_out_for_tickets": [
            {
                "wave_id": left.wave.pk, "name": left.wave.name, "people": left.people, "share": left.share,
                "points": left.points, "interval": None if left.interval is None else list(left.interval),
            }
            for left in found.left_out_for_tickets
        ],
        "parts": [
            {
                "by": cut.dimension.value, "value": row.value, "name": row.name, **_score(row.figure),
                "response_rate": _share(row.rate),
            }
            for cut in found.cuts
            for row in cut.rows
        ],
        "months": [_point(point) for point in found.by_month],
        "waves": [_point(point) for point in found.by_wave],
        "questions": [_question(question) for question in found.questions],
        "weighted": None if found.weighted is None else _weighted(found.weighted),
    }  # fmt: skip


def _score(found: Figure) -> dict[str, Any]:
    kinds = found.summary
    return {
        "n": found.n,
        "detractors": kinds.detractors if kinds else None,
        "passives": kinds.passives if kinds else None,
        "promoters": kinds.promoters if kinds else None,
        "nps": _hundred(found.score) if kinds else None,
        "score": _hundred(found.score),
        "interval": _hundreds(found.interval),
        "mean": found.mean,
        "reason": found.reason.value if found.reason else None,
    }


def _share(found: Share) -> dict[str, Any]:
    interval = found.interval
    limits = None if interval is None else list(interval)
    return {"hits": found.hits, "n": found.n, "share": found.share, "interval": limits}


def _point(point: SurveyPoint) -> dict[str, Any]:
    wave = point.wave
    named = {"wave_id": wave.pk if wave else None, "name": wave.name if wave else None}
    return {"start": point.start, **named, **_score(point.figure)}


def _question(found: QuestionResult) -> dict[str, Any]:
    return {
        "key": found.key,
        "kind": found.kind.value,
        "label": found.label,
        "shown": found.shown,
        "answered": found.answered,
        "options": [{"label": one.label, "share": _share(one.share)} for one in found.options],
        "score": None if found.figure is None else _score(found.figure),
    }


def _weighted(found: Weighted) -> dict[str, Any]:
    return {
        "score": _hundred(found.score),
        "interval": _hundreds(found.interval),
        "n_effective": found.n_effective,
        "reason": found.reason.value if found.reason else None,
        "roles": [
            {"role": s.role, "people": s.people, "answers": s.answers, "weight": s.weight}
            for s in found.strata
        ],
    }


def _hundred(score: float | None) -> float | None:
    return None if score is None else score * 100


def _hundreds(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low * 100, interval.high * 100]
