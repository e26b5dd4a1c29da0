"""To whom a survey can be mailed."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from otklik.partners.public import Address, AddressKind, Contact


def reachable_at(partner_ids: Sequence[int]) -> set[int]:
    """People there with a mail address that nothing came back from. One query."""
    # Each person's addresses by their index: joined, some planners read every address of the house instead.
    good = Address.objects.filter(contact=OuterRef("pk"), kind=AddressKind.EMAIL, bounced_at=None)
    there = Contact.objects.filter(partner__in=partner_ids, erased_at=None, is_active=True)
    return set(there.filter(Exists(good)).order_by().values_list("pk", flat=True))
