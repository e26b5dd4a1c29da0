"""The form of a survey: its editor, its preview, its versions, and its way to the archive and back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.feedback.access import editable_surveys, scope_of, visible_surveys
from otklik.feedback.models import Survey, SurveyVersion
from otklik.feedback.operations.surveys import (
    ChangedMeanwhile,
    NothingToChange,
    SurveyArchived,
    WavesStillOpen,
    archive_survey,
    restore_survey,
    version_survey,
)
from otklik.feedback.rules.form_review import troubles_of
from otklik.feedback.rules.forms import read_form
from otklik.feedback.rules.vocabulary import SurveyKind
from otklik.feedback.web.builder.drafts import FormDraft, do, posted_draft, stored_draft
from otklik.feedback.web.builder.looking import look_at
from otklik.feedback.web.builder.pages import EditorPage, history_lines, mark, theirs
from otklik.identity.public import NeedsRight, Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.SEE_FEEDBACK)
def form(request: StaffRequest, survey_id: int) -> HttpResponse:
    survey = _survey(request, survey_id)
    latest = _latest(survey)
    if request.method != "POST":
        return _page(request, survey, stored_draft(latest))
    if not request.user.may(Right.RUN_SURVEYS):
        raise NeedsRight(Right.RUN_SURVEYS)
    draft = posted_draft(SurveyKind(survey.kind), request.POST)
    if not draft.words:
        # Nothing of a form was posted: there is nothing to lose.
        return redirect("survey-form", survey.pk)
    command = request.POST.get("do", "")
    if command == "save":
        return _save(request, survey, draft)
    used = {str(row["key"]) for version in survey.versions.all() for row in version.questions}
    do(draft, command, request.POST, used)
    return _page(request, survey, draft)


def _save(request: StaffRequest, survey: Survey, draft: FormDraft) -> HttpResponse:
    mark(draft, troubles_of(draft.kind, draft.wording(), draft.rows()))
    page = EditorPage(draft)
    if page.trouble_count:
        return _page(request, survey, draft)
    try:
        version = version_survey(
            survey_id=survey.pk,
            wording=draft.wording(),
            questions=draft.rows(),
            asks_contact=draft.asks_contact,
            expected=draft.base,
            by=actor_for(request),
            at=now(),
        )
    except NothingToChange:
        messages.info(request, _("Nothing has changed, so there is no new version."))
    except ChangedMeanwhile as changed:
        base = survey.versions.filter(number=draft.base).first()
        draft.base = changed.latest.number
        lines = theirs(draft.kind, base, changed.latest)
        return _page(request, survey, draft, meanwhile=changed.latest, theirs=lines)
    except SurveyArchived:
        draft.errors[""] = _("The survey is in the archive. Restore it to change it.")
        return _page(request, survey, draft)
    else:
        text = _("Version %(number)s is saved. Who was asked before keeps the words they were asked with.")
        messages.success(request, text % {"number": version.number})
    return redirect("survey-form", survey.pk)


def _page(request: StaffRequest, survey: Survey, draft: FormDraft, **more: Any) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    context = {
        "survey": survey,
        "page": EditorPage(draft),
        "look": look_at(draft.shown(), survey.program.name, asked),
        "history": history_lines(survey, scope_of(request.user)),
        "may_edit": request.user.may(Right.RUN_SURVEYS) and survey.archived_at is None,
        "may": {"run": request.user.may(Right.RUN_SURVEYS)},
        **more,
    }
    return render(request, "feedback/surveys/form.html", context)


@require_POST
@needs(Right.RUN_SURVEYS)
def preview(request: StaffRequest, survey_id: int) -> HttpResponse:
    """What is typed just now, as people would see it; nothing is kept."""
    survey = get_object_or_404(editable_surveys(request.user).select_related("program"), pk=survey_id)
    draft = posted_draft(SurveyKind(survey.kind), request.POST)
    if not draft.words:
        draft = stored_draft(_latest(survey))
    look = look_at(draft.shown(), survey.program.name, request.POST)
    return render(request, "feedback/surveys/_look.html", {"look": look})


@require_safe
@needs(Right.SEE_FEEDBACK)
def version(request: StaffRequest, survey_id: int, number: int) -> HttpResponse:
    """The form as those were asked who answered this version."""
    survey = _survey(request, survey_id)
    found = get_object_or_404(SurveyVersion, survey=survey, number=number)
    stored = read_form(
        SurveyKind(survey.kind), found.wording, found.questions, asks_contact=found.asks_contact
    )
    look = look_at(stored, survey.program.name, request.GET, version_id=found.pk)
    lines = [line for line in history_lines(survey, scope_of(request.user)) if line.number == number]
    context = {"survey": survey, "version": found, "look": look, "history": lines}
    return render(request, "feedback/surveys/version.html", context)


@require_POST
@needs(Right.RUN_SURVEYS)
def archive(request: StaffRequest, survey_id: int) -> HttpResponse:
    survey = get_object_or_404(editable_surveys(request.user), pk=survey_id)
    try:
        archive_survey(survey_id=survey.pk, by=actor_for(request), at=now())
    except WavesStillOpen:
        messages.error(request, _("People are being asked with this survey. Close its waves first."))
        return redirect("survey-form", survey.pk)
    messages.success(request, _("The survey is in the archive. Its answers and figures stay."))
    return redirect("surveys")


@require_POST
@needs(Right.RUN_SURVEYS)
def restore(request: StaffRequest, survey_id: int) -> HttpResponse:
    survey = get_object_or_404(editable_surveys(request.user), pk=survey_id)
    restore_survey(survey_id=survey.pk, by=actor_for(request), at=now())
    messages.success(request, _("The survey is back from the archive."))
    return redirect("survey-form", survey.pk)


def _survey(request: StaffRequest, survey_id: int) -> Survey:
    return get_object_or_404(visible_surveys(request.user).select_related("program"), pk=survey_id)


def _latest(survey: Survey) -> SurveyVersion:
    found = survey.versions.order_by("-number").first()
    if found is None:
        raise Http404
    found.survey = survey
    return found
