"""Payouts: listed, and one with all that happened to it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now
from otklik.partners.public import name_key, shown_timeline
from otklik.payouts.access import visible_payouts
from otklik.payouts.labels import PAYOUT_STATES
from otklik.payouts.queries.waiting import late_by
from otklik.payouts.rules.vocabulary import PayoutState

A_PAGE = 50


@require_safe
@needs(Right.SEE_MONEY)
def listed(request: StaffRequest) -> HttpResponse:
    """The latest day first."""
    state = request.GET.get("state", "")
    asked = request.GET.get("q", "")[:200]
    rows = visible_payouts(request.user).select_related("partner").order_by("-expected_on", "-pk")
    if state in set(PayoutState):
        rows = rows.filter(state=state)
    if wanted := name_key(asked):
        rows = rows.filter(partner__name_key__contains=wanted)
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "states": [(one.value, word, one == state) for one, word in PAYOUT_STATES.items()],
        "wanted": asked,
    }
    return render(request, "payouts/payouts.html", context)


@require_safe
@needs(Right.SEE_MONEY)
def show(request: StaffRequest, payout_id: int) -> HttpResponse:
    payout = get_object_or_404(
        visible_payouts(request.user).select_related("partner", "program"), pk=payout_id
    )
    lines, _more = shown_timeline("payout", payout.pk, rights=frozenset(request.user.rights))
    context = {
        "payout": payout,
        "lines": lines,
        "days_late": late_by(payout, timezone.localdate(now())),
        "was_moved": payout.expected_on != payout.original_expected_on,
        "sees_batch": payout.batch_id and request.user.may(Right.SEE_ALL_PARTNERS),
    }
    return render(request, "payouts/payout.html", context)
