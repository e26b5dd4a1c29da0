"""Message ids as they are kept for looking up."""

from __future__ import annotations

import hashlib


def digest_of(message_id: str) -> bytes:
    """16 bytes; angle brackets and surrounding spaces do not matter, case does (RFC 5322)."""
    plain = message_id.strip().removeprefix("<").removesuffix(">").strip()
    return hashlib.sha256(plain.encode("utf-8", "replace")).digest()[:16]
