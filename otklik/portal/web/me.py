"""One's own page: language and zone, ways to sign in, where one is signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from otklik.kit.clock import now
from otklik.portal.models import Passkey, PortalAccount, PortalSession
from otklik.portal.operations import passkeys
from otklik.portal.operations.passwords import set_password
from otklik.portal.operations.profile import change_profile, end_other_sessions
from otklik.portal.queries.mine import addresses_of, open_erasure_request, sessions_of
from otklik.portal.queries.people import language_of, zone_of
from otklik.portal.rules.vocabulary import Way
from otklik.portal.web import passkey_state
from otklik.portal.web.entry import device
from otklik.portal.web.guard import PATH, PortalRequest, actor_for_person, person_page
from otklik.portal.web.limits import is_too_often
from otklik.portal.web.me_forms import PasskeyNameForm, PasswordChangeForm, ProfileForm

# A browser that somebody left open may not be given new keys to the account.
FRESH = timedelta(minutes=30)
_PURPOSE = "add"


@require_safe
@person_page
def me(request: PortalRequest) -> HttpResponse:
    return _shown(request)


@require_POST
@person_page
def save_profile(request: PortalRequest) -> HttpResponse:
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _shown(request, profile_form=form, status=422)
    change_profile(account=_account(request), **form.cleaned_data, at=now())
    with translation.override(form.cleaned_data["language"]):
        messages.success(request, _("Saved."))
    response = redirect("portal-me")
    # What was picked with the switch on a page would otherwise go before it.
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


@require_POST
@person_page
def save_password(request: PortalRequest) -> HttpResponse:
    account, at = _account(request), now()
    if is_too_often(request, "password", f"account:{account.pk}", at=at):
        return _refused(request, _("Too many wrong attempts. Wait a quarter of an hour."))
    if not account.password and not _is_fresh(request.portal_session, at):
        return _refused(request, _stale())
    form = _password_form(request, request.POST)
    if not form.is_valid():
        return _shown(request, password_form=form, status=422)
    set_password(
        account=account,
        password=form.cleaned_data["new"],
        keep=request.portal_session,
        by=actor_for_person(request),
        at=at,
    )
    messages.success(request, _("The password is set. You were signed out everywhere else."))
    return redirect("portal-me")


@require_POST
@person_page
def begin_passkey(request: PortalRequest) -> HttpResponse:
    if not _is_fresh(request.portal_session, now()):
        return HttpResponse(status=403)
    return passkey_state.asked(*passkeys.registration(_account(request)), _purpose(request))


@require_POST
@person_page
def add_passkey(request: PortalRequest) -> HttpResponse:
    at, form = now(), PasskeyNameForm(request.POST)
    if not _is_fresh(request.portal_session, at):
        return _refused(request, _stale())
    name = form.cleaned_data["name"] if form.is_valid() else ""
    try:
        state, answer = passkey_state.answered(request, _purpose(request))
        passkeys.register(
            account=_account(request),
            state=state,
            answer=answer,
            name=name or device(request) or _("Passkey"),
            at=at,
        )
    except passkeys.PasskeyRefused:
        return _refused(request, _("The device's answer could not be checked. Try it once more."))
    except passkeys.TooManyPasskeys:
        return _refused(request, _("You have ten passkeys. Remove one that you do not use."))
    messages.success(request, _("From now on you sign in with this device."))
    response = redirect("portal-me")
    response.delete_cookie(passkey_state.COOKIE, path=PATH, samesite="Lax")
    return response


@require_POST
@person_page
def remove_passkey(request: PortalRequest, passkey_id: int) -> HttpResponse:
    if not passkeys.remove(account=_account(request), passkey_id=passkey_id, at=now()):
        raise Http404
    return redirect("portal-me")


@require_POST
@person_page
def end_sessions(request: PortalRequest) -> HttpResponse:
    ended = end_other_sessions(keep=request.portal_session)
    text = ngettext("Signed out of %(n)s browser.", "Signed out of %(n)s browsers.", ended)
    messages.success(request, text % {"n": ended})
    return redirect("portal-me")


def _shown(
    request: PortalRequest,
    *,
    profile_form: forms.Form | None = None,
    password_form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    account = _account(request)
    addresses = addresses_of(request.person.contact)
    profile = {"language": language_of(account), "zone": zone_of(account)}
    context: dict[str, Any] = {
        "account": account,
        "addresses": addresses,
        "profile_form": profile_form or ProfileForm(initial=profile),
        "password_form": password_form or _password_form(request),
        "passkeys": Passkey.objects.filter(account=account).order_by("pk"),
        "passkey_form": PasskeyNameForm(),
        "is_fresh": _is_fresh(request.portal_session, now()),
        "sessions": sessions_of(account, at=now()),
        "this_session": request.portal_session.pk,
        "erasure": open_erasure_request(request.person.contact.pk),
    }
    return render(request, "portal/me/page.html", context, status=status)


def _password_form(request: PortalRequest, data: Any = None) -> PasswordChangeForm:
    """Whoever has just come in by a link has shown that the mailbox is theirs: as much as a forgotten
    password would be asked for."""
    session, account = request.portal_session, _account(request)
    is_proved = session.way == Way.LINK and _is_fresh(session, now())
    return PasswordChangeForm(
        data,
        account=account,
        addresses=addresses_of(request.person.contact),
        asks_current=bool(account.password) and not is_proved,
    )


def _refused(request: PortalRequest, text: str) -> HttpResponse:
    messages.error(request, text)
    return redirect("portal-me")


def _account(request: PortalRequest) -> PortalAccount:
    return request.portal_session.account


def _is_fresh(session: PortalSession, at: datetime) -> bool:
    return at - session.created_at <= FRESH


def _stale() -> str:
    return _("For your safety: sign out, come in again, and do this within half an hour.")


def _purpose(request: PortalRequest) -> str:
    """What was begun for one account is not ended for another."""
    return f"{_PURPOSE}:{request.person.account_id}"
