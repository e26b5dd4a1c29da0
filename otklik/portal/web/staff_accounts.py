"""Staff open and close the portal for a partner's people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from otklik.identity.public import Right, StaffRequest, User, actor_for, needs
from otklik.kit.clock import now
from otklik.partners.public import Contact, editable_contacts, editable_partners, visible_partners
from otklik.portal.models import CompanySignIn, PortalAccount
from otklik.portal.operations import accounts
from otklik.portal.operations.erasure_requests import decline_request
from otklik.portal.queries.accounts import account_line, accounts_at, counts_at, last_sessions
from otklik.portal.queries.mine import open_erasure_request
from otklik.portal.web.entry import number

_AT_ONCE = 500


def draw_contact(request: HttpRequest, contact: Any) -> str:
    user = request.user
    if not isinstance(user, User) or contact.erased_at is not None:
        return ""
    line = account_line(contact)
    context = {
        "line": line,
        "contact": contact,
        "may_edit": user.may(Right.EDIT_PARTNERS),
        "sessions": last_sessions(line.account),
        "erasure": open_erasure_request(contact.pk),
    }
    return render_to_string("portal/staff/_contact_panel.html", context, request=request)


def draw_partner(request: HttpRequest, partner: Any) -> str:
    user = request.user
    if not isinstance(user, User) or partner.erased_at is not None:
        return ""
    context = {"partner": partner, "counts": counts_at(partner)}
    return render_to_string("portal/staff/_partner_panel.html", context, request=request)


@require_POST
@needs(Right.EDIT_PARTNERS)
def invite(request: StaffRequest, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(_people(request), pk=contact_id)
    try:
        accounts.invite(contact=contact, by=actor_for(request), at=now())
    except accounts.NotThere:
        messages.error(request, _("This contact is no longer there."))
    except accounts.NoMailAddress:
        messages.error(request, _("Add an e-mail address first: the link to sign in goes there."))
    else:
        messages.success(request, _("Invited. The mail with the way in goes out now."))
    return redirect("contact", contact.pk)


@require_POST
@needs(Right.EDIT_PARTNERS)
def withdraw(request: StaffRequest, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(_people(request), pk=contact_id)
    at = now()
    accounts.withdraw(account=accounts.open_account(contact=contact, at=at), by=actor_for(request), at=at)
    messages.success(request, _("The access was withdrawn. Whoever was signed in is out."))
    return redirect("contact", contact.pk)


@require_POST
@needs(Right.EDIT_PARTNERS)
def money(request: StaffRequest, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(_people(request), pk=contact_id)
    at = now()
    accounts.show_money(
        account=accounts.open_account(contact=contact, at=at),
        sees_money=request.POST.get("sees_money") == "on",
        by=actor_for(request),
        at=at,
    )
    messages.success(request, _("Saved."))
    return redirect("contact", contact.pk)


@require_POST
@needs(Right.EDIT_PARTNERS)
def decline_erasure(request: StaffRequest, contact_id: int) -> HttpResponse:
    contact = get_object_or_404(_people(request), pk=contact_id)
    if decline_request(contact_id=contact.pk, by=actor_for(request), at=now()):
        messages.success(request, _("Noted. Tell them the reason in the request."))
    return redirect("contact", contact.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.EDIT_PARTNERS)
def partner_accounts(request: StaffRequest, partner_id: int) -> HttpResponse:
    partner = get_object_or_404(editable_partners(request.user), pk=partner_id)
    if request.method == "POST":
        chosen = {number(one) for one in request.POST.getlist("contact")[:_AT_ONCE]}
        people = list(_people(request).filter(partner=partner, pk__in=chosen).order_by("pk"))
        if not people:
            messages.error(request, _("Choose people first."))
        elif (act := _ACTS.get(request.POST.get("act", ""))) is not None:
            messages.success(request, act(request, people))
        return redirect("portal-staff-accounts", partner.pk)
    context = {
        "partner": partner,
        "lines": accounts_at(partner),
        "company": CompanySignIn.objects.filter(partner=partner).first(),
        "may_set_up": request.user.may(Right.MANAGE_PORTAL)
        and visible_partners(request.user).filter(pk=partner.pk).exists(),
    }
    return render(request, "portal/staff/accounts.html", context)


def _invite_many(request: StaffRequest, people: list[Contact]) -> str:
    invited, left_out = accounts.invite_many(contacts=people, by=actor_for(request), at=now())
    text = ngettext("%(n)s person invited.", "%(n)s people invited.", invited) % {"n": invited}
    if left_out:
        missed = ngettext(
            "%(n)s has no e-mail address or left.", "%(n)s have no e-mail address or left.", left_out
        )
        text = f"{text} {missed % {'n': left_out}}"
    return text


def _withdraw_many(request: StaffRequest, people: list[Contact]) -> str:
    rows = PortalAccount.objects.filter(contact__in=people, disabled_at=None)
    found = list(rows.select_related("contact"))
    for account in found:
        accounts.withdraw(account=account, by=actor_for(request), at=now())
    text = ngettext("Access withdrawn for %(n)s person.", "Access withdrawn for %(n)s people.", len(found))
    return text % {"n": len(found)}


_ACTS: dict[str, Callable[[StaffRequest, list[Contact]], str]] = {
    "invite": _invite_many,
    "withdraw": _withdraw_many,
}


def _people(request: StaffRequest) -> QuerySet[Contact]:
    return editable_contacts(request.user).select_related("partner__program")
