"""Coming in and going out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from otklik.portal.operations.sessions import end_session
from otklik.portal.web.guard import door_page, forget, safe_next, session_key, signed_in_session


@require_safe
@door_page
def sign_in(request: HttpRequest) -> HttpResponse:
    wanted = safe_next(request.GET.get("next", ""))
    if signed_in_session(request) is not None:
        return HttpResponseRedirect(wanted)
    return render(request, "portal/entry/sign_in.html", {"next": wanted})


@require_POST
@door_page
def sign_out(request: HttpRequest) -> HttpResponse:
    if key := session_key(request):
        end_session(key=key)
    response = HttpResponseRedirect(reverse("portal-sign-in"))
    forget(response)
    return response
