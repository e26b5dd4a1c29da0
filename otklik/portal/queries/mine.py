"""What somebody sees about themselves."""

from __future__ import annotations

from datetime import datetime

from otklik.partners.public import AddressKind, Contact
from otklik.portal.models import ErasureRequest, PortalAccount, PortalSession


def addresses_of(contact: Contact) -> list[str]:
    """E-mail addresses, the one that is written to first."""
    rows = contact.addresses.filter(kind=AddressKind.EMAIL).order_by("-is_primary", "pk")
    return list(rows.values_list("value", flat=True))


def sessions_of(account: PortalAccount, *, at: datetime) -> list[PortalSession]:
    rows = PortalSession.objects.filter(account=account, expires_at__gt=at)
    return list(rows.order_by("-last_seen_at", "-pk")[:50])


def open_erasure_request(contact_id: int) -> ErasureRequest | None:
    rows = ErasureRequest.objects.select_related("ticket").filter(contact_id=contact_id)
    return rows.filter(withdrawn_at=None, declined_at=None).first()
