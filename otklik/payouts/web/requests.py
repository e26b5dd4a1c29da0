"""Partners who ask for money, by themselves or through the staff. A request goes into the next batch by
itself; here it may be declined or taken back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.kit.money import shown
from otklik.partners.public import visible_contacts
from otklik.payouts.access import editable, visible_requests
from otklik.payouts.labels import DECLINE_REASONS
from otklik.payouts.models import PayoutRequest
from otklik.payouts.operations.amounts import WrongAmount
from otklik.payouts.operations.requests import (
    AlreadyAsked,
    BelowMinimum,
    MoreThanAvailable,
    RequestClosed,
    ask_payout,
    decline_request,
    withdraw_request,
)
from otklik.payouts.queries.own_money import own_balances
from otklik.payouts.rules.vocabulary import DeclineReason, RequestState
from otklik.payouts.web.forms import RequestForm
from otklik.payouts.web.picking import picked_partner, picker

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


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_MONEY)
def new(request: StaffRequest) -> HttpResponse:
    """For a partner who asked by telephone or mail, by the rules of the partner's own page."""
    partner = picked_partner(request)
    if partner is None:
        return picker(request, "request", "payouts/request_partner.html")
    balances = own_balances(partner.pk)
    people = visible_contacts(request.user).filter(partner=partner, erased_at=None)
    form = RequestForm(
        request.POST or None,
        currencies=[one.currency for one in balances if one.available > 0],
        people=people.order_by("name_key", "pk"),
    )
    if form.is_valid() and _asked(request, form, partner.pk):
        messages.success(request, _("Noted: the partner asks for a payout. The next batch takes it along."))
        return redirect("money-partner", partner.pk)
    context = {"form": form, "partner": partner, "balances": balances}
    return render(request, "payouts/request_form.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.EDIT_MONEY)
def withdraw(request: StaffRequest, request_id: int) -> HttpResponse:
    """The partner does not want it any more. That is no refusal of ours: nobody has to give a reason."""
    asked = get_object_or_404(editable(request.user, visible_requests(request.user)), pk=request_id)
    try:
        withdraw_request(request_id=asked.pk, by=actor_for(request), at=now())
    except RequestClosed:
        messages.info(request, _("This request was closed meanwhile."))
    else:
        messages.success(request, _("The request is withdrawn. The money stays on the balance."))
    return redirect("money-partner", asked.partner_id)


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


def _asked(request: StaffRequest, form: RequestForm, partner_id: int) -> PayoutRequest | None:
    """None: the form says why not."""
    said, language = form.cleaned_data, get_language() or "en"
    try:
        return ask_payout(
            partner_id=partner_id,
            currency=said["currency"],
            amount=said["amount"],
            contact_id=said["contact"].pk if said["contact"] else None,
            form_key=said["form_key"],
            by=actor_for(request),
            at=now(),
        )
    except AlreadyAsked:
        form.add_error(None, _("The partner asks for a payout in this currency already; one is enough."))
    except MoreThanAvailable as more:
        free = shown(more.available, said["currency"], language)
        form.add_error("amount", _("%(free)s can be asked for at most.") % {"free": free})
    except BelowMinimum as less:
        least = shown(less.minimum, said["currency"], language)
        text = _("%(least)s is the smallest payout. Ask for that or more.")
        form.add_error("amount", text % {"least": least})
    except WrongAmount:
        form.add_error("amount", _("Write an amount above zero, no finer than the currency."))
    return None
