"""The pages of waves: their list, a plan and its preview, one wave."""

from __future__ import annotations

import secrets

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from otklik.feedback.access import editable_surveys, plannable_waves
from otklik.feedback.models import Survey, Wave
from otklik.feedback.operations.waves import (
    ClosesTooEarly,
    NotADraft,
    SurveyArchived,
    change_draft,
    create_wave,
)
from otklik.feedback.queries.forecast import forecast
from otklik.feedback.queries.layout import lay_out, lay_out_day
from otklik.feedback.rules.plans import PlanProblem, PlanRefused
from otklik.feedback.rules.vocabulary import WaveMode, WaveState
from otklik.feedback.web.waves.forms import PlanForm
from otklik.feedback.web.waves.pages import preview_context, wave_context, wave_lines
from otklik.feedback.web.waves.words import MODES, PROBLEMS
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now

FIELDS = {
    PlanProblem.EVERY_DAYS: "every_days",
    PlanProblem.BELOW_COOLDOWN: "every_days",
    PlanProblem.EVENT: "event",
    PlanProblem.DELAY: "delay_hours",
    PlanProblem.SPREAD: "spread_hours",
    PlanProblem.REMINDERS: "reminders",
}


@require_safe
@needs(Right.RUN_SURVEYS)
def waves(request: StaffRequest, survey_id: int) -> HttpResponse:
    survey = get_object_or_404(editable_surveys(request.user).select_related("program"), pk=survey_id)
    modes = [(mode.value, *words) for mode, words in MODES.items()]
    return render(
        request,
        "feedback/waves/list.html",
        {"survey": survey, "tab": "waves", "lines": wave_lines(survey), "modes": modes},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_SURVEYS)
def new(request: StaffRequest, survey_id: int) -> HttpResponse:
    survey = get_object_or_404(editable_surveys(request.user), pk=survey_id)
    asked = request.GET.get("mode", WaveMode.WAVE)
    if asked not in set(WaveMode):
        raise Http404
    form = PlanForm(survey, WaveMode(asked), request.POST or None)
    return _planned(request, survey, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_SURVEYS)
def plan(request: StaffRequest, wave_id: int) -> HttpResponse:
    wave = get_object_or_404(plannable_waves(request.user).select_related("survey"), pk=wave_id)
    if wave.state != WaveState.DRAFT:
        return redirect("wave", wave.pk)
    form = PlanForm(wave.survey, WaveMode(wave.mode), request.POST or None, wave)
    return _planned(request, wave.survey, form, wave)


def _planned(request: StaffRequest, survey: Survey, form: PlanForm, wave: Wave | None) -> HttpResponse:
    if form.is_valid() and (saved := _save(request, survey, form, wave)):
        return redirect("wave", saved.pk)
    title = wave.name if wave else MODES[form.mode][0]
    context = {"survey": survey, "tab": "waves", "form": form, "wave": wave, "title": title}
    return render(request, "feedback/waves/plan.html", context)


def _save(request: StaffRequest, survey: Survey, form: PlanForm, wave: Wave | None) -> Wave | None:
    typed = form.cleaned_data
    seed = form.plan.seed or secrets.token_hex(6)
    fields = {
        "name": typed["name"],
        "plan": form.typed_plan(seed),
        "reminders": typed["reminders"],
        "starts_at": typed.get("starts_at"),
        "closes_at": typed["closes_at"],
        "repeat": form.typed_repeat(),
        "by": actor_for(request),
        "at": now(),
    }
    try:
        if wave is None:
            return create_wave(survey_id=survey.pk, mode=form.mode, **fields)
        return change_draft(wave_id=wave.pk, **fields)
    except PlanRefused as refused:
        field = FIELDS.get(refused.problem)
        form.add_error(field if field in form.fields else None, str(PROBLEMS[refused.problem]))
    except ClosesTooEarly:
        form.add_error("closes_at", _("A wave closes after it has started, and not in the past."))
    except SurveyArchived:
        form.add_error(None, _("This survey was put away: nobody is asked with it."))
    except NotADraft:
        messages.warning(request, _("The wave was started meanwhile; its plan is frozen."))
        return wave
    return None


@require_safe
@needs(Right.RUN_SURVEYS)
def wave(request: StaffRequest, wave_id: int) -> HttpResponse:
    found = get_object_or_404(
        plannable_waves(request.user).select_related("survey", "version", "program"), pk=wave_id
    )
    return render(request, "feedback/waves/wave.html", wave_context(found))


@require_safe
@needs(Right.RUN_SURVEYS)
def state(request: StaffRequest, wave_id: int) -> HttpResponse:
    found = get_object_or_404(
        plannable_waves(request.user).select_related("survey", "version", "program"), pk=wave_id
    )
    return render(request, "feedback/waves/_state.html", wave_context(found))


@require_safe
@needs(Right.RUN_SURVEYS)
def preview(request: StaffRequest, wave_id: int) -> HttpResponse:
    """Asked for by the page once it stands: for a large program this takes seconds."""
    found = get_object_or_404(plannable_waves(request.user).select_related("survey", "program"), pk=wave_id)
    at = now()
    if found.mode == WaveMode.ROLLING:
        layout = lay_out_day(found, day=at.date(), at=at)
    else:
        layout = lay_out(found, at=at)
    context = preview_context(found, forecast(found, layout, at=at))
    return render(request, "feedback/waves/_preview.html", context)
