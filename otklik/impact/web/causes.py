"""One cause: what it does, and how sure that is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, User, needs
from otklik.impact import sentences
from otklik.impact.labels import CAUSES, IN_TICKET, MEANINGS
from otklik.impact.pictures import dose_picture
from otklik.impact.rules.report import ExposureStudy
from otklik.impact.rules.vocabulary import OF_MONEY, Exposure, Outcome
from otklik.impact.web.asked import answer, read_asked, read_exposure
from otklik.impact.web.lines import bin_lines, cause_line, doubts


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest, exposure: str) -> HttpResponse:
    cause, asked = read_exposure(exposure), read_asked(request)
    study = None if asked is None or asked.report is None else asked.report.of(cause)
    is_of_ticket = asked is not None and asked.outcome is Outcome.CSAT and cause in IN_TICKET
    meaning = IN_TICKET[cause] if is_of_ticket else MEANINGS[cause]
    named = {"cause": CAUSES[cause], "meaning": meaning, "key": cause.value}
    if asked is None or asked.report is None or study is None:
        return answer(request, "impact/not_studied.html", "overview", asked, **named)
    return answer(
        request,
        "impact/cause.html",
        "overview",
        asked,
        **named,
        study=study,
        line=cause_line(study, asked.report),
        picture=dose_picture(study, asked.outcome) if len(study.doses) > 1 else None,
        bins=bin_lines(study, asked.outcome),
        opens=may_open(request.user, cause),
        doubts=doubts([study]),
        said=_said(study, asked.outcome),
        slopes=[
            (_("within the same partner"), study.within),
            (_("over all answers"), study.pooled),
            (_("placebo: what came after"), study.placebo),
        ],
    )


def may_open(user: User, cause: Exposure) -> bool:
    """How money moves the score is told to whoever reads impact; whose money it was is not."""
    return cause not in OF_MONEY or user.may(Right.SEE_MONEY)


def _said(study: ExposureStudy, outcome: Outcome) -> dict[str, Any]:
    """Sentence by sentence what stands behind the verdict."""
    return {
        "reasons": sentences.reasons(study, outcome),
        "notes": sentences.notes(study),
        "pooled": sentences.pooled_beside_within(study),
        "placebo": sentences.placebo(study, outcome),
        "ranks": sentences.ranks(study),
        "robustness": sentences.robustness(study),
        "visible": sentences.smallest_visible(study),
    }
