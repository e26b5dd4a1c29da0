"""The list of surveys."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from otklik.feedback.access import visible_surveys
from otklik.feedback.labels import SURVEY_KIND_LABELS, WAVE_STATE_LABELS
from otklik.feedback.models import Survey
from otklik.feedback.queries.surveys import with_state
from otklik.feedback.rules.vocabulary import SurveyKind, WaveState
from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.registry import Text

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    survey: Survey
    url: str
    kind: str
    version: int
    wave: str
    wave_url: str
    wave_state: Text


@require_safe
@needs(Right.SEE_FEEDBACK)
def surveys(request: StaffRequest) -> HttpResponse:
    found = visible_surveys(request.user).select_related("program")
    has_archived = found.exclude(archived_at=None).exists()
    shows_archived = "archived" in request.GET
    shown = with_state(found if shows_archived else found.filter(archived_at=None))
    page = Paginator(shown, A_PAGE).get_page(request.GET.get("page"))
    may_run = request.user.may(Right.RUN_SURVEYS)
    context = {
        "page": page,
        "lines": [_line(survey, may_run=may_run) for survey in page],
        "has_archived": has_archived,
        "shows_archived": shows_archived,
        "may": {"run": may_run},
    }
    return render(request, "feedback/surveys/list.html", context)


def _line(survey: Survey, *, may_run: bool) -> Line:
    facts = vars(survey)
    state = WAVE_STATE_LABELS[WaveState(facts["wave_state"])] if facts["wave_state"] else ""
    return Line(
        survey,
        _address("survey", survey.pk) or reverse("survey-form", args=[survey.pk]),
        SURVEY_KIND_LABELS[SurveyKind(survey.kind)],
        facts["latest"] or 0,
        facts["wave_name"] or "",
        _address("wave", facts["wave"]) if facts["wave"] and may_run else "",
        state,
    )


def _address(name: str, pk: int) -> str:
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""
