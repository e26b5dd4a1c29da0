"""Changes of a balance by hand: one proposes, somebody else decides."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import shown_timeline
from otklik.payouts.access import visible_adjustments, visible_balances
from otklik.payouts.operations.adjustments import (
    AdjustmentDecided,
    decide_adjustment,
    propose_adjustment,
)
from otklik.payouts.operations.amounts import WrongAmount
from otklik.payouts.operations.holds import NeedsSecondPerson
from otklik.payouts.operations.ledger import BalanceTooLarge
from otklik.payouts.rules.vocabulary import AdjustmentState
from otklik.payouts.web.forms import AdjustmentForm
from otklik.payouts.web.picking import picked_partner, picker
from otklik.payouts.web.problems import BALANCE_TOO_LARGE

A_PAGE = 50


@require_safe
@needs(Right.SEE_MONEY)
def listed(request: StaffRequest) -> HttpResponse:
    """Those that wait, the oldest first; the decided ones by request."""
    shows_decided = request.GET.get("state", "") == "decided"
    rows = visible_adjustments(request.user).select_related("partner", "proposed_by", "decided_by")
    if shows_decided:
        rows = rows.exclude(state=AdjustmentState.PROPOSED).order_by("-decided_at", "-pk")
    else:
        rows = rows.filter(state=AdjustmentState.PROPOSED).order_by("proposed_at", "pk")
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "shows_decided": shows_decided,
        "may_edit": request.user.may(Right.EDIT_MONEY),
        "may_approve": request.user.may(Right.APPROVE_MONEY),
    }
    return render(request, "payouts/adjustments.html", context)


@require_safe
@needs(Right.SEE_MONEY)
def show(request: StaffRequest, adjustment_id: int) -> HttpResponse:
    rows = visible_adjustments(request.user).select_related("partner", "proposed_by", "decided_by")
    adjustment = get_object_or_404(rows, pk=adjustment_id)
    lines, _more = shown_timeline("adjustment", adjustment.pk, rights=frozenset(request.user.rights))
    waits = adjustment.state == AdjustmentState.PROPOSED
    balance = visible_balances(request.user).filter(
        partner=adjustment.partner_id, currency=adjustment.currency
    )
    context = {
        "adjustment": adjustment,
        "lines": lines,
        "balance": balance.first(),
        "waits": waits,
        "may_decide": waits
        and request.user.may(Right.APPROVE_MONEY)
        and request.user.pk != adjustment.proposed_by_id,
    }
    return render(request, "payouts/adjustment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_MONEY)
def new(request: StaffRequest) -> HttpResponse:
    partner = picked_partner(request)
    if partner is None:
        return picker(request, "adjustment")
    balances = list(visible_balances(request.user).filter(partner=partner).order_by("currency"))
    currencies = {row.currency for row in balances} | {partner.program.currency}
    form = AdjustmentForm(request.POST or None, currencies=sorted(currencies))
    if form.is_valid():
        try:
            adjustment = propose_adjustment(
                partner_id=partner.pk,
                currency=form.cleaned_data["currency"],
                amount=form.cleaned_data["amount"],
                why=form.cleaned_data["why"],
                form_key=form.cleaned_data["form_key"],
                by=actor_for(request),
                at=now(),
            )
        except WrongAmount:
            form.add_error("amount", _("The currency has fewer digits after the point."))
        else:
            messages.success(request, _("Proposed. The balance changes when somebody else approves it."))
            return redirect("adjustment", adjustment.pk)
    context = {"form": form, "partner": partner, "balances": balances}
    return render(request, "payouts/adjustment_form.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.APPROVE_MONEY)
def approve(request: StaffRequest, adjustment_id: int) -> HttpResponse:
    return _decide(request, adjustment_id, approve=True)


@require_POST
@needs(Right.APPROVE_MONEY)
def decline(request: StaffRequest, adjustment_id: int) -> HttpResponse:
    return _decide(request, adjustment_id, approve=False)


def _decide(request: StaffRequest, adjustment_id: int, *, approve: bool) -> HttpResponse:
    adjustment = get_object_or_404(visible_adjustments(request.user), pk=adjustment_id)
    at = now()
    try:
        decide_adjustment(
            adjustment_id=adjustment.pk,
            approve=approve,
            on=timezone.localdate(at),
            by=actor_for(request),
            at=at,
        )
    except AdjustmentDecided:
        messages.info(request, _("This change was decided before."))
    except NeedsSecondPerson:
        messages.error(request, _("You proposed this change. Somebody else has to decide about it."))
    except BalanceTooLarge:
        messages.error(request, str(BALANCE_TOO_LARGE))
    else:
        done = _("The balance is changed.") if approve else _("Declined. The balance stays as it is.")
        messages.success(request, done)
    return redirect("adjustment", adjustment.pk)
