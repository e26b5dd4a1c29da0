"""Keys that are handed out once and kept as digests only."""

from __future__ import annotations

import hashlib
import secrets


def new_key() -> str:
    """256 bits: nobody guesses it, so its digest needs neither salt nor a slow hash."""
    return secrets.token_urlsafe(32)


def digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
