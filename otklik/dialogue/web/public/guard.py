"""What stands before a page that anybody may open."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
# Words only: no file belongs here.
LARGEST_REQUEST = 1024 * 1024


def open_page(view: View[P]) -> View[P]:
    """Refuses what is far too large before any of it is read, keeps the page out of search engines, and
    gives its address, which may be a key, to no other host."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > LARGEST_REQUEST:
            response: HttpResponseBase = HttpResponse(status=413)
        else:
            response = protected(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return guarded
