"""Closed lists of the portal."""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """How somebody signs in."""

    LINK = "link"
    PASSWORD = "password"  # noqa: S105 - the name of a way, no secret
    PASSKEY = "passkey"
    COMPANY = "company"


class AccountState(StrEnum):
    """How a contact stands to the portal. OPEN_TO: no account yet, and a link by mail makes one."""

    NONE = "none"
    OPEN_TO = "open_to"
    INVITED = "invited"
    USED = "used"
    WITHDRAWN = "withdrawn"
    LEFT = "left"
