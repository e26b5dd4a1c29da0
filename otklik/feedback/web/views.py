from __future__ import annotations

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from otklik.feedback.access import scope_of
from otklik.feedback.queries.comments import latest_comments
from otklik.feedback.queries.nps_report import nps_report
from otklik.feedback.queries.tallies import Asked
from otklik.feedback.web.export import report_csv
from otklik.feedback.web.filters import read_filter
from otklik.feedback.web.pages import NpsPage
from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now


@needs(Right.SEE_FEEDBACK)
def nps(request: StaffRequest) -> HttpResponse:
    asked = read_filter(request.GET.dict(), timezone.localdate(now()))
    scope = scope_of(request.user)
    report = nps_report(scope, asked.chosen)
    comments = latest_comments(Asked(scope, asked.chosen.where), asked.chosen.period)
    page = NpsPage(report, asked, comments)
    may = {"export": request.user.may(Right.EXPORT), "import": request.user.may(Right.IMPORT)}
    return render(request, "feedback/nps.html", {"page": page, "may": may})


@needs(Right.EXPORT)
def nps_csv(request: StaffRequest) -> StreamingHttpResponse:
    """What the page shows under the same address parameters."""
    asked = read_filter(request.GET.dict(), timezone.localdate(now()))
    report = nps_report(scope_of(request.user), asked.chosen)
    # Written before the response starts: the language of the request is gone while it streams.
    lines = list(report_csv(report))
    name = f"nps-{asked.chosen.period.start}-{asked.chosen.period.last_day}.csv"
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@needs(Right.SEE_FEEDBACK)
def nps_method(request: StaffRequest) -> HttpResponse:
    return render(request, "feedback/nps_method.html")
