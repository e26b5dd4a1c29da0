"""Everything here that is about one person, for their own export."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from otklik.partners.models import Contact


def personal_data(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Lists of plain values by what they are of; moments as ISO 8601. What we think of somebody's say in
    the matter is about them as well, so it is told."""
    contact = Contact.objects.select_related("partner").filter(pk=contact_id).first()
    if contact is None:
        return {"contact": [], "addresses": []}
    facts = {
        "name": contact.name,
        "company": contact.partner.name,
        "external_id": contact.external_id,
        "job_title": contact.job_title,
        "languages": list(contact.languages),
        "time_zone": contact.time_zone,
        "preferred_channel": contact.preferred_channel,
        "preferred_hours": contact.preferred_hours,
        "decision_authority": contact.authority,
        "influence": contact.influence,
        "role": contact.role,
        "consent": contact.consent,
        "consent_at": _moment(contact.consent_at),
        "known_since": _moment(contact.created_at),
    }
    addresses = contact.addresses.order_by("kind", "-is_primary", "pk")
    return {
        "contact": [facts],
        "addresses": [
            {
                "kind": row.kind,
                "address": row.value,
                "is_primary": row.is_primary,
                "mail_came_back_at": _moment(row.bounced_at),
            }
            for row in addresses
        ],
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
