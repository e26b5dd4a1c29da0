"""The guides of interviews."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.feedback.models import InterviewGuide
from otklik.feedback.operations.voices.guides import (
    GuideNameTaken,
    archive_guide,
    change_guide,
    create_guide,
)
from otklik.feedback.rules.voices.guides import (
    STANDARD,
    GuideKind,
    NoQuestions,
    QuestionTooLong,
    TooManyQuestions,
    as_lines,
)
from otklik.feedback.voice_labels import GUIDE_KIND_LABELS
from otklik.feedback.web.voices.forms import GuideForm, NewGuideForm
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import visible_programs


@require_safe
@needs(Right.RUN_SURVEYS)
def guides(request: StaffRequest) -> HttpResponse:
    rows = InterviewGuide.objects.select_related("program").annotate(number=Max("versions__number"))
    context = {"guides": rows.order_by("archived_at", "name", "pk"), "tab": "guides", "may": {"run": True}}
    return render(request, "feedback/voices/guides.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_SURVEYS)
def new(request: StaffRequest) -> HttpResponse:
    programs = list(visible_programs(request.user).order_by("name"))
    if not programs:
        return redirect("guides")
    form = NewGuideForm(request.POST or None, programs=programs, initial=_start(request))
    if form.is_valid():
        said = form.cleaned_data
        try:
            create_guide(
                program_id=form.program_id(),
                name=said["name"],
                language=said["language"],
                questions=said["questions"],
                by=actor_for(request),
                at=now(),
            )
        except (GuideNameTaken, NoQuestions, TooManyQuestions, QuestionTooLong) as refused:
            _complain(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("guides")
    starts = [(kind.value, GUIDE_KIND_LABELS[kind]) for kind in GuideKind]
    context = {"form": form, "title": _("New guide"), "starts": starts}
    return render(request, "feedback/voices/guide_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_SURVEYS)
def edit(request: StaffRequest, guide_id: int) -> HttpResponse:
    guide = get_object_or_404(InterviewGuide, pk=guide_id)
    latest = guide.versions.order_by("-number")[0]
    initial = {"name": guide.name, "language": guide.language, "questions": as_lines(latest.questions)}
    form = GuideForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            change_guide(guide_id=guide.pk, **form.cleaned_data, by=actor_for(request), at=now())
        except (GuideNameTaken, NoQuestions, TooManyQuestions, QuestionTooLong) as refused:
            _complain(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("guides")
    context = {"form": form, "title": guide.name, "guide": guide, "latest": latest}
    return render(request, "feedback/voices/guide_form.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.RUN_SURVEYS)
def archive(request: StaffRequest, guide_id: int) -> HttpResponse:
    guide = get_object_or_404(InterviewGuide, pk=guide_id)
    archive_guide(guide_id=guide.pk, is_archived=guide.archived_at is None, by=actor_for(request), at=now())
    return redirect("guides")


def _start(request: StaffRequest) -> dict[str, str]:
    """From a standard guide in the reader's language, where the address names one."""
    language = "ru" if (get_language() or "en").startswith("ru") else "en"
    asked = request.GET.get("start", "")
    if asked not in set(GuideKind):
        return {"language": language}
    standard = STANDARD[GuideKind(asked), language]
    return {"name": standard.name, "language": language, "questions": "\n".join(standard.questions)}


def _complain(form: GuideForm, refused: Exception) -> None:
    match refused:
        case GuideNameTaken():
            form.add_error("name", _("The program has a guide of this name already."))
        case NoQuestions():
            form.add_error("questions", _("A guide asks at least one thing."))
        case TooManyQuestions():
            form.add_error("questions", _("A guide holds 40 questions at most."))
        case _:
            form.add_error("questions", _("A question has 500 characters at most."))
