"""The decorators that stand before every page of the staff's side."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from otklik.events.public import Actor
from otklik.identity.models import User
from otklik.identity.rules.roles import Right

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request behind ``needs`` or ``signed_in``: there is a person."""

    user: User


class NeedsRight(PermissionDenied):
    """The person is signed in and lacks a right; the 403 page says which and who can give it."""

    def __init__(self, right: Right) -> None:
        super().__init__(right.value)
        self.right = right


View = Callable[Concatenate[StaffRequest, P], HttpResponseBase]
Guarded = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def needs(right: Right) -> Callable[[View[P]], Guarded[P]]:
    """Only staff with this right: others sign in first, or get the 403 page."""

    def guard(view: View[P]) -> Guarded[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not isinstance(request.user, User):
                return _to_sign_in(request)
            if not request.user.may(right):
                raise NeedsRight(right)
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        return guarded

    return guard


def signed_in(view: View[P]) -> Guarded[P]:
    """Any member of staff, whatever their roles: own profile, the first page."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return _to_sign_in(request)
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return guarded


def actor_for(request: HttpRequest) -> Actor:
    """The signed-in person as the one who does it. Raises TypeError before sign-in."""
    if not isinstance(request.user, User):
        raise TypeError("actor_for() needs a signed-in person")
    return Actor.person(request.user.pk)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A part of a page cannot show the sign-in form: the whole page goes there.
        current = request.headers.get("HX-Current-URL", "/")
        response = HttpResponse(status=401)
        response["HX-Redirect"] = redirect_to_login(_path_of(current)).url
        return response
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
