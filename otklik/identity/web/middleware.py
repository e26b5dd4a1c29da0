from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from otklik.identity.queries import anybody_exists


class FirstRun:
    """While there is nobody in the database every page leads to the one that makes the administrator."""

    OPEN = ("/start/", "/static/", "/health/", "/i18n/", "/api/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # People are deactivated, never deleted: once somebody was seen nobody needs to look again.
        self.started = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.started and not request.path.startswith(self.OPEN):
            self.started = anybody_exists()
            if not self.started:
                return redirect("start")
        return self.get_response(request)


class PersonLocale:
    """Show pages in the person's own language and zone; a language picked on a page (cookie) goes first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language() or user.language
        try:
            zone = zoneinfo.ZoneInfo(user.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            zone = zoneinfo.ZoneInfo("UTC")
        with timezone.override(zone):
            return self.get_response(request)
