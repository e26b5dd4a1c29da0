"""Holds: listed, opened, changed, lifted, kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import shown_timeline
from otklik.payouts.access import editable, visible_balances, visible_holds
from otklik.payouts.models import Hold
from otklik.payouts.operations.amounts import told
from otklik.payouts.operations.holds import (
    LONGEST_TEXT,
    HoldChanged,
    HoldDecided,
    HoldRefused,
    NeedsSecondPerson,
    change_hold,
    keep_hold,
    open_hold,
    release_hold,
)
from otklik.payouts.rules.holds import LONGEST_DAYS
from otklik.payouts.rules.vocabulary import HoldState
from otklik.payouts.web.forms import HoldForm
from otklik.payouts.web.picking import picked_partner, picker
from otklik.payouts.web.problems import HOLD_PROBLEMS

A_PAGE = 50


@require_safe
@needs(Right.SEE_MONEY)
def listed(request: StaffRequest) -> HttpResponse:
    """Open ones, the next decision first; the decided ones by request."""
    shows_decided = request.GET.get("state", "") == "decided"
    rows = visible_holds(request.user).select_related("partner")
    if shows_decided:
        rows = rows.exclude(state=HoldState.OPEN).order_by("-decided_at", "-pk")
    else:
        rows = rows.filter(state=HoldState.OPEN).order_by("decide_by", "pk")
    context = {
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "shows_decided": shows_decided,
        "today": timezone.localdate(now()),
        "may_edit": request.user.may(Right.EDIT_MONEY),
    }
    return render(request, "payouts/holds.html", context)


@require_safe
@needs(Right.SEE_MONEY)
def show(request: StaffRequest, hold_id: int) -> HttpResponse:
    rows = visible_holds(request.user).select_related("partner", "opened_by", "decided_by")
    hold = get_object_or_404(rows, pk=hold_id)
    lines, _more = shown_timeline("hold", hold.pk, rights=frozenset(request.user.rights))
    is_open = hold.state == HoldState.OPEN
    context = {
        "hold": hold,
        "lines": lines,
        "is_late": is_open and hold.decide_by < timezone.localdate(now()),
        "may_edit": is_open and request.user.may(Right.EDIT_MONEY),
        "may_keep": request.user.pk not in (hold.opened_by_id, hold.raised_by_id),
        "longest": LONGEST_TEXT,
    }
    return render(request, "payouts/hold.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_MONEY)
def new(request: StaffRequest) -> HttpResponse:
    """First whose money, then how much of it."""
    partner = picked_partner(request)
    if partner is None:
        return picker(request, "hold")
    balances = list(visible_balances(request.user).filter(partner=partner).order_by("currency"))
    form = HoldForm(request.POST or None, currencies=[row.currency for row in balances])
    if form.is_valid():
        try:
            hold = open_hold(
                partner_id=partner.pk,
                currency=form.cleaned_data["currency"],
                terms=form.terms(),
                form_key=form.cleaned_data["form_key"],
                by=actor_for(request),
                at=now(),
            )
        except HoldRefused as refused:
            _say(form, refused)
        else:
            messages.success(request, _("The amount is on hold. The partner reads why and until when."))
            return redirect("hold", hold.pk)
    context = {"form": form, "partner": partner, "balances": balances}
    return render(request, "payouts/hold_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_MONEY)
def edit(request: StaffRequest, hold_id: int) -> HttpResponse:
    hold = get_object_or_404(_editable(request), pk=hold_id)
    if hold.state != HoldState.OPEN:
        return _decided(request, hold)
    form = HoldForm(request.POST or None, initial=_as_it_is(hold), currencies=[hold.currency])
    if form.is_valid():
        try:
            change_hold(
                hold_id=hold.pk,
                terms=form.terms(),
                expected_version=form.cleaned_data["version"],
                by=actor_for(request),
                at=now(),
            )
        except HoldChanged as changed:
            form = _opened_again(form, changed.version)
            hold.refresh_from_db()
        except HoldRefused as refused:
            _say(form, refused)
        except HoldDecided:
            return _decided(request, hold)
        else:
            messages.success(request, _("Saved."))
            return redirect("hold", hold.pk)
    balances = visible_balances(request.user).filter(partner=hold.partner, currency=hold.currency)
    context = {
        "form": form,
        "partner": hold.partner,
        "balances": list(balances),
        "hold": hold,
        "is_contested": form.is_bound and str(hold.version) != request.POST.get("version", ""),
    }
    return render(request, "payouts/hold_form.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Right.EDIT_MONEY)
def release(request: StaffRequest, hold_id: int) -> HttpResponse:
    hold = get_object_or_404(_editable(request), pk=hold_id)
    try:
        release_hold(hold_id=hold.pk, outcome_note=_note(request), by=actor_for(request), at=now())
    except HoldDecided:
        return _decided(request, hold)
    messages.success(request, _("The hold is lifted; the money is free again."))
    return redirect("hold", hold.pk)


@require_POST
@needs(Right.EDIT_MONEY)
def keep(request: StaffRequest, hold_id: int) -> HttpResponse:
    hold = get_object_or_404(_editable(request), pk=hold_id)
    at = now()
    try:
        keep_hold(
            hold_id=hold.pk,
            outcome_note=_note(request),
            on=timezone.localdate(at),
            by=actor_for(request),
            at=at,
        )
    except HoldDecided:
        return _decided(request, hold)
    except NeedsSecondPerson:
        messages.error(
            request, _("You opened this hold or raised its amount. Somebody else has to keep the money back.")
        )
    except HoldRefused:
        messages.error(request, _("Write to the partner why the money is kept back."))
    else:
        messages.success(request, _("The amount is kept back and has left the balance."))
    return redirect("hold", hold.pk)


def _as_it_is(hold: Hold) -> dict[str, Any]:
    return {
        "currency": hold.currency,
        "amount": told(hold.amount, hold.currency),
        "reason": hold.reason,
        "checking": hold.checking,
        "decide_by": hold.decide_by,
        "version": hold.version,
    }


def _editable(request: StaffRequest) -> QuerySet[Hold]:
    return editable(request.user, visible_holds(request.user)).select_related("partner")


def _opened_again(form: HoldForm, version: int) -> HoldForm:
    """With all that was typed; what it says now stands above it, and saving once more is meant so."""
    again = HoldForm(
        {**dict(form.data.items()), "version": version}, currencies=[form.cleaned_data["currency"]]
    )
    again.add_error(
        None,
        _(
            "Somebody changed this hold while you were writing. What it says now stands above; what you "
            "typed is kept. Save once more to put yours in its place."
        ),
    )
    return again


def _say(form: HoldForm, refused: HoldRefused) -> None:
    field, text = HOLD_PROBLEMS[refused.problem]
    form.add_error(field, str(text) % {"days": LONGEST_DAYS})


def _decided(request: StaffRequest, hold: Hold) -> HttpResponse:
    messages.info(request, _("This hold was decided meanwhile."))
    return redirect("hold", hold.pk)


def _note(request: StaffRequest) -> str:
    return request.POST.get("outcome_note", "").replace("\x00", "")
