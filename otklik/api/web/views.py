from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from otklik.api.models import ApiToken
from otklik.api.operations.tokens import create_token, revoke_token
from otklik.api.web.forms import TokenForm
from otklik.api.web.pages import token_lines
from otklik.identity.public import Right, StaffRequest, actor_for, needs
from otklik.kit.clock import now


@require_http_methods(["GET", "POST"])
@needs(Right.MANAGE_TOKENS)
def tokens(request: StaffRequest) -> HttpResponse:
    form = TokenForm(request.POST or None)
    secret = None
    if request.method == "POST" and form.is_valid():
        at = now()
        _token, secret = create_token(
            owner=request.user,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=at + timedelta(days=form.cleaned_data["days"]),
            by=actor_for(request),
            at=at,
        )
        form = TokenForm()
    # The secret is in this answer and nowhere else, hence no redirect; the page must not be kept.
    response = render(
        request, "api/tokens.html", {"form": form, "lines": token_lines(), "secret": secret, "now": now()}
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@needs(Right.MANAGE_TOKENS)
def revocation(request: StaffRequest, token_id: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=token_id)
    revoke_token(token=token, by=actor_for(request), at=now())
    messages.success(request, _("“%(name)s” no longer opens anything.") % {"name": token.name})
    return redirect("tokens")
