"""Partners who ask for money. A request goes into the next batch by itself; here it may be declined."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.payouts.access import editable, visible_requests
from otklik.payouts.labels import DECLINE_REASONS
from otklik.payouts.operations.requests import RequestClosed, decline_request
from otklik.payouts.rules.vocabulary import DeclineReason, RequestState

A_PAGE = 50


@require_safe
@needs(Right.SEE_MONEY)
def listed(request: StaffRequest) -> HttpResponse:
    shows_closed = request.GET.get("state", "") == "closed"
    rows = visible_requests(request.user).select_related(
        "partner__program", "asked_by_contact", "asked_by_user", "payout"
    )
    if shows_closed:
        rows = rows.exclude(state=RequestState.ASKED).order_by("-decided_at", "-pk")
    else:
        rows = rows.filter(state=RequestState.ASKED).order_by("created_at", "pk")
    may_edit = request.user.may(Right.EDIT_MONEY)
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "shows_closed": shows_closed,
        "may_edit": may_edit and not shows_closed,
        "may_calculate": may_edit and request.user.may(Right.SEE_ALL_PARTNERS),
        "reasons": [(reason.value, word) for reason, word in DECLINE_REASONS.items()],
    }
    return render(request, "payouts/requests.html", context)


@require_POST
@needs(Right.EDIT_MONEY)
def decline(request: StaffRequest, request_id: int) -> HttpResponse:
    asked = get_object_or_404(editable(request.user, visible_requests(request.user)), pk=request_id)
    reason = request.POST.get("reason", "")
    if reason not in set(DeclineReason):
        messages.error(request, _("Choose a reason: the partner reads it."))
        return redirect("payout-requests")
    try:
        decline_request(request_id=asked.pk, reason=DeclineReason(reason), by=actor_for(request), at=now())
    except RequestClosed:
        messages.info(request, _("This request was closed meanwhile."))
    else:
        messages.success(request, _("Declined. The partner reads the reason."))
    return redirect("payout-requests")
