"""Team and answers over time; neither is called the truth."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.relationships.access import visible_expectations
from otklik.relationships.queries.calibration import team_and_answers
from otklik.relationships.rules.surprises import FEWEST_PEOPLE


@require_safe
@needs(Right.SEE_FEEDBACK)
def index(request: StaffRequest) -> HttpResponse:
    expected = visible_expectations(request.user)
    mine = "mine" in request.GET
    if mine:
        expected = expected.filter(user=request.user)
    context = {"lines": team_and_answers(expected), "mine": mine, "fewest": FEWEST_PEOPLE}
    return render(request, "relationships/calibration.html", context)
