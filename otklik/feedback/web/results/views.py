from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from otklik.feedback.access import scope_of, visible_surveys
from otklik.feedback.queries.survey_results import survey_results
from otklik.feedback.queries.survey_words import latest_words
from otklik.feedback.web.results.filters import read_filter
from otklik.feedback.web.results.pages import ResultsPage
from otklik.identity.public import Right, StaffRequest, needs


@require_safe
@needs(Right.SEE_FEEDBACK)
def results(request: StaffRequest, survey_id: int) -> HttpResponse:
    survey = get_object_or_404(visible_surveys(request.user).select_related("program"), pk=survey_id)
    asked = read_filter(request.GET.dict(), survey)
    scope = scope_of(request.user)
    found = survey_results(scope, survey, asked.chosen)
    context = {
        "survey": survey,
        "page": ResultsPage(found, asked, may_run=request.user.may(Right.RUN_SURVEYS)),
        "words": latest_words(scope, survey, found),
        "may_export": request.user.may(Right.EXPORT),
    }
    return render(request, "feedback/results/results.html", context)
