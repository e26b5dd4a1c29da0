"""The first page, the sign of life, and the pages that say no."""

from __future__ import annotations

import sys

from django.core.exceptions import SuspiciousOperation
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error

from otklik.identity.labels import RIGHT_LABELS
from otklik.identity.queries import holders_of
from otklik.identity.rules.roles import Role
from otklik.identity.web.guard import NeedsRight, StaffRequest, signed_in
from otklik.kit.outage import Outage, outage_of
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


_STATUS = {Outage.DATABASE_AWAY: 503, Outage.DISK_FULL: 507, Outage.FACTS_AWAY: 503}
# The writer of facts, which puts most of it right, comes every quarter of an hour.
_RETRY_SECONDS = {Outage.DATABASE_AWAY: 5, Outage.DISK_FULL: 5, Outage.FACTS_AWAY: 60}
_FOR_PROGRAMS = {
    Outage.DATABASE_AWAY: "The database cannot be reached just now. Send the same request again.",
    Outage.DISK_FULL: "The server has no room left. Nothing was stored; send the same request again later.",
    Outage.FACTS_AWAY: "These figures cannot be read just now. Send the same request again in a while.",
}
_BROKEN = "Something broke on our side. It is in the server's log."
# What people write at length, wherever they do.
_WRITTEN_IN = ("text", "answer", "question", "note", "comment")


def broken(request: HttpRequest) -> HttpResponseBase:
    """Django's handler500. Where what we stand on is away or full, the page says what to do, and
    holds what was typed; it is drawn without the database."""
    outage = outage_of(sys.exc_info()[1])
    is_program = request.path.startswith("/api/")
    if outage is None:
        return _problem("broken", _BROKEN, 500) if is_program else server_error(request)
    if is_program:
        response: HttpResponse = _problem(outage.value, _FOR_PROGRAMS[outage], _STATUS[outage])
    else:
        page = render_to_string("outage.html", {"outage": outage.value, "written": _written(request)})
        response = HttpResponse(page, status=_STATUS[outage])
    response.headers["Retry-After"] = str(_RETRY_SECONDS[outage])
    return response


def _problem(code: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "message": message, "where": ""}, status=status)


def _written(request: HttpRequest) -> str:
    try:
        return next((text for name in _WRITTEN_IN if (text := request.POST.get(name, "").strip())), "")
    except (OSError, RawPostDataException, SuspiciousOperation):
        # It broke while the form was being read: then there is nothing to give back.
        return ""
