"""What stands before a page that anybody may open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec

from allauth.core.internal import ratelimit
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from otklik.desk.web.files import LARGEST_UPLOAD
from otklik.kit.limits import count

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

MOST_FILES = 5
LARGEST_REQUEST = MOST_FILES * LARGEST_UPLOAD + 2 * 1024 * 1024
# By the visitor's address (an office may share one), and by what they name: an e-mail address, a ticket.
LIMITS = {"form": "30/h/ip,8/h/key", "page": "60/h/ip,20/h/key"}


def public_page(view: View[P]) -> View[P]:
    """Refuses what is far too large before any of it is read, keeps the page out of search engines, and
    gives its address, which is a key, to no other host.

    ``no-referrer`` would say that too, but browsers then send "Origin: null" with the page's own forms, which
    the check against forged requests has to refuse.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > LARGEST_REQUEST:
            response: HttpResponseBase = too_large(request)
        else:
            response = protected(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded


def too_large(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/public/too_large.html", status=413)


def is_too_often(request: HttpRequest, action: str, key: str, *, at: datetime) -> bool:
    """Counts this time. Who comes too often from one address is not counted against what they name: they
    could shut others out by it."""
    rates = [(rate, _counted(request, action, rate, key)) for rate in _rates(LIMITS[action])]
    with transaction.atomic():
        return any(
            count(name, span=timedelta(seconds=rate.duration), at=at) > rate.amount for rate, name in rates
        )


def _counted(request: HttpRequest, action: str, rate: Any, key: str) -> str:
    """The visitor's network as sign-in sees it, behind whatever proxies; a name only as its digest."""
    return str(ratelimit.get_cache_key(request, app="otklik.desk", action=action, rate=rate, key=key))


@lru_cache(maxsize=8)
def _rates(limits: str) -> list[Any]:
    return list(ratelimit.parse_rates(limits))
