"""The address of one person's form: which invitation, and a signature that nobody else can make.

The token names nothing but the invitation; how long it is good for stands on the invitation, so that it can
be shortened after it was sent.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256

from django.conf import settings

_SALT = b"otklik.feedback.invitation"
_SIGNATURE = 12
_LONGEST = 40


class BadToken(Exception):
    """Forged, cut short by a mail program, or of another installation."""


def invitation_token(invitation_id: int) -> str:
    """Letters, digits, "-" and "_" only: mail programs break links at anything else."""
    payload = invitation_id.to_bytes(8, "big").lstrip(b"\0")
    return base64.urlsafe_b64encode(_signature(payload, _keys()[0]) + payload).rstrip(b"=").decode()


def invitation_of(token: str) -> int:
    """Raises BadToken."""
    if not 16 <= len(token) <= _LONGEST or not token.isascii():
        raise BadToken
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError as error:
        raise BadToken from error
    signature, payload = raw[:_SIGNATURE], raw[_SIGNATURE:]
    if not 1 <= len(payload) <= 8 or not any(_fits(signature, payload)):
        raise BadToken
    return int.from_bytes(payload, "big")


def _fits(signature: bytes, payload: bytes) -> Iterator[bool]:
    for key in _keys():
        yield hmac.compare_digest(signature, _signature(payload, key))


def _signature(payload: bytes, key: bytes) -> bytes:
    return hmac.digest(key, payload, "sha256")[:_SIGNATURE]


def _keys() -> tuple[bytes, ...]:
    """The key in use, then those that were used before: a changed key must not break mails under way."""
    return _derived((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _derived(secrets: tuple[str, ...]) -> tuple[bytes, ...]:
    return tuple(sha256(_SALT + secret.encode()).digest() for secret in secrets)
