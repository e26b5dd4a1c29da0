"""Answers and NPS over REST; the figures are those of the NPS page, from the same function."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError
from pydantic import Field

from otklik.api.operations.answers import store_answers
from otklik.api.rules.scopes import Scope
from otklik.api.v1.auth import Bearer, owner_of
from otklik.api.v1.paging import MOST, page_newest_first
from otklik.api.v1.partners import program_by
from otklik.api.v1.schemas import (
    Id,
    Moment,
    NpsOut,
    Outcome,
    Outcomes,
    ResponseIn,
    ResponsePage,
    ResponsesIn,
    Text,
)
from otklik.events.public import Actor
from otklik.feedback.public import (
    SCALES,
    BackwardPeriod,
    Channel,
    Dimension,
    NpsReport,
    ReportFilter,
    ResponseRow,
    ResponseStatus,
    SurveyKind,
    SurveyNameTaken,
    custom_period,
    nps_report,
    scope_of,
    visible_responses,
)
from otklik.identity.public import Right
from otklik.kit.clock import now
from otklik.stats.nps import points
from otklik.stats.verdicts import Summary

router = Router(tags=["feedback"])
READ = Bearer(Scope.FEEDBACK_READ, Right.SEE_FEEDBACK)
WRITE = Bearer(Scope.FEEDBACK_WRITE, Right.IMPORT)
Limit = Annotated[int, Field(ge=1, le=MOST)]
LONGEST_YEARS = 20


@router.get("/responses", auth=READ, response=ResponsePage)
def responses(
    request: HttpRequest,
    program: Query[Text | None] = None,
    partner_id: Id | None = None,
    since: Moment | None = None,
    after: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Answers that count, newest first."""
    rows = visible_responses(scope_of(owner_of(request))).filter(status=ResponseStatus.COMPLETE)
    if program:
        rows = rows.filter(program__slug=program)
    if partner_id is not None:
        rows = rows.filter(partner_id=partner_id)
    if since is not None:
        rows = rows.filter(responded_at__gte=since)
    items, following = page_newest_first(rows, "responded_at", after, limit)
    return {"items": items, "next": following}


@router.post("/responses", auth=WRITE, response=Outcomes)
def write_responses(request: HttpRequest, payload: ResponsesIn) -> Outcomes:
    """Add up to 500 answers. ``source_key`` names one in your system: the same key twice is one answer."""
    owner = owner_of(request)
    by, at = Actor.person(owner.pk), now()
    kind = _kind(payload.kind)
    program = program_by(payload.program, owner)
    _refuse_off_scale(kind, payload.rows)
    try:
        stored = store_answers(
            program_id=program.pk,
            survey=payload.survey,
            kind=kind,
            rows_of=lambda version_id: [
                ResponseRow(**row.model_dump(), version_id=version_id, channel=Channel.API)
                for row in payload.rows
            ],
            by=by,
            at=at,
        )
    except SurveyNameTaken:
        raise HttpError(422, f"survey: {payload.survey!r} asks for something else.") from None
    return Outcomes(
        rows=[
            Outcome(
                result=one.result.value,
                id=one.response_id,
                problem=one.problem.value if one.problem else None,
            )
            for one in stored
        ]
    )


@router.get("/nps", auth=READ, response=NpsOut)
def nps(
    request: HttpRequest,
    first_day: date,
    last_day: date,
    program: Query[Text | None] = None,
    by: Query[list[Dimension] | None] = None,
) -> dict[str, Any]:
    """NPS of a period (both days included, at most twenty years), and against the period before."""
    owner = owner_of(request)
    if first_day.year < 1990 or last_day.year > 2200 or last_day.year - first_day.year > LONGEST_YEARS:
        raise HttpError(422, "last_day: choose a period of at most twenty years.")
    try:
        period = custom_period(first_day, last_day)
    except BackwardPeriod:
        raise HttpError(422, "last_day: it lies before first_day.") from None
    where = {Dimension.PROGRAM: str(program_by(program, owner).pk)} if program else {}
    return _shown(nps_report(scope_of(owner), ReportFilter(period, where=where)), by or [])


def _kind(text: str) -> SurveyKind:
    try:
        return SurveyKind(text)
    except ValueError:
        raise HttpError(422, f"kind: {text!r} is not known. Use one of: {', '.join(SurveyKind)}.") from None


def _refuse_off_scale(kind: SurveyKind, rows: list[ResponseIn]) -> None:
    low, high = SCALES[kind]
    for place, row in enumerate(rows):
        if not low <= row.score <= high:
            raise HttpError(422, f"rows.{place}.score: {kind.value} runs from {low} to {high}.")


def _shown(report: NpsReport, dimensions: list[Dimension]) -> dict[str, Any]:
    change = report.comparison
    return {
        **_figure(report.summary),
        "scores": list(report.scores),
        "comparison": {
            "before": _figure(change.before),
            "difference": _points(change.difference),
            "interval": _pair(change.interval),
            "verdict": change.verdict.value,
            "reason": change.reason.value if change.reason else None,
        },
        "trend": [
            {"start": point.start, **_figure(point.summary)} for point in report.trend if point.is_inside
        ],
        "segments": [
            {"by": breakdown.dimension.value, "value": row.value, "name": row.name, **_figure(row.summary)}
            for breakdown in report.breakdowns
            if breakdown.dimension in dimensions
            for row in breakdown.rows
        ],
    }


def _figure(summary: Summary) -> dict[str, Any]:
    return {
        "n": summary.n,
        "detractors": summary.detractors,
        "passives": summary.passives,
        "promoters": summary.promoters,
        "nps": _points(summary.nps),
        "interval": _pair(summary.interval),
        "shrunk": _points(summary.shrunk),
        "kind": summary.kind.value,
        "method": summary.method.value,
        "level": summary.level,
    }


def _pair(interval: tuple[float, float] | None) -> list[float | None] | None:
    return None if interval is None else [_points(end) for end in interval]


def _points(score: float | None) -> float | None:
    return None if score is None else points(score)
