"""The link by which somebody chooses a password."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from otklik.identity.models import User


def password_link(user: User) -> str:
    """Works for PASSWORD_RESET_TIMEOUT, and until they sign in or choose a password."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.OTKLIK.public_url + reverse("account_reset_password_from_key", kwargs=key)
