"""Rows as imports and the demo hand them over, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from otklik.partners.rules.vocabulary import Authority, Consent, ContactRole, Influence, PartnerStatus


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """None leaves a fact as it is, "" empties it. ``products``, ``projects`` and ``needs`` replace what was
    there; ``custom`` adds to it. ``country`` and ``language``: codes, or names in Russian or English."""

    name: str | None = None
    external_id: str | None = None
    status: PartnerStatus | None = None
    tier: str | None = None
    segment: str | None = None
    country: str | None = None
    language: str | None = None
    time_zone: str | None = None
    manager_id: int | None = None
    manager_email: str | None = None
    revenue: Decimal | None = None
    contract_number: str | None = None
    contract_started_on: date | None = None
    renewal_on: date | None = None
    products: tuple[str, ...] | None = None
    projects: tuple[str, ...] | None = None
    needs: tuple[str, ...] | None = None
    custom: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ContactRow:
    """The partner is named by id, external id or name, or follows from an e-mail address already known.

    None leaves a fact as it is, "" empties it; addresses are added, never taken away. ``role`` states the
    role itself (an overruling), where the file does not know authority and influence apart. ``as_of``: when
    title, authority and influence were looked at last; what was stated here since then stays.
    """

    name: str | None = None
    partner_id: int | None = None
    partner_external_id: str | None = None
    partner_name: str | None = None
    external_id: str | None = None
    job_title: str | None = None
    authority: Authority | None = None
    influence: Influence | None = None
    role: ContactRole | None = None
    as_of: datetime | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    telegrams: tuple[str, ...] = ()
    languages: tuple[str, ...] | None = None
    time_zone: str | None = None
    preferred_channel: str | None = None
    preferred_hours: str | None = None
    consent: Consent | None = None


class Fate(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class StoreOutcome:
    """``id`` of what was stored; for a failed row ``code`` (``labels.REFUSALS``) and the field meant."""

    fate: Fate
    id: int | None = None
    code: str = ""
    field: str = ""


class RowRefused(Exception):
    """A row that cannot be stored as it stands."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code, field)
        self.code, self.field = code, field
