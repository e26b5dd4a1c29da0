from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.partners.models import Address, Contact
from otklik.partners.operations.changes import TOLD_OF_CONTACT, Changes, set_values, told
from otklik.partners.operations.documents import contact_documents
from otklik.partners.operations.facts import state_facts, take_back_role
from otklik.partners.operations.locking import locked_contact, locked_partner
from otklik.partners.rules.addresses import normalise_address
from otklik.partners.rules.names import tidy
from otklik.partners.rules.vocabulary import AddressKind, Authority, Consent, ContactRole, Influence
from otklik.search.public import put

# What create_contact and change_contact take; everything else about a person has an operation of its own.
FACTS = frozenset(
    {
        "name",
        "external_id",
        "job_title",
        "languages",
        "time_zone",
        "preferred_channel",
        "preferred_hours",
        "is_active",
    }
)


_LOOKED_AT = ("authority", "influence")


class ContactExists(Exception):
    """The partner has a contact with this external id or address: ``contact_id``; ``field`` says which."""

    def __init__(self, contact_id: int, field: str) -> None:
        super().__init__(contact_id, field)
        self.contact_id, self.field = contact_id, field


@transaction.atomic
def create_contact(
    *,
    partner_id: int,
    facts: Mapping[str, Any],
    addresses: Iterable[tuple[AddressKind, str]] = (),
    authority: Authority = Authority.UNKNOWN,
    influence: Influence = Influence.UNKNOWN,
    by: Actor,
    at: datetime,
) -> Contact:
    """``facts``: values by the names in FACTS, ``name`` among them. Raises ContactExists, BadAddress,
    AlreadyErased (the partner)."""
    partner = locked_partner(partner_id)
    contact = Contact(partner=partner, created_at=at)
    set_values(contact, _checked(facts))
    if contact.job_title:
        contact.state_title(at=at)
    _refuse_double(contact)
    state_facts(contact, authority=authority, influence=influence, by=by, at=at)
    contact.save(force_insert=True)
    for kind, value in addresses:
        _add_address(contact, kind, value)
    record("contact.created", by=by, at=at, subjects=_subjects(contact), data={"role": str(contact.role)})
    put(contact_documents([contact.pk]), at=at)
    return contact


@transaction.atomic
def change_contact(
    *,
    contact_id: int,
    facts: Mapping[str, Any],
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Contact:
    """Facts not named stay as they are. Raises ContactExists, ChangedMeanwhile, AlreadyErased."""
    contact = locked_contact(contact_id, expected_version)
    changes = set_values(contact, _checked(facts))
    if "external_id" in changes:
        _refuse_double(contact)
    if "job_title" in changes:
        contact.state_title(at=at)
    if changes:
        _save(contact, changes, by, at)
    return contact


def state_authority(*, contact_id: int, authority: Authority, by: Actor, at: datetime) -> Contact:
    """How far this person decides. Who stated it and when is kept. Raises AlreadyErased."""
    return _state(contact_id, by, at, authority=authority)


def state_influence(*, contact_id: int, influence: Influence, by: Actor, at: datetime) -> Contact:
    """How much this person's opinion weighs. Who stated it and when is kept. Raises AlreadyErased."""
    return _state(contact_id, by, at, influence=influence)


def overrule_role(*, contact_id: int, role: ContactRole | None, by: Actor, at: datetime) -> Contact:
    """Set a role against what the two facts say; None goes back to them. Raises AlreadyErased."""
    if role is not None:
        return _state(contact_id, by, at, role=role)
    with transaction.atomic():
        contact = locked_contact(contact_id)
        _save_facts(contact, take_back_role(contact, by=by, at=at), by, at)
    return contact


@transaction.atomic
def add_address(*, contact_id: int, kind: AddressKind, value: str, by: Actor, at: datetime) -> Contact:
    """Raises BadAddress, ContactExists (another contact of the partner has it), AlreadyErased."""
    contact = locked_contact(contact_id)
    if _add_address(contact, kind, value):
        _save(contact, {"addresses": (None, None)}, by, at)
    return contact


@transaction.atomic
def remove_address(*, contact_id: int, address_id: int, by: Actor, at: datetime) -> Contact:
    """The oldest one left of the kind becomes the primary one. Raises Address.DoesNotExist, AlreadyErased."""
    contact = locked_contact(contact_id)
    address = Address.objects.get(pk=address_id, contact=contact)
    address.delete()
    left = Address.objects.filter(contact=contact, kind=address.kind).order_by("pk").first()
    if address.is_primary and left is not None:
        left.is_primary = True
        left.save(update_fields=["is_primary"])
    _save(contact, {"addresses": (None, None)}, by, at)
    return contact


@transaction.atomic
def mark_bounced(*, addresses: Iterable[str], by: Actor, at: datetime) -> list[int]:
    """Mail to these e-mail addresses came back for good. Ids of the contacts who have them; what is marked
    already stays as it is."""
    wanted = {address.strip().lower() for address in addresses}
    found = Address.objects.filter(kind=AddressKind.EMAIL, normalised__in=wanted, bounced_at=None)
    ids = sorted(set(found.values_list("contact_id", flat=True)))
    for contact_id in ids:
        contact = locked_contact(contact_id)
        Address.objects.filter(contact=contact, kind=AddressKind.EMAIL, normalised__in=wanted).update(
            bounced_at=at
        )
        _save(contact, {"addresses": (None, None)}, by, at)
    return ids


@transaction.atomic
def record_consent(*, contact_id: int, consent: Consent, by: Actor, at: datetime) -> Contact:
    """Whether this person agreed to be written to, and since when. Raises AlreadyErased."""
    contact = locked_contact(contact_id)
    before = contact.consent
    if before == consent:
        return contact
    contact.record_consent(consent, at=at)
    _save(contact, {"consent": (str(before), str(consent))}, by, at)
    return contact


@transaction.atomic
def _state(
    contact_id: int,
    by: Actor,
    at: datetime,
    *,
    authority: Authority | None = None,
    influence: Influence | None = None,
    role: ContactRole | None = None,
) -> Contact:
    contact = locked_contact(contact_id)
    told_of = state_facts(contact, authority=authority, influence=influence, role=role, by=by, at=at)
    _save_facts(contact, told_of, by, at)
    return contact


def _save_facts(contact: Contact, told_of: list[dict[str, Any]], by: Actor, at: datetime) -> None:
    if not told_of:
        contact.save(update_fields=[f"{fact}_set_{what}" for fact in _LOOKED_AT for what in ("by", "at")])
        return
    contact.version += 1
    contact.save()
    for data in told_of:
        record("contact.role_changed", by=by, at=at, subjects=_subjects(contact), data=data)


def _save(contact: Contact, changes: Changes, by: Actor, at: datetime) -> None:
    contact.version += 1
    contact.save()
    record("contact.changed", by=by, at=at, subjects=_subjects(contact), data=told(changes, TOLD_OF_CONTACT))
    put(contact_documents([contact.pk]), at=at)


def _subjects(contact: Contact) -> list[Subject]:
    return [Subject("contact", contact.pk), Subject("partner", contact.partner_id)]


def _add_address(contact: Contact, kind: AddressKind, value: str) -> bool:
    """False where the contact has it already."""
    normalised = normalise_address(kind, value)
    holder = (
        Address.objects.filter(kind=kind, normalised=normalised, contact__partner_id=contact.partner_id)
        .values_list("contact_id", flat=True)
        .first()
    )
    if holder == contact.pk:
        return False
    if holder is not None:
        raise ContactExists(holder, kind.value)
    Address.objects.create(
        contact=contact,
        kind=kind.value,
        value=tidy(value),
        normalised=normalised,
        is_primary=not Address.objects.filter(contact=contact, kind=kind).exists(),
    )
    return True


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"not facts of a contact: {sorted(unknown)}")
    values = dict(facts)
    for field in ("name", "external_id", "job_title"):
        if field in values:
            values[field] = tidy(values[field])
    return values


def _refuse_double(contact: Contact) -> None:
    if not contact.external_id:
        return
    others = Contact.objects.filter(partner_id=contact.partner_id, external_id=contact.external_id)
    found = others.exclude(pk=contact.pk).values_list("pk", flat=True).first()
    if found is not None:
        raise ContactExists(found, "external_id")
