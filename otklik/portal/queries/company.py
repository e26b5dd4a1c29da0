"""Partners' own ways to sign in."""

from __future__ import annotations

from otklik.partners.public import AddressKind, Contact
from otklik.portal.models import CompanySignIn


def company_called(key: str) -> CompanySignIn | None:
    rows = CompanySignIn.objects.select_related("partner__program")
    return rows.filter(key=key, is_active=True, partner__erased_at=None).first()


def contact_at(partner_id: int, address: str) -> Contact | None:
    """Whoever works at this very partner and has the address."""
    return (
        Contact.objects.select_related("partner__program")
        .filter(
            partner_id=partner_id,
            is_active=True,
            erased_at=None,
            partner__erased_at=None,
            addresses__kind=AddressKind.EMAIL,
            addresses__normalised=address,
        )
        .order_by("pk")
        .first()
    )
