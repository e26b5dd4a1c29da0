"""To whom a survey can be mailed."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.partners.public import AddressKind, Contact


def reachable_at(partner_ids: Sequence[int]) -> set[int]:
    """People there with a mail address that nothing came back from. One query."""
    rows = Contact.objects.filter(
        partner__in=partner_ids,
        erased_at=None,
        is_active=True,
        addresses__kind=AddressKind.EMAIL,
        addresses__bounced_at=None,
    )
    return set(rows.order_by().values_list("pk", flat=True))
