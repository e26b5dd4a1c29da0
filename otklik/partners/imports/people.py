"""Whom the rows of a file mean: partners and contacts by whatever a file calls them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from otklik.partners.models import Address, Contact, Partner
from otklik.partners.rules.addresses import BadAddress, normalise_address
from otklik.partners.rules.names import name_key, tidy
from otklik.partners.rules.vocabulary import AddressKind


@dataclass(frozen=True, slots=True)
class PersonRef:
    """What a row says about who it was; "" where it says nothing."""

    partner_external_id: str = ""
    partner_name: str = ""
    contact_external_id: str = ""
    contact_email: str = ""
    contact_name: str = ""

    @property
    def names_partner(self) -> bool:
        return bool(self.partner_external_id or self.partner_name)

    @property
    def names_contact(self) -> bool:
        return bool(self.contact_external_id or self.contact_email or self.contact_name)


@dataclass(frozen=True, slots=True)
class Meant:
    """The partner and, where the row names one, the contact. ``code`` where somebody was named whom
    nobody knows (partner_unknown, contact_unknown) or whom several fit (partner_ambiguous,
    contact_ambiguous), or no partner was named or follows (partner_missing); ``about`` is the field of
    the reference it is about.
    """

    partner_id: int | None = None
    contact_id: int | None = None
    code: str = ""
    about: str = ""


def find_people(program_id: int, refs: Sequence[PersonRef]) -> list[Meant]:
    """One answer a reference, in the same order; a constant number of queries. External ids go before names,
    addresses before both."""
    partners = _Partners(program_id, refs)
    contacts = _Contacts(program_id, refs, partners)
    return [_meant(ref, partners, contacts) for ref in refs]


def _meant(ref: PersonRef, partners: _Partners, contacts: _Contacts) -> Meant:
    partner_id = None
    if ref.names_partner:
        about = "partner_external_id" if ref.partner_external_id else "partner_name"
        found = partners.fitting(ref)
        if len(found) != 1:
            return Meant(code="partner_ambiguous" if found else "partner_unknown", about=about)
        partner_id = found[0]
    if not ref.names_contact:
        return Meant(partner_id) if partner_id else Meant(code="partner_missing")
    about, people = contacts.fitting(ref, partner_id)
    if len(people) != 1:
        return Meant(partner_id, None, "contact_ambiguous" if people else "contact_unknown", about)
    contact_id, of_partner = people[0]
    return Meant(of_partner, contact_id)


class _Partners:
    def __init__(self, program_id: int, refs: Iterable[PersonRef]) -> None:
        ids = {tidy(ref.partner_external_id) for ref in refs if ref.partner_external_id}
        names = {name_key(tidy(ref.partner_name)) for ref in refs if ref.partner_name}
        self.by_id: dict[str, list[int]] = {}
        self.by_name: dict[str, list[int]] = {}
        if not (ids or names):
            return
        for pk, external_id, key in Partner.objects.filter(
            Q(external_id__in=ids) | Q(name_key__in=names), program_id=program_id, erased_at=None
        ).values_list("pk", "external_id", "name_key"):
            self.by_id.setdefault(external_id, []).append(pk)
            self.by_name.setdefault(key, []).append(pk)

    def fitting(self, ref: PersonRef) -> list[int]:
        if ref.partner_external_id:
            return self.by_id.get(tidy(ref.partner_external_id), [])
        return self.by_name.get(name_key(tidy(ref.partner_name)), [])

    def all(self) -> set[int]:
        return {pk for found in self.by_name.values() for pk in found}


Person = tuple[int, int]  # contact, partner


class _Contacts:
    def __init__(self, program_id: int, refs: Sequence[PersonRef], partners: _Partners) -> None:
        self.by_email: dict[str, list[Person]] = {}
        self.by_id: dict[str, list[Person]] = {}
        self.by_name: dict[str, list[Person]] = {}
        emails = {_email(ref.contact_email) for ref in refs if ref.contact_email}
        ids = {tidy(ref.contact_external_id) for ref in refs if ref.contact_external_id}
        names = {name_key(tidy(ref.contact_name)) for ref in refs if ref.contact_name}
        if emails:
            for email, pk, partner_id in Address.objects.filter(
                kind=AddressKind.EMAIL,
                normalised__in=emails,
                contact__partner__program_id=program_id,
                contact__erased_at=None,
            ).values_list("normalised", "contact_id", "contact__partner_id"):
                self.by_email.setdefault(email, []).append((pk, partner_id))
        # Two questions: of one with "or" between them no index could answer, and it would read all contacts.
        if ids:
            for external_id, pk, partner_id in Contact.objects.filter(
                external_id__in=ids, partner__program_id=program_id, erased_at=None
            ).values_list("external_id", "pk", "partner_id"):
                self.by_id.setdefault(external_id, []).append((pk, partner_id))
        if names:
            for key, pk, partner_id in Contact.objects.filter(
                name_key__in=names, partner_id__in=partners.all(), erased_at=None
            ).values_list("name_key", "pk", "partner_id"):
                self.by_name.setdefault(key, []).append((pk, partner_id))

    def fitting(self, ref: PersonRef, partner_id: int | None) -> tuple[str, list[Person]]:
        """The field that was looked at, and the contacts that fit."""
        if ref.contact_external_id:
            about, found = "contact_external_id", self.by_id.get(tidy(ref.contact_external_id), [])
        elif ref.contact_email:
            about, found = "contact_email", self.by_email.get(_email(ref.contact_email), [])
        else:
            # A name alone says nothing without a partner: there are many Ivans.
            key = name_key(tidy(ref.contact_name))
            about, found = "contact_name", self.by_name.get(key, []) if partner_id else []
        return about, [person for person in found if partner_id is None or person[1] == partner_id]


def _email(value: str) -> str:
    try:
        return normalise_address(AddressKind.EMAIL, value)
    except BadAddress:
        return value.strip().lower()
