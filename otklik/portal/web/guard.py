"""What stands before every page of the portal: who the person is, in their language and zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.partners.public import Contact, Partner, Program
from otklik.portal.models import PortalSession
from otklik.portal.operations.sessions import LASTS, note_seen
from otklik.portal.queries.people import language_of, session_of, zone_of

P = ParamSpec("P")

COOKIE = "otklik_portal"
SALT = "otklik.portal.session"
PATH = "/portal/"
_LARGEST_ID = 2**63 - 1
# Five files of 25 MB and what stands beside them: more is refused before any of it is read.
LARGEST_REQUEST = 5 * 25 * 1024 * 1024 + 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a partner who is signed in. Whatever a page shows begins at ``partner`` or ``contact``."""

    account_id: int
    contact: Contact
    partner: Partner
    program: Program
    language: str
    zone: ZoneInfo
    sees_money: bool


class PortalRequest(HttpRequest):
    """A request behind ``person_page``: there is a person."""

    person: Person
    portal_session: PortalSession


View = Callable[Concatenate[PortalRequest, P], HttpResponseBase]
OpenView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def person_page(view: View[P]) -> OpenView[P]:
    """Only somebody who is signed in to the portal; others sign in first and come back."""

    @wraps(view)
    def for_person(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        session = signed_in_session(request)
        if session is None:
            return _to_sign_in(request)
        person = _person(request, session)
        request.person, request.portal_session = person, session  # type: ignore[attr-defined]
        with translation.override(person.language), timezone.override(person.zone):
            try:
                if any(isinstance(value, int) and value > _LARGEST_ID for value in kwargs.values()):
                    raise Http404  # no row has it, and SQLite cannot even be asked
                response = view(request, *args, **kwargs)  # type: ignore[arg-type]
            except Http404:
                # The usual page would lead them to the staff's door.
                response = render(request, "portal/not_found.html", status=404)
        response.headers.setdefault("Content-Language", person.language)
        return response

    return door_page(for_person)


def door_page(view: OpenView[P]) -> OpenView[P]:
    """A page that anybody may open on the way in. Far too large requests are refused before they are read,
    search engines stay out, and addresses, which may hold keys, go to no other host."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > LARGEST_REQUEST:
            response: HttpResponseBase = render(request, "portal/too_large.html", status=413)
        else:
            response = protected(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def actor_for_person(request: PortalRequest) -> Actor:
    return Actor.contact(request.person.contact.pk)


def signed_in_session(request: HttpRequest) -> PortalSession | None:
    key = session_key(request)
    at = now()
    session = session_of(key, at=at) if key else None
    if session is not None:
        note_seen(session=session, at=at)
    return session


def session_key(request: HttpRequest) -> str:
    """Empty where there is none, or not one of ours."""
    return str(request.get_signed_cookie(COOKIE, default="", salt=SALT))


def let_in(request: HttpRequest, response: HttpResponse, key: str) -> None:
    """The browser gets the key of a session that has just begun. What was signed in before is not carried
    on: a key that somebody planted opens nothing."""
    rotate_token(request)
    response.set_signed_cookie(
        COOKIE,
        key,
        salt=SALT,
        max_age=int(LASTS / timedelta(seconds=1)),
        path=PATH,
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def safe_next(address: str) -> str:
    """Where somebody goes after signing in: a page of the portal, or its first one."""
    odd = "\\" in address or ".." in address or len(address) > 2000 or any(ord(sign) < 33 for sign in address)
    return address if address.startswith(PATH) and not odd else reverse("portal-home")


def _person(request: HttpRequest, session: PortalSession) -> Person:
    account = session.account
    contact = account.contact
    picked = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    language = picked if picked in dict(settings.LANGUAGES) else language_of(account)
    return Person(
        account_id=account.pk,
        contact=contact,
        partner=contact.partner,
        program=contact.partner.program,
        language=language,
        zone=_zone(zone_of(account)),
        sees_money=account.sees_money,
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A part of a page cannot show the sign-in form: the whole page goes there.
        response = HttpResponse(status=401)
        response["HX-Redirect"] = _sign_in_address(_path_of(request.headers.get("HX-Current-URL", "")))
        return response
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return HttpResponseRedirect(_sign_in_address(wanted))


def _sign_in_address(wanted: str) -> str:
    address, home = reverse("portal-sign-in"), reverse("portal-home")
    wanted = safe_next(wanted)
    return address if wanted == home else f"{address}?{urlencode({'next': wanted})}"


def _path_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
