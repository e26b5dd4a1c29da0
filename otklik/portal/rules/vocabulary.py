"""Closed lists of the portal."""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """How somebody signs in."""

    LINK = "link"
    PASSWORD = "password"  # noqa: S105 - the name of a way, no secret
    PASSKEY = "passkey"
    COMPANY = "company"
