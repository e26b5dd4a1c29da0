"""How django-allauth behaves here."""

from __future__ import annotations

import math
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from otklik.kit.clock import now


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: an administrator adds staff. A throttled sign-in says when to try again."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail address and password do not go together."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise ValidationError(_try_again(_wait_seconds(request, key)), code="throttled") from None

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the installation's own address, whatever host the request claimed to be for."""
        uidb36, _dash, rest = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": rest})
        return f"{settings.OTKLIK.public_url}{path}"


def _wait_seconds(request: HttpRequest, key: str) -> float:
    """Until the oldest failure that counts falls out of its window; the longest over all limits."""
    moment, waits = now().timestamp(), [0.0]
    for rate in ratelimit.get_rates(app="allauth.account", action="login_failed"):
        name = ratelimit.get_cache_key(
            request, app="allauth.account", action="login_failed", rate=rate, key=key
        )
        history = [stamp for stamp in cache.get(name, []) if stamp > moment - rate.duration]
        if len(history) >= rate.amount:
            # Newest first: one more fits in once the amount-th newest is too old to count.
            waits.append(history[rate.amount - 1] + rate.duration - moment)
    return max(waits)


def _try_again(seconds: float) -> str:
    minutes = max(1, math.ceil(seconds / 60))
    reason = gettext("Too many wrong attempts.")
    when = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes) % {"n": minutes}
    return f"{reason} {when}"
