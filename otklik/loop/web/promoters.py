"""Promoters: who could be asked for something, who is left in peace, and one ask with its consents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.identity.public import Right, StaffRequest, User, actor_for, needs
from otklik.kit.clock import now
from otklik.loop.access import askable_contacts, editable_asks, visible_asks
from otklik.loop.labels import GUARD_REASONS
from otklik.loop.models import Ask
from otklik.loop.operations import asking
from otklik.loop.queries.asks import promoters, results, why_not
from otklik.loop.queries.guarding import relations
from otklik.loop.rules.asking import OPEN_ASKS
from otklik.loop.rules.vocabulary import AskKind, AskState, Way
from otklik.loop.web import outer_forms as forms
from otklik.partners.public import may_see_revenue, visible_partners, visible_programs

A_PAGE = 50
_SHOWN = ("free", "guarded", "asks", "ended")
_FORMS: dict[str, type[Any]] = {
    "put": forms.PutForm,
    "agree": forms.AgreeForm,
    "decline": forms.DeclineForm,
    "deliver": forms.DeliverForm,
    "withdraw": forms.WithdrawForm,
    "drop": forms.DropForm,
    "owner": forms.AskOwnerForm,
    "referral": forms.ReferralForm,
}
# Which of them the page offers.
_OFFERED: dict[AskState, tuple[str, ...]] = {
    AskState.PROPOSED: ("put", "owner", "drop"),
    AskState.ASKED: ("agree", "decline", "owner", "drop"),
    AskState.AGREED: ("deliver", "referral", "agree", "withdraw", "owner", "drop"),
    AskState.DELIVERED: ("referral", "agree", "withdraw"),
}


@require_safe
@needs(Right.SEE_FEEDBACK)
def listed(request: StaffRequest) -> HttpResponse:
    at = now()
    programs = list(visible_programs(request.user).order_by("name"))
    program = next((one.pk for one in programs if str(one.pk) == request.GET.get("program")), None)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in _SHOWN else "free"
    found = promoters(request.user, program_id=program, on=timezone.localdate(at), at=at)
    asks = visible_asks(request.user).select_related("contact", "partner", "owner")
    if program is not None:
        asks = asks.filter(program_id=program)
    opened = asks.filter(state__in=OPEN_ASKS)
    rows = opened if chosen == "asks" else asks.exclude(state__in=OPEN_ASKS)
    source = {"free": found.free, "guarded": found.guarded}.get(chosen, rows.order_by("-created_at", "-pk"))
    context = {
        "page": Paginator(source, A_PAGE).get_page(request.GET.get("page")),
        "found": found,
        "tabs": [
            ("free", _("May be asked now"), len(found.free)),
            ("guarded", _("Left in peace"), len(found.guarded)),
            ("asks", _("Being asked"), opened.count()),
            ("ended", _("Ended asks"), None),
        ],
        "chosen": chosen,
        "results": results(request.user, program_id=program),
        "sees_revenue": may_see_revenue(request.user),
        "programs": programs,
        "program": program,
        "may_ask": Right.RUN_DIALOGUE in request.user.rights,
    }
    return render(request, "loop/promoters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.RUN_DIALOGUE)
def new(request: StaffRequest, contact_id: int) -> HttpResponse:
    at = now()
    rows = askable_contacts(request.user).select_related("partner__program")
    person = get_object_or_404(rows, pk=contact_id)
    on = timezone.localdate(at)
    form = forms.NewAskForm(request.POST or None, partner=person.partner, author=request.user)
    if form.is_valid():
        said = form.cleaned_data
        try:
            ask = asking.propose_ask(
                contact_id=person.pk,
                kind=AskKind(said["kind"]),
                text=said["text"],
                owner=User.objects.filter(pk=said["owner"]).first(),
                key=said["key"],
                on=on,
                by=actor_for(request),
                at=at,
            )
        except (asking.NotNow, asking.CannotSpeak) as refused:
            form.add_error(None, _said(refused))
        else:
            return redirect("ask", ask.pk)
    context = {
        "person": person,
        "form": form,
        "reasons": why_not(person.pk, on=on, at=at),
        "standing": relations([person.pk], at=at)[person.pk],
        "asks": visible_asks(request.user).filter(contact=person).order_by("-pk")[:20],
    }
    return render(request, "loop/ask_new.html", context, status=422 if form.errors else 200)


@require_safe
@needs(Right.SEE_FEEDBACK)
def show(request: StaffRequest, ask_id: int) -> HttpResponse:
    return _page(request, ask_id, now())


@require_POST
@needs(Right.RUN_DIALOGUE)
def change(request: StaffRequest, ask_id: int, what: str) -> HttpResponse:
    """One of the page's forms: what is wrong stands beside the field, and nothing typed is lost."""
    at = now()
    ask = get_object_or_404(editable_asks(request.user).select_related("partner"), pk=ask_id)
    form = _FORMS[what](request.POST, ask=ask, author=request.user, at=at)
    if form.is_valid():
        try:
            CHANGES[what](form, ask, actor_for(request), at)
        except _REFUSALS as refused:
            messages.error(request, _said(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("ask", ask.pk)
    return _page(request, ask_id, at, status=422, **{what: form})


@require_POST
@needs(Right.RUN_DIALOGUE)
def forget_referral(request: StaffRequest, ask_id: int, partner_id: int) -> HttpResponse:
    ask = get_object_or_404(editable_asks(request.user), pk=ask_id)
    partner = get_object_or_404(visible_partners(request.user), pk=partner_id)
    asking.take_back_referral(ask_id=ask.pk, partner_id=partner.pk, by=actor_for(request), at=now())
    messages.success(request, _("Saved."))
    return redirect("ask", ask.pk)


def _page(
    request: StaffRequest, ask_id: int, at: datetime, *, status: int = 200, **bound: Form
) -> HttpResponse:
    rows = visible_asks(request.user).select_related("contact", "partner__program", "owner", "created_by")
    ask = get_object_or_404(rows, pk=ask_id)
    on = timezone.localdate(at)
    may_edit = editable_asks(request.user).filter(pk=ask.pk).exists()
    offered = [
        name
        for name in _OFFERED.get(AskState(ask.state), ())
        if may_edit and (name != "referral" or ask.kind == AskKind.REFERRAL)
    ]
    seen = set(
        visible_partners(request.user)
        .filter(pk__in=ask.referrals.values("partner"))
        .values_list("pk", flat=True)
    )
    context = {
        "ask": ask,
        "trail": ask.consents.select_related("recorded_by"),
        "holds": asking.consent_holds(ask, on),
        "reasons": why_not(ask.contact_id, kind=AskKind(ask.kind), but=ask.pk, on=on, at=at)
        if ask.state in OPEN_ASKS
        else (),
        "referrals": [(one, one.partner_id in seen) for one in ask.referrals.select_related("partner")],
        "sees_revenue": may_see_revenue(request.user),
        "may_edit": may_edit,
        "forms": {
            name: bound.get(name) or _FORMS[name](ask=ask, author=request.user, at=at) for name in offered
        },
    }
    return render(request, "loop/ask.html", context, status=status)


def _put(form: forms.PutForm, ask: Ask, by: Any, at: datetime) -> None:
    asking.put_ask(ask_id=ask.pk, on=timezone.localdate(at), by=by, at=at)


def _agree(form: forms.AgreeForm, ask: Ask, by: Any, at: datetime) -> None:
    asking.note_agreement(ask_id=ask.pk, agreement=form.agreement(), on=timezone.localdate(at), by=by, at=at)


def _decline(form: forms.DeclineForm, ask: Ask, by: Any, at: datetime) -> None:
    asking.note_refusal(ask_id=ask.pk, result=form.cleaned_data["result"], by=by, at=at)


def _deliver(form: forms.DeliverForm, ask: Ask, by: Any, at: datetime) -> None:
    result = form.cleaned_data["result"]
    asking.note_delivery(ask_id=ask.pk, result=result, on=timezone.localdate(at), by=by, at=at)


def _withdraw(form: forms.WithdrawForm, ask: Ask, by: Any, at: datetime) -> None:
    said = form.cleaned_data
    asking.withdraw_consent(
        ask_id=ask.pk, way=Way(said["way"]), said_at=form.moment(), words=said["words"], by=by, at=at
    )


def _drop(form: forms.DropForm, ask: Ask, by: Any, at: datetime) -> None:
    asking.drop_ask(ask_id=ask.pk, why=form.cleaned_data["why"], by=by, at=at)


def _assign(form: forms.AskOwnerForm, ask: Ask, by: Any, at: datetime) -> None:
    owner = User.objects.get(pk=form.cleaned_data["owner"])
    asking.give_ask(ask_id=ask.pk, owner=owner, by=by, at=at)


def _refer(form: forms.ReferralForm, ask: Ask, by: Any, at: datetime) -> None:
    partner = form.cleaned_data["partner"]
    asking.note_referral(ask_id=ask.pk, partner_id=partner.pk, by=by, at=at)


CHANGES: dict[str, Callable[[Any, Ask, Any, datetime], None]] = {
    "put": _put,
    "agree": _agree,
    "decline": _decline,
    "deliver": _deliver,
    "withdraw": _withdraw,
    "drop": _drop,
    "owner": _assign,
    "referral": _refer,
}
_REFUSALS = (
    asking.NotNow,
    asking.WrongStep,
    asking.WordsMissing,
    asking.NotYet,
    asking.AlreadyOver,
    asking.NoConsent,
    asking.CannotSpeak,
    asking.NoReferral,
    asking.NotTheirReferral,
    asking.ReferredAlready,
)


def _said(refused: Exception) -> str:
    if isinstance(refused, asking.NotNow):
        reasons = ", ".join(str(GUARD_REASONS[reason]) for reason in refused.reasons)
        return _("Not now: %(reasons)s.") % {"reasons": reasons}
    return {
        asking.WrongStep: _("Somebody took this step meanwhile. Look at what is new."),
        asking.WordsMissing: _("Write it down: nobody can hold to what is not written."),
        asking.NotYet: _("This moment lies before the question or in the future."),
        asking.AlreadyOver: _("This day is over."),
        asking.NoConsent: _("What they agreed to does not hold any more. Ask them anew first."),
        asking.CannotSpeak: _(
            "This colleague does not see the partner, or may not follow up. Choose somebody else."
        ),
        asking.NoReferral: _("They have to agree to a referral first."),
        asking.NotTheirReferral: _("A partner does not refer itself."),
        asking.ReferredAlready: _("This partner came by another referral."),
    }[type(refused)]
