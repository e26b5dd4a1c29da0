"""What every request and answer goes through."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class ContentSecurityPolicy:
    """Nothing from other hosts, no inline script; the live stream is the one other origin.

    ``style-src`` allows inline styles: server-drawn charts size their parts with them, and a style
    cannot send anything out while images and fonts are limited to our own origin.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = "; ".join(
            (
                "default-src 'self'",
                "script-src 'self'",
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data:",
                f"connect-src 'self' {settings.OTKLIK.edge_url}",
                "frame-ancestors 'none'",
                "base-uri 'none'",
                "form-action 'self'",
                "object-src 'none'",
            )
        )

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class NothingKept:
    """Answers are not kept by browsers and proxies unless they say so themselves: after signing out, the way
    back shows no partner's page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class NoNul:
    """No name, filter or date holds a NUL, and PostgreSQL takes none in a text: whoever sends one is told so
    at the door (forms check what is posted, the API's description what programs send)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META.get("QUERY_STRING", "")
        if ("%00" in asked or "\0" in asked) and not request.path.startswith("/api/"):
            raise BadRequest("NUL in the address")
        return self.get_response(request)
