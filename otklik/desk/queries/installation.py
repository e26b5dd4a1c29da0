"""What tells this installation's mail from everybody else's. Derived from its secret key, so that nothing
has to be set up; keys that are being left (OTKLIK_SECRET_KEY_OLD) are still read."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

from otklik.desk.rules.reply_token import Forged, GoodToken, read_token, tokens_in


def reply_keys() -> tuple[bytes, ...]:
    """The first signs, each of them is good to read."""
    return tuple(_derived(key, b"otklik reply address") for key in _keys())


def installation_marks() -> tuple[str, ...]:
    """The first goes out with each mail; one with any of them is our own come back."""
    return tuple(_derived(key, b"otklik installation").hex()[:32] for key in _keys())


def read_tokens(addresses: Iterable[str]) -> tuple[GoodToken | Forged, ...]:
    """Reply addresses among these, in their order."""
    found: list[GoodToken | Forged] = []
    for text in tokens_in(addresses):
        read = [read_token(text, key) for key in reply_keys()]
        good = next((token for token in read if isinstance(token, GoodToken)), None)
        if good is not None:
            found.append(good)
        elif any(isinstance(token, Forged) for token in read):
            found.append(Forged())
    return tuple(found)


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _derived(key: str, purpose: bytes) -> bytes:
    return hmac.digest(key.encode(), purpose, hashlib.sha256)


def call_keys() -> tuple[str, ...]:
    """What a telephone system proves itself with, in the address it posts calls to."""
    return tuple(_derived(key, b"otklik incoming calls").hex()[:32] for key in _keys())
