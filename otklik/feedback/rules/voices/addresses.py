"""Addresses of pages, and by which key a mention is known again."""

from __future__ import annotations

from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode, urlsplit

LONGEST_ADDRESS = 2000
# What a campaign hangs on an address; the page behind it is the same.
_CAMPAIGN = ("utm_", "fbclid", "gclid", "yclid", "mc_cid", "mc_eid", "_openstat")


def web_address(text: str) -> str:
    """An http(s) address as it is, "" for anything else: no other scheme is ever linked to."""
    address = text.strip()
    if len(address) > LONGEST_ADDRESS or any(sign.isspace() or not sign.isprintable() for sign in address):
        return ""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return ""
    return address if parts.scheme.lower() in ("http", "https") and host else ""


def levelled_address(address: str) -> str:
    """What two spellings of one page have in common. ``address``: as ``web_address`` gives it."""
    parts = urlsplit(address)
    asked = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.startswith(_CAMPAIGN)]
    host = (parts.hostname or "").removeprefix("www.")
    query = f"?{urlencode(asked)}" if asked else ""
    part = f"#{parts.fragment}" if parts.fragment else ""
    return f"{host}{parts.path.rstrip('/')}{query}{part}"


def key_of(*parts: object) -> str:
    return blake2b("\x1f".join(map(str, parts)).encode("utf-8", "replace"), digest_size=24).hexdigest()


def address_key(address: str) -> str:
    return key_of("url", levelled_address(address))
