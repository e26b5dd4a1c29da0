"""Where a partner's money goes: one person writes it down, a second one confirms it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.payouts.access import editable, visible_details
from otklik.payouts.labels import ACCOUNT_PROBLEMS
from otklik.payouts.operations.details import (
    DetailsDecided,
    DetailsRefused,
    confirm_details,
    decline_details,
    propose_details,
)
from otklik.payouts.operations.holds import NeedsSecondPerson
from otklik.payouts.rules.vocabulary import DetailsState, PayMethod
from otklik.payouts.web.forms import DetailsForm
from otklik.payouts.web.picking import changeable_partners

MOST_OLD = 10


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_MONEY)
def show(request: StaffRequest, partner_id: int) -> HttpResponse:
    """What is in force, what waits, what there was, and a form for others."""
    partner = get_object_or_404(changeable_partners(request), pk=partner_id)
    form = DetailsForm(request.POST or None)
    if form.is_valid():
        try:
            propose_details(
                partner_id=partner.pk,
                method=PayMethod(form.cleaned_data["method"]),
                holder=form.cleaned_data["holder"],
                account=form.cleaned_data["account"],
                form_key=form.cleaned_data["form_key"],
                by=actor_for(request),
                at=now(),
            )
        except DetailsRefused as refused:
            field, text = ACCOUNT_PROBLEMS[refused.problem]
            form.add_error(field, str(text))
        else:
            messages.success(request, _("Written down. Batches pay there once somebody else confirms it."))
            return redirect("payout-details", partner.pk)
    rows = visible_details(request.user).filter(partner=partner).order_by("-proposed_at", "-pk")
    known = list(rows.select_related("proposed_by", "asked_by_contact", "decided_by")[: MOST_OLD + 2])
    waiting = next((one for one in known if one.state == DetailsState.PROPOSED), None)
    context = {
        "partner": partner,
        "form": form,
        "in_force": rows.filter(state=DetailsState.CONFIRMED).first(),
        "waiting": waiting,
        "may_confirm": waiting
        and waiting.proposed_by_id != request.user.pk
        and request.user.may(Right.APPROVE_MONEY),
        "older": [one for one in known if one.state in (DetailsState.DECLINED, DetailsState.REPLACED)],
    }
    return render(request, "payouts/details.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.APPROVE_MONEY)
def confirm(request: StaffRequest, details_id: int) -> HttpResponse:
    details = get_object_or_404(visible_details(request.user), pk=details_id)
    try:
        confirm_details(details_id=details.pk, by=actor_for(request), at=now())
    except DetailsDecided:
        _said_before(request)
    except NeedsSecondPerson:
        messages.error(request, _("You wrote these details down. Somebody else has to confirm them."))
    else:
        messages.success(request, _("Confirmed. The next batch pays there."))
    return redirect("payout-details", details.partner_id)


@require_POST
@needs(Right.EDIT_MONEY)
def decline(request: StaffRequest, details_id: int) -> HttpResponse:
    details = get_object_or_404(editable(request.user, visible_details(request.user)), pk=details_id)
    try:
        decline_details(details_id=details.pk, by=actor_for(request), at=now())
    except DetailsDecided:
        _said_before(request)
    else:
        messages.success(request, _("Declined. What was in force stays so."))
    return redirect("payout-details", details.partner_id)


def _said_before(request: StaffRequest) -> None:
    messages.info(request, _("These details were decided about before, or newer ones took their place."))
