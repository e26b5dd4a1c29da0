"""Coming in by a link from one's own mailbox, and going out."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from otklik.kit.clock import now
from otklik.portal.models import CompanySignIn
from otklik.portal.operations.links import (
    VALID,
    LinkGone,
    NotYours,
    ask_link,
    opened_link,
    use_link,
)
from otklik.portal.operations.sessions import end_session
from otklik.portal.queries.company import company_called
from otklik.portal.rules.devices import device_from
from otklik.portal.web.forms import AddressForm, PasswordForm
from otklik.portal.web.guard import (
    PATH,
    door_page,
    forget,
    let_in,
    safe_next,
    session_key,
    signed_in_session,
)
from otklik.portal.web.limits import is_too_often

NONCE = "otklik_portal_asked"
# Which company's sign-in this browser used before: the page offers it, nothing more.
REMEMBERED = "otklik_portal_house"


@require_safe
@door_page
def sign_in(request: HttpRequest) -> HttpResponse:
    wanted = safe_next(request.GET.get("next", ""))
    if signed_in_session(request) is not None:
        return HttpResponseRedirect(wanted)
    return shown(request, AddressForm(initial={"next": wanted}))


@require_POST
@door_page
def ask(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether or not we know the address."""
    form, at = AddressForm(request.POST), now()
    if not form.is_valid():
        return shown(request, form, status=422)
    if is_too_often(request, "link", form.cleaned_data["email"], at=at):
        text = _("There were many attempts. Look for the last link in your mailbox, or try again later.")
        form.add_error(None, text)
        return shown(request, form, status=429)
    nonce = secrets.token_urlsafe(24)
    ask_link(
        address=form.cleaned_data["email"],
        nonce=nonce,
        wanted=safe_next(form.cleaned_data["next"]),
        language=get_language() or "",
        at=at,
    )
    response = HttpResponseRedirect(reverse("portal-link-sent"))
    response.set_signed_cookie(
        NONCE,
        nonce,
        max_age=int(VALID / timedelta(seconds=1)),
        path=PATH,
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )
    return response


@require_safe
@door_page
def sent(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/entry/sent.html", {"minutes": int(VALID / timedelta(minutes=1))})


@require_http_methods(["GET", "HEAD", "POST"])
@door_page
def link(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a button and changes nothing; POST signs in."""
    at = now()
    if is_too_often(request, "open", at=at):
        return gone(request, status=429)
    try:
        if request.method != "POST":
            nonce = str(request.get_signed_cookie(NONCE, default=""))
            return render(
                request, "portal/entry/link.html", {"opened": opened_link(token, nonce=nonce, at=at)}
            )
        key, wanted = use_link(
            token=token, contact_id=number(request.POST.get("contact", "")), device=device(request), at=at
        )
    except (LinkGone, NotYours):
        return gone(request)
    return welcomed(request, key, wanted)


@require_POST
@door_page
def sign_out(request: HttpRequest) -> HttpResponse:
    if key := session_key(request):
        end_session(key=key)
    response = HttpResponseRedirect(reverse("portal-sign-in"))
    forget(response)
    return response


def welcomed(request: HttpRequest, key: str, wanted: str) -> HttpResponse:
    if before := session_key(request):
        end_session(key=before)
    response = HttpResponseRedirect(safe_next(wanted))
    let_in(request, response, key)
    response.delete_cookie(NONCE, path=PATH, samesite="Lax")
    return response


def shown(
    request: HttpRequest,
    form: forms.Form | None = None,
    password_form: forms.Form | None = None,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    given = (form or password_form or AddressForm()).data or (form.initial if form else {})
    start = {"next": safe_next(str(given.get("next", ""))), "email": str(given.get("email", ""))[:254]}
    context |= {
        "form": form or AddressForm(initial=start),
        "password_form": password_form or PasswordForm(initial=start),
        "next": start["next"],
        "opens_password": password_form is not None,
        "company": remembered(request),
    }
    return render(request, "portal/entry/sign_in.html", context, status=status)


def remembered(request: HttpRequest) -> CompanySignIn | None:
    """The company whose own sign-in this browser used before."""
    key = request.COOKIES.get(REMEMBERED, "")
    return company_called(key) if 0 < len(key) <= 40 and "\0" not in key else None


def gone(request: HttpRequest, *, status: int = 410) -> HttpResponse:
    context = {"form": AddressForm(), "minutes": int(VALID / timedelta(minutes=1))}
    return render(request, "portal/entry/gone.html", context, status=status)


def device(request: HttpRequest) -> str:
    return device_from(request.headers.get("User-Agent", "")[:400])


def number(text: str) -> int:
    """0 for whatever is no row's number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
