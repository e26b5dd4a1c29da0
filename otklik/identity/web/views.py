"""The first page, the sign of life, and the pages that say no."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from otklik.identity.labels import RIGHT_LABELS
from otklik.identity.queries import holders_of
from otklik.identity.rules.roles import Role
from otklik.identity.web.guard import NeedsRight, StaffRequest, signed_in
from otklik.kit.registry import dashboard_panels, render_panels


def health(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@signed_in
def home(request: StaffRequest) -> HttpResponse:
    panels = render_panels(dashboard_panels, request, None, request.user.rights)
    return render(request, "identity/home.html", {"panels": panels})


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403: says which right is missing and who can give it."""
    right = RIGHT_LABELS[exception.right] if isinstance(exception, NeedsRight) else None
    helpers = holders_of(Role.ADMINISTRATOR) if request.user.is_authenticated else []
    return render(request, "403.html", {"right": right, "helpers": helpers}, status=403)


def too_many(request: HttpRequest) -> HttpResponse:
    """allauth's handler429."""
    return render(request, "429.html", status=429)
