"""Payouts: listed, and one with all that happened to it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now
from otklik.partners.public import name_key, shown_timeline
from otklik.payouts.access import visible_payouts
from otklik.payouts.labels import PAYOUT_PROBLEMS, PAYOUT_STATES
from otklik.payouts.models import Payout
from otklik.payouts.queries.waiting import late_by
from otklik.payouts.rules.vocabulary import AWAITED, PAYOUT_MOVES, PayoutState

A_PAGE = 50


@require_safe
@needs(Right.SEE_MONEY)
def listed(request: StaffRequest) -> HttpResponse:
    """The latest day first."""
    state = request.GET.get("state", "")
    asked = request.GET.get("q", "").replace("\x00", "")[:200]
    rows = visible_payouts(request.user).select_related("partner").order_by("-expected_on", "-pk")
    if state in set(PayoutState):
        rows = rows.filter(state=state)
    if wanted := name_key(asked):
        rows = rows.filter(Q(partner__name_key__contains=wanted) | Q(reference__icontains=asked.strip()))
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
        visible_payouts(request.user).select_related("partner", "program", "details"), pk=payout_id
    )
    lines, _more = shown_timeline("payout", payout.pk, rights=frozenset(request.user.rights))
    context = {
        "payout": payout,
        "lines": lines,
        "days_late": late_by(payout, timezone.localdate(now())),
        "was_moved": payout.expected_on != payout.original_expected_on,
        "moves": _moves(payout) if request.user.may(Right.EDIT_MONEY) else set(),
        "today": timezone.localdate(now()),
        "problems": _problems(),
        "sees_batch": payout.batch_id and request.user.may(Right.SEE_ALL_PARTNERS),
    }
    return render(request, "payouts/payout.html", context)


def _moves(payout: Payout) -> set[str]:
    """Which buttons there are. Approving is the batch's business."""
    state = PayoutState(payout.state)
    moves = {move.value for move in PAYOUT_MOVES[state]} - {PayoutState.APPROVED.value}
    return moves | {"moved"} if state in AWAITED else moves


def _problems() -> list[tuple[str, object]]:
    return [(problem.value, word) for problem, word in PAYOUT_PROBLEMS.items()]
