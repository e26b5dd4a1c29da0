"""Contacts in bulk: one chunk, one transaction, a number of queries that does not grow with the chunk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.partners.models import Address, Contact, Merged, Partner
from otklik.partners.operations.changes import TOLD_OF_CONTACT, set_values, told
from otklik.partners.operations.documents import contact_documents
from otklik.partners.operations.facts import state_facts
from otklik.partners.operations.locking import lock_program
from otklik.partners.operations.store.rows import ContactRow, Fate, RowRefused, StoreOutcome
from otklik.partners.operations.store.values import contact_values, stated_addresses
from otklik.partners.rules.names import name_key, tidy
from otklik.partners.rules.vocabulary import AddressKind
from otklik.search.public import put

COLUMNS = (
    "name",
    "name_key",
    "external_id",
    "job_title",
    "job_title_at",
    "job_title_imported_at",
    "authority",
    "authority_set_by_id",
    "authority_set_at",
    "influence",
    "influence_set_by_id",
    "influence_set_at",
    "role",
    "role_overruled",
    "role_overruled_by_id",
    "role_overruled_at",
    "languages",
    "time_zone",
    "preferred_channel",
    "preferred_hours",
    "consent",
    "consent_at",
    "version",
)
DATES = (
    "job_title_at",
    "job_title_imported_at",
    "authority_set_by_id",
    "authority_set_at",
    "influence_set_by_id",
    "influence_set_at",
)
"""What a row that says the same again renews."""


@transaction.atomic
def store_contacts(
    program_id: int, rows: Sequence[ContactRow], *, by: Actor, at: datetime
) -> list[StoreOutcome]:
    """Create or change the contacts these rows tell of; one outcome a row, in the same order.

    At the row's partner a contact is known by external id, else by an e-mail address, else by name where
    e-mail addresses do not contradict. A row that names no partner means the contact of the program with
    its e-mail address. Rows later in the chunk see what earlier ones did. For chunks of at most 500 rows.
    """
    # Two imports at once would both miss a person and both create one; nothing in the tables forbids that.
    lock_program(program_id)
    chunk = _load(program_id, rows, at)
    fates = [_outcome(chunk, row, by) for row in rows]
    _save(chunk, by, at)
    return [f if isinstance(f, StoreOutcome) else StoreOutcome(f[0], f[1].contact.pk) for f in fates]


AddressKey = tuple[str, str]


@dataclass(slots=True, eq=False)
class _Draft:
    contact: Contact
    is_new: bool
    addresses: set[AddressKey]
    new_addresses: list[Address] = field(default_factory=list)
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    role_changes: list[dict[str, Any]] = field(default_factory=list)
    is_confirmed: bool = False

    @property
    def has_email(self) -> bool:
        return any(kind == AddressKind.EMAIL for kind, _value in self.addresses)

    def add_addresses(self, stated: Iterable[tuple[AddressKind, str, str]]) -> bool:
        added = False
        for kind, value, normalised in stated:
            if (kind.value, normalised) in self.addresses:
                continue
            first = not any(known == kind for known, _value in self.addresses)
            address = Address(
                contact=self.contact, kind=kind.value, value=value, normalised=normalised, is_primary=first
            )
            self.new_addresses.append(address)
            self.addresses.add((kind.value, normalised))
            added = True
        return added


@dataclass(slots=True)
class _Chunk:
    at: datetime
    partners: dict[tuple[str, Any], list[Partner]]
    drafts: list[_Draft] = field(default_factory=list)
    by_external_id: dict[tuple[int, str], _Draft] = field(default_factory=dict)
    by_email: dict[str, list[_Draft]] = field(default_factory=dict)
    by_name: dict[tuple[int, str], list[_Draft]] = field(default_factory=dict)
    # Ids of contacts that were merged into another one.
    former_ids: dict[tuple[int, str], _Draft] = field(default_factory=dict)

    def index(self, draft: _Draft) -> None:
        contact = draft.contact
        if contact.external_id:
            self.by_external_id[contact.partner_id, contact.external_id] = draft
        _note(self.by_name, (contact.partner_id, name_key(contact.name)), draft)
        for kind, normalised in draft.addresses:
            if kind == AddressKind.EMAIL:
                _note(self.by_email, normalised, draft)


def _note(index: dict[Any, list[_Draft]], key: Any, draft: _Draft) -> None:
    drafts = index.setdefault(key, [])
    if draft not in drafts:
        drafts.append(draft)


def _load(program_id: int, rows: Sequence[ContactRow], at: datetime) -> _Chunk:
    partners = _indexed(
        Partner.objects.filter(
            Q(pk__in={row.partner_id for row in rows if row.partner_id is not None})
            | Q(external_id__in={tidy(row.partner_external_id) for row in rows if row.partner_external_id})
            | Q(name_key__in={name_key(tidy(row.partner_name)) for row in rows if row.partner_name}),
            program_id=program_id,
            erased_at=None,
        ).order_by("pk")
    )
    emails = {email.strip().lower() for row in rows for email in row.emails}
    by_address = Address.objects.filter(
        kind=AddressKind.EMAIL, normalised__in=emails, contact__partner__program_id=program_id
    ).values_list("contact_id", flat=True)
    at_partner = Q(partner_id__in=[key for column, key in partners if column == "id"])
    names = {name_key(tidy(row.name)) for row in rows if row.name}
    external_ids = {tidy(row.external_id) for row in rows if row.external_id}
    merged = Merged.objects.filter(
        noun="contact",
        scope_id__in=[key for column, key in partners if column == "id"],
        external_id__in=external_ids - {""},
    )
    former = {(m.scope_id, m.external_id): m.target_id for m in merged}
    found = Contact.objects.filter(
        Q(pk__in=[*by_address, *former.values()])
        | at_partner & Q(name_key__in=names)
        | at_partner & Q(external_id__in=external_ids),
        erased_at=None,
    ).order_by("pk")
    chunk = _Chunk(at, partners)
    for contact in found.prefetch_related("addresses"):
        known = {(address.kind, address.normalised) for address in contact.addresses.all()}
        draft = _Draft(contact, False, known)
        chunk.drafts.append(draft)
        chunk.index(draft)
        chunk.former_ids |= {key: draft for key, target_id in former.items() if target_id == contact.pk}
    return chunk


def _indexed(partners: Iterable[Partner]) -> dict[tuple[str, Any], list[Partner]]:
    """By ("id" | "external_id" | "name", key)."""
    index: dict[tuple[str, Any], list[Partner]] = {}
    for partner in partners:
        keys = (("id", partner.pk), ("external_id", partner.external_id), ("name", partner.name_key))
        for key in keys:
            index.setdefault(key, []).append(partner)
    return index


def _outcome(chunk: _Chunk, row: ContactRow, by: Actor) -> tuple[Fate, _Draft] | StoreOutcome:
    try:
        values, addresses = contact_values(row), stated_addresses(row)
        emails = [normalised for kind, _value, normalised in addresses if kind is AddressKind.EMAIL]
        partner = _partner(chunk, row)
        draft = _meant(chunk, partner, values, emails)
        if draft is None:
            draft = _new(chunk, partner, values, emails)
        return _apply(chunk, draft, row, values, addresses, by)
    except RowRefused as refusal:
        return StoreOutcome(Fate.FAILED, None, refusal.code, refusal.field)


def _partner(chunk: _Chunk, row: ContactRow) -> Partner | None:
    """The partner the row names, None where it names none."""
    key: tuple[str, Any]
    if row.partner_id is not None:
        named, key = "partner_id", ("id", row.partner_id)
    elif row.partner_external_id:
        named, key = "partner_external_id", ("external_id", tidy(row.partner_external_id))
    elif row.partner_name:
        named, key = "partner_name", ("name", name_key(tidy(row.partner_name)))
    else:
        return None
    found = chunk.partners.get(key, [])
    if len(found) != 1:
        raise RowRefused("partner_ambiguous" if found else "partner_unknown", named)
    return found[0]


def _meant(
    chunk: _Chunk, partner: Partner | None, values: dict[str, Any], emails: Sequence[str]
) -> _Draft | None:
    drafts = list(dict.fromkeys(draft for email in emails for draft in chunk.by_email.get(email, [])))
    if partner is None:
        if len(drafts) != 1:
            raise RowRefused("contact_ambiguous" if drafts else "partner_missing", "emails" if drafts else "")
        return drafts[0]
    known = chunk.by_external_id.get((partner.pk, values.get("external_id", "")))
    if known is not None:
        return known
    former = chunk.former_ids.get((partner.pk, values.get("external_id", "")))
    if former is not None:
        # Known by what it was called before a merge: the merge's choice stands.
        values.pop("name", None)
        values.pop("external_id", None)
        return former
    # The same address at another partner is that partner's contact: one person may work for two.
    here = [d for d in drafts if d.contact.partner_id == partner.pk]
    if not here and values.get("name"):
        same_name = chunk.by_name.get((partner.pk, name_key(values["name"])), [])
        here = [d for d in same_name if not (emails and d.has_email)]
    here = [d for d in here if not (values.get("external_id") and d.contact.external_id)]
    if len(here) > 1:
        raise RowRefused("contact_ambiguous", "name")
    return here[0] if here else None


def _new(chunk: _Chunk, partner: Partner | None, values: dict[str, Any], emails: Sequence[str]) -> _Draft:
    if not values.get("name") and not emails:
        raise RowRefused("name_missing", "name")
    # Many lists hold addresses only; the address then stands for the name until somebody knows it.
    values.setdefault("name", emails[0] if emails else "")
    contact = Contact(partner=partner, created_at=chunk.at)
    draft = _Draft(contact, True, set())
    chunk.drafts.append(draft)
    return draft


def _apply(
    chunk: _Chunk,
    draft: _Draft,
    row: ContactRow,
    values: dict[str, Any],
    addresses: Iterable[tuple[AddressKind, str, str]],
    by: Actor,
) -> tuple[Fate, _Draft]:
    fresh = draft.is_new and not draft.changes
    as_of = chunk.at if row.as_of is None else min(row.as_of, chunk.at)
    row = _still_news(draft, row, values, as_of)
    changes = set_values(draft.contact, values)
    if row.consent is not None and row.consent != draft.contact.consent:
        changes["consent"] = (str(draft.contact.consent), str(row.consent))
        draft.contact.record_consent(row.consent, at=chunk.at)
    if draft.add_addresses(addresses):
        changes["addresses"] = (None, None)
    stated = state_facts(
        draft.contact, authority=row.authority, influence=row.influence, role=row.role, by=by, at=as_of
    )
    if values.get("job_title"):
        draft.contact.state_title(at=as_of, imported_at=chunk.at)
    draft.is_confirmed |= bool(values.get("job_title") or row.authority or row.influence)
    draft.role_changes += stated
    for name, (before, after) in changes.items():
        first_before = draft.changes[name][0] if name in draft.changes else before
        draft.changes[name] = (first_before, after)
    chunk.index(draft)
    if fresh:
        return Fate.CREATED, draft
    return (Fate.CHANGED if changes or stated else Fate.UNCHANGED), draft


def _still_news(draft: _Draft, row: ContactRow, values: dict[str, Any], as_of: datetime) -> ContactRow:
    """Without what somebody stated later than the row did."""

    def is_later(moment: datetime | None) -> bool:
        return moment is not None and moment > as_of

    contact = draft.contact
    if contact.job_title and is_later(contact.job_title_at):
        values.pop("job_title", None)
    return replace(
        row,
        authority=None if is_later(contact.authority_set_at) else row.authority,
        influence=None if is_later(contact.influence_set_at) else row.influence,
        role=None if is_later(contact.role_overruled_at) else row.role,
    )


def _save(chunk: _Chunk, by: Actor, at: datetime) -> None:
    new = [draft for draft in chunk.drafts if draft.is_new]
    changed = [d for d in chunk.drafts if (d.changes or d.role_changes) and not d.is_new]
    Contact.objects.bulk_create([draft.contact for draft in new])
    for draft in changed:
        draft.contact.version += 1
    # An upsert by primary key: bulk_update builds one CASE a column and row, which is many times slower.
    Contact.objects.bulk_create(
        [draft.contact for draft in changed],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=list(COLUMNS),
    )
    confirmed = [d for d in chunk.drafts if d.is_confirmed and not (d.is_new or d.changes or d.role_changes)]
    Contact.objects.bulk_create(
        [draft.contact for draft in confirmed],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=list(DATES),
    )
    Address.objects.bulk_create([a for draft in [*new, *changed] for a in draft.new_addresses])
    record_many([event for draft in [*new, *changed] for event in _events(draft, at)], by=by, at=at)
    put(contact_documents([draft.contact.pk for draft in [*new, *changed]]), at=at)


def _events(draft: _Draft, at: datetime) -> list[NewEvent]:
    subjects = [Subject("contact", draft.contact.pk), Subject("partner", draft.contact.partner_id)]
    if draft.is_new:
        return [NewEvent("contact.created", at, subjects, {"role": str(draft.contact.role)})]
    events = [NewEvent("contact.role_changed", at, subjects, data) for data in draft.role_changes]
    if draft.changes:
        events.append(NewEvent("contact.changed", at, subjects, told(draft.changes, TOLD_OF_CONTACT)))
    return events
