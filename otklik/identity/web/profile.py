"""One's own name, language and zone."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from otklik.identity.labels import ROLE_LABELS
from otklik.identity.operations.staff import change_user
from otklik.identity.web.forms import PersonForm
from otklik.identity.web.guard import StaffRequest, actor_for, signed_in
from otklik.kit.clock import now


@require_http_methods(["GET", "POST"])
@signed_in
def profile(request: StaffRequest) -> HttpResponse:
    user = request.user
    initial = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
    form = PersonForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_user(user=user, **form.cleaned_data, by=actor_for(request), at=now())
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Saved."))
        response = redirect("profile")
        # What was picked with the switch on a page would otherwise go before the profile's language.
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    roles = [ROLE_LABELS[role] for role in sorted(user.roles)]
    return render(request, "identity/profile.html", {"form": form, "roles": roles})
