"""The first page about money: what waits for whoever looks."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now
from otklik.payouts.queries.waiting import waiting_for


@require_safe
@needs(Right.SEE_MONEY)
def show(request: StaffRequest) -> HttpResponse:
    today = timezone.localdate(now())
    return render(
        request, "payouts/overview.html", {"waiting": waiting_for(request.user, today), "today": today}
    )
