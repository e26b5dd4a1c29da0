"""Coming in with a passkey: nothing is typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from otklik.kit.clock import now
from otklik.portal.operations.passkeys import PasskeyRefused, account_by_passkey, asking
from otklik.portal.operations.sessions import begin_session
from otklik.portal.rules.vocabulary import Way
from otklik.portal.web import passkey_state
from otklik.portal.web.entry import device, shown, welcomed
from otklik.portal.web.forms import AddressForm
from otklik.portal.web.guard import door_page
from otklik.portal.web.limits import is_too_often

_PURPOSE = "enter"


@require_POST
@door_page
def begin(request: HttpRequest) -> HttpResponse:
    if is_too_often(request, "passkey", at=now()):
        return HttpResponse(status=429)
    return passkey_state.asked(*asking(), _PURPOSE)


@require_POST
@door_page
def enter(request: HttpRequest) -> HttpResponse:
    at = now()
    try:
        state, answer = passkey_state.answered(request, _PURPOSE)
        account = account_by_passkey(state=state, answer=answer, at=at)
    except PasskeyRefused:
        form = AddressForm(request.POST)
        form.errors.clear()
        form.add_error(
            None, _("This passkey opens nothing here. Come in by a link and add it in your profile.")
        )
        return shown(request, form, status=422)
    key = begin_session(account=account, way=Way.PASSKEY, device=device(request), at=at)
    response = welcomed(request, key, request.POST.get("next", ""))
    response.delete_cookie(passkey_state.COOKIE, path="/portal/", samesite="Lax")
    return response
