"""What somebody was asked and may still answer, and what they answered themselves."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from otklik.feedback.public import OwnAnswer, SurveyKind, own_answers, waiting_surveys
from otklik.kit.clock import now
from otklik.kit.templatetags.otklik import figure
from otklik.portal.web.charts import OwnScores, own_scores
from otklik.portal.web.guard import PortalRequest, person_page

QUESTIONS = {
    SurveyKind.NPS: gettext_lazy("How likely you are to recommend us"),
    SurveyKind.CSAT: gettext_lazy("How satisfied you are"),
    SurveyKind.CES: gettext_lazy("How easy it was for you"),
}


@require_safe
@person_page
def surveys(request: PortalRequest) -> HttpResponse:
    contact = request.person.contact
    answers = own_answers(contact.pk)
    scores = [one for one in answers if one.kind is SurveyKind.NPS]
    context = {
        "waiting": [(one, QUESTIONS[one.kind]) for one in waiting_surveys(contact.pk, at=now())],
        "answers": [(one, QUESTIONS[one.kind]) for one in reversed(answers)],
        "wide": _chart(scores, 640),
        "narrow": _chart(scores, 340),
    }
    return render(request, "portal/surveys/surveys.html", context)


def _chart(scores: Sequence[OwnAnswer], width: int) -> SafeString | str:
    """Two answers make a line; one is told by the table."""
    if len(scores) < 2:
        return ""
    words = OwnScores(
        title=_("Your own scores over time"),
        description=_("From 0 to 10; the same figures stand in the table below."),
        number=figure,
    )
    points = [(date_format(localtime(one.at), "SHORT_DATE_FORMAT"), one.score) for one in scores]
    return mark_safe(own_scores(points, words, width=width))  # noqa: S308 (drawn and escaped by kit/charts)
