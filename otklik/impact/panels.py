"""What other rooms show of impact: one line on the first page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from otklik.identity.public import Right, User
from otklik.impact.access import visible_reports
from otklik.impact.rules.vocabulary import Outcome, ReportState
from otklik.impact.sentences import headline_sentence
from otklik.impact.web.asked import query_of
from otklik.kit.registry import NavigationItem, Panel


def draw_dashboard(request: HttpRequest, subject: Any) -> str:
    """Of the NPS report that was done last; nothing where there is none."""
    if not isinstance(request.user, User):
        return ""
    done = visible_reports(request.user).filter(outcome=Outcome.NPS, state=ReportState.DONE)
    found = done.select_related("program").order_by("-asked_at", "-pk").first()
    if found is None:
        return ""
    context = {
        "headline": headline_sentence(found.report),
        "report": found,
        "asked": query_of(found.program, Outcome.NPS),
    }
    return render_to_string("impact/_dashboard.html", context, request=request)


dashboard_panel = Panel("impact.headline", draw_dashboard, 15, Right.SEE_FEEDBACK)
navigation_item = NavigationItem("impact", _("Impact"), "impact", "activity", 23, Right.SEE_FEEDBACK)
