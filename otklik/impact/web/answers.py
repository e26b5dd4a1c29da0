"""Lists of the answers behind a figure, of a report or of a comparison."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.impact.labels import CAUSES
from otklik.impact.pictures import dose_span
from otklik.impact.queries.behind import Behind, Doses, OfLine, OfReport
from otklik.impact.rules.comparing import Measure
from otklik.impact.rules.vocabulary import Outcome
from otklik.impact.web.asked import Asked, answer, read_asked, read_exposure
from otklik.impact.web.behind import page_of
from otklik.impact.web.causes import may_open
from otklik.impact.web.comparison import read_by, read_days, read_period, read_value
from otklik.impact.web.room import read_room
from otklik.impact.web.side_by_side import MEASURES, name_of

MOST = 1e6
_BEFORE: dict[Outcome, Promise] = {
    Outcome.NPS: gettext_lazy("Tickets in the 90 days before"),
    Outcome.CSAT: gettext_lazy("Ticket"),
}


@require_safe
@needs(Right.SEE_FEEDBACK)
def of_cause(request: StaffRequest, exposure: str) -> HttpResponse:
    """Those whose cause lay between two values; all of them where none are given."""
    cause, asked = read_exposure(exposure), read_asked(request)
    if not may_open(request.user, cause):
        raise Http404
    named = {"cause": CAUSES[cause], "key": cause.value}
    if asked is None or asked.report is None or asked.report.of(cause) is None:
        return answer(request, "impact/not_studied.html", "overview", asked, **named)
    low, high = read_bound(request.GET.get("low", "")), read_bound(request.GET.get("high", ""))
    behind = _of_report(asked, Doses(cause, low or 0.0, MOST if high is None else high))
    shown = _shown(request, behind, reverse("impact-exposure", args=[cause.value]), CAUSES[cause])
    if high is not None:
        shown["heading"] = f"{CAUSES[cause]}: {dose_span(cause, low or 0.0, high)}"
    return answer(request, "impact/answers.html", "overview", asked, **shown, dose=CAUSES[cause])


@require_safe
@needs(Right.SEE_FEEDBACK)
def of_report(request: StaffRequest) -> HttpResponse:
    """All that a report was learned from."""
    asked = read_asked(request)
    if asked is None or asked.report is None:
        return answer(request, "", "overview", asked)
    shown = _shown(request, _of_report(asked, None), reverse("impact"), _("What moves the score"))
    return answer(request, "impact/answers.html", "overview", asked, **shown, dose=_BEFORE[asked.outcome])


@require_safe
@needs(Right.SEE_FEEDBACK)
def of_line(request: StaffRequest) -> HttpResponse:
    """Those behind one line of the comparison."""
    room, by, days = read_room(request.user, request.GET), read_by(request), read_days(request)
    if room is None:
        raise Http404
    value, (since, until) = read_value(request, by), read_period(days)
    behind = OfLine(room.program.pk, room.outcome, since, until, by, value)
    measure = Measure.NPS if room.outcome is Outcome.NPS else Measure.CSAT
    context = {
        **_shown(request, behind, reverse("impact-comparison"), _("Channels, teams, topics")),
        "heading": f"{name_of(by, value)}: {MEASURES[measure][0]}",
        "dose": _BEFORE[room.outcome],
        "room": "comparison",
        "asked": f"{room.query}&by={by}&days={days}",
        "page_of": room,
    }
    return render(request, "impact/answers.html", context)


def read_bound(text: str) -> float | None:
    """A number of an address, 0 or more; None where it is none."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= MOST else None


def _of_report(asked: Asked, doses: Doses | None) -> OfReport:
    report, done = asked.report, asked.newest.done
    assert report is not None
    assert done is not None
    at = done.ended_at or done.asked_at
    return OfReport(asked.program.pk, asked.outcome, report.since, report.until, at, doses)


def _shown(request: StaffRequest, behind: Behind, back: str, back_to: str | Promise) -> dict[str, Any]:
    page = page_of(request.user, behind, request.GET.get("page", ""))
    return {"page": page, "back": back, "back_to": back_to, "heading": _("Answers behind a figure")}
