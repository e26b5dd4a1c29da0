"""Addresses as mail servers write them."""

from __future__ import annotations

from contextlib import suppress

import idna


def in_ascii(address: str) -> str:
    """Letters beyond ASCII in a domain have another spelling; before the @ they need a server that knows
    them. Raises idna.IDNAError."""
    local, _, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"


def is_same(written: str, address: str) -> bool:
    """``written``: in a report, in either spelling; ``address``: levelled."""
    told = written.strip().lower()
    with suppress(idna.IDNAError):
        return told in (address, in_ascii(address).lower())
    return told == address
