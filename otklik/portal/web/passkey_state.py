"""What was asked of a passkey, kept by the browser until it answers: signed, for some minutes, once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse

from otklik.kit.clock import now
from otklik.portal.operations.passkeys import PasskeyRefused
from otklik.portal.rules.keys import digest
from otklik.portal.web.guard import PATH
from otklik.portal.web.limits import used_before

COOKIE = "otklik_portal_passkey"
_SALT = "otklik.portal.passkey"
_LASTS = timedelta(minutes=5)
_LONGEST = 20_000


def asked(options: Mapping[str, Any], state: Mapping[str, Any], purpose: str) -> HttpResponse:
    response = JsonResponse(dict(options))
    response.set_cookie(
        COOKIE,
        signing.dumps({"state": dict(state), "for": purpose}, salt=_SALT),
        max_age=int(_LASTS.total_seconds()),
        path=PATH,
        httponly=True,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        samesite="Lax",
    )
    return response


def answered(request: HttpRequest, purpose: str) -> tuple[Mapping[str, Any], Any]:
    """The state and the device's answer. Raises PasskeyRefused: too late, twice, or not what was asked."""
    text = request.POST.get("answer", "")
    if len(text) > _LONGEST:
        raise PasskeyRefused("too long")
    try:
        kept = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LASTS)
        answer = json.loads(text)
    except (signing.BadSignature, ValueError, RecursionError) as error:
        raise PasskeyRefused("nothing was asked") from error
    if kept["for"] != purpose or not isinstance(answer, dict):
        raise PasskeyRefused("something else was asked")
    if used_before(digest(kept["state"]["challenge"]), span=2 * _LASTS, at=now()):
        raise PasskeyRefused("answered before")
    return kept["state"], answer
