"""The first page of impact, and the asking for a new computation."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.impact.access import studied_programs, visible_changes
from otklik.impact.labels import BAD_ROWS
from otklik.impact.operations.computing import ask_report
from otklik.impact.pictures import effects_picture, shares_picture
from otklik.impact.sentences import counted_verdicts, headline_sentence, shares_sentence, support_sentence
from otklik.impact.web.asked import answer, query_of, read_asked, read_outcome
from otklik.impact.web.lines import cause_lines, doubts
from otklik.kit.clock import now
from otklik.partners.public import Program


@require_safe
@needs(Right.SEE_FEEDBACK)
def index(request: StaffRequest) -> HttpResponse:
    asked = read_asked(request)
    if asked is None or asked.report is None:
        return answer(request, "", "overview", asked)
    report = asked.report
    return answer(
        request,
        "impact/overview.html",
        "overview",
        asked,
        headline=headline_sentence(report),
        of_support=support_sentence(report),
        counted=counted_verdicts(report),
        lines=cause_lines(report),
        picture=effects_picture(report.studies, report.outcome),
        shares=None if report.drivers is None else shares_picture(report.drivers),
        shares_sentence=shares_sentence(report),
        doubts=doubts(report.studies),
        bad_rows=[(*BAD_ROWS[reason], n) for reason, n in report.bad_rows],
    )


@require_POST
@needs(Right.SEE_FEEDBACK)
def compute(request: StaffRequest) -> HttpResponse:
    given = request.POST.get("program", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    program = get_object_or_404(studied_programs(request.user), pk=number)
    outcome = read_outcome(request.POST.get("outcome", ""))
    ask_report(program=program, outcome=outcome, by=actor_for(request), at=now())
    messages.success(request, _("It is being computed. This page shows the result by itself."))
    return redirect(f"{_back(request, program)}?{query_of(program, outcome)}")


def _back(request: StaffRequest, program: Program) -> str:
    """To the page of the policy change where it was asked for there."""
    given = request.POST.get("change", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    change = visible_changes(request.user).filter(pk=number, program=program).first()
    return reverse("impact") if change is None else reverse("impact-change", args=[change.pk])


@require_safe
@needs(Right.SEE_FEEDBACK)
def method(request: StaffRequest) -> HttpResponse:
    asked = read_asked(request)
    context = {"room": "method", "asked": asked.query if asked else "", "page_of": None}
    return render(request, "impact/method.html", context)
