"""Who calls: people by their telephone number."""

from __future__ import annotations

from django.db.models import QuerySet

from otklik.identity.public import User
from otklik.partners.public import AddressKind, BadAddress, Contact, normalise_address, visible_contacts


def people_with_number(number: str, *, program_id: int | None = None) -> QuerySet[Contact]:
    """Everybody reached by this number, however it is written; a company's own number may be several
    people's. Nobody where it is not a number."""
    try:
        digits = normalise_address(AddressKind.PHONE, number)
    except BadAddress:
        return Contact.objects.none()
    found = Contact.objects.filter(
        addresses__kind=AddressKind.PHONE, addresses__normalised=digits, erased_at=None
    )
    if program_id is not None:
        found = found.filter(partner__program_id=program_id)
    return found.select_related("partner").distinct().order_by("pk")


def visible_people_with_number(user: User, number: str) -> QuerySet[Contact]:
    """Of those the ones this member of staff may see."""
    return people_with_number(number).filter(pk__in=visible_contacts(user).values("pk"))
