"""Closed lists of the partner CRM; their words on screen are in ``labels.py``."""

from __future__ import annotations

from enum import StrEnum


class PartnerStatus(StrEnum):
    APPLICANT = "applicant"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class ItemKind(StrEnum):
    PRODUCT = "product"
    PROJECT = "project"
    NEED = "need"


class Authority(StrEnum):
    """How far a person decides about the partnership; a fact of its own, apart from influence."""

    UNKNOWN = "unknown"
    NONE = "none"
    SHARED = "shared"
    FINAL = "final"


class Influence(StrEnum):
    UNKNOWN = "unknown"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class ContactRole(StrEnum):
    DECISION_MAKER = "decision_maker"
    INFLUENCER = "influencer"
    END_USER = "end_user"
    UNKNOWN = "unknown"


class AddressKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    TELEGRAM = "telegram"


class Consent(StrEnum):
    UNKNOWN = "unknown"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class PreferredChannel(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    TELEGRAM = "telegram"
    CHAT = "chat"
    PORTAL = "portal"
