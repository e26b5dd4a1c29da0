"""The alerts behind a root cause, and what is done about it."""

from __future__ import annotations

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now
from otklik.loop.access import visible_causes
from otklik.loop.queries.improvements import (
    alerts_behind,
    behind_alerts,
    causes_below,
    improvements_naming,
)
from otklik.partners.public import may_see_revenue

A_PAGE = 50
PERIODS = (30, 90, 365)


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest, cause_id: int) -> HttpResponse:
    at = now()
    cause = get_object_or_404(visible_causes(request.user).select_related("program", "parent"), pk=cause_id)
    days = period(request.GET.get("days", ""))
    causes = causes_below(cause)
    alerts = alerts_behind(request.user, causes, at - timedelta(days=days), at)
    rows = alerts.select_related("partner", "contact", "owner").order_by("-closed_at", "-pk")
    context = {
        "cause": cause,
        "has_branches": len(causes) > 1,
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "behind": behind_alerts(request.user, alerts),
        "improvements": improvements_naming(causes)[:10],
        "sees_revenue": may_see_revenue(request.user),
        "days": days,
        "periods": PERIODS,
    }
    return render(request, "loop/cause_alerts.html", context)


def period(text: str) -> int:
    return next((days for days in PERIODS if str(days) == text), 90)
