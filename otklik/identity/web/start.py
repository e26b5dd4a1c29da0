"""The first-run page: shown until there is one administrator, gone for good afterwards."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from otklik.identity.operations.staff import AlreadyStarted, create_first_administrator
from otklik.identity.queries import anybody_exists
from otklik.identity.web.forms import StartForm
from otklik.kit.clock import now


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    if anybody_exists():
        raise Http404("This installation was started before.")
    form = StartForm(request.POST or None, initial={"language": get_language(), "time_zone": "UTC"})
    if request.method == "POST" and form.is_valid():
        try:
            user = create_first_administrator(**form.cleaned_data, at=now())
        except AlreadyStarted:
            return redirect("account_login")
        login(request, user)
        return redirect("home")
    return render(request, "identity/start.html", {"form": form})
