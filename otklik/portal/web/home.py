"""The first page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from otklik.portal.web.guard import PortalRequest, person_page


@require_safe
@person_page
def home(request: PortalRequest) -> HttpResponse:
    return render(request, "portal/home.html")
