from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.partners.models import Contact, Partner, PartnerItem
from otklik.partners.operations.changes import Changes, set_values, told
from otklik.partners.operations.documents import contact_documents, partner_documents
from otklik.partners.operations.locking import lock_program, locked_partner
from otklik.partners.operations.store.partners import created_data
from otklik.partners.rules.names import name_key, tidy
from otklik.partners.rules.vocabulary import ItemKind
from otklik.search.public import put

# What create_partner and change_partner take. The manager and the items have operations of their own.
FACTS = frozenset(
    {
        "name",
        "external_id",
        "status",
        "tier",
        "segment",
        "country",
        "language",
        "time_zone",
        "revenue",
        "contract_number",
        "contract_started_on",
        "renewal_on",
        "custom",
    }
)


class PartnerExists(Exception):
    """The program has ``partner_id`` of this name or external id already; ``field`` says which."""

    def __init__(self, partner_id: int, field: str) -> None:
        super().__init__(partner_id, field)
        self.partner_id, self.field = partner_id, field


@transaction.atomic
def create_partner(
    *, program_id: int, facts: Mapping[str, Any], manager_id: int | None = None, by: Actor, at: datetime
) -> Partner:
    """``facts``: values by the names in FACTS, ``name`` among them. Raises PartnerExists."""
    lock_program(program_id)
    partner = Partner(program_id=program_id, manager_id=manager_id, created_at=at)
    set_values(partner, _checked(facts))
    _refuse_double(partner, fields=("external_id", "name"))
    partner.save(force_insert=True)
    record(
        "partner.created",
        by=by,
        at=at,
        subjects=[Subject("partner", partner.pk)],
        data=created_data(partner),
    )
    put(partner_documents([partner.pk]), at=at)
    return partner


@transaction.atomic
def change_partner(
    *,
    partner_id: int,
    facts: Mapping[str, Any],
    expected_version: int | None = None,
    by: Actor,
    at: datetime,
) -> Partner:
    """Facts not named stay as they are. Raises PartnerExists, ChangedMeanwhile, AlreadyErased."""
    partner = locked_partner(partner_id, expected_version)
    lock_program(partner.program_id)
    changes = set_values(partner, _checked(facts))
    _refuse_double(partner, fields=[f for f in ("external_id", "name") if f in changes])
    if changes:
        _save(partner, changes, by, at)
    return partner


@transaction.atomic
def assign_manager(*, partner_id: int, manager_id: int | None, by: Actor, at: datetime) -> Partner:
    """None leaves the partner without an account manager. Raises AlreadyErased."""
    partner = locked_partner(partner_id)
    before = partner.manager_id
    if before == manager_id:
        return partner
    partner.manager_id = manager_id
    partner.version += 1
    partner.save(update_fields=["manager", "version"])
    data = {"from": before, "to": manager_id}
    record("partner.manager_changed", by=by, at=at, subjects=[Subject("partner", partner_id)], data=data)
    return partner


@transaction.atomic
def set_items(*, partner_id: int, kind: ItemKind, names: Iterable[str], by: Actor, at: datetime) -> Partner:
    """These names, each once, and no others of this kind. Raises AlreadyErased."""
    partner = locked_partner(partner_id)
    wanted = dict.fromkeys(tidy(name)[:200] for name in names if tidy(name))
    present = dict(PartnerItem.objects.filter(partner=partner, kind=kind).values_list("name", "pk"))
    if set(wanted) == set(present):
        return partner
    PartnerItem.objects.filter(pk__in=[pk for name, pk in present.items() if name not in wanted]).delete()
    PartnerItem.objects.bulk_create(
        PartnerItem(partner=partner, kind=kind.value, name=name) for name in wanted if name not in present
    )
    _save(partner, {f"{kind}s": (None, None)}, by, at)
    return partner


def _save(partner: Partner, changes: Changes, by: Actor, at: datetime) -> None:
    partner.version += 1
    partner.save()
    record("partner.changed", by=by, at=at, subjects=[Subject("partner", partner.pk)], data=told(changes))
    put(partner_documents([partner.pk]), at=at)
    if "name" in changes:
        # People are found by their company's name as well.
        people = Contact.objects.filter(partner=partner).values_list("pk", flat=True)
        put(contact_documents(list(people)), at=at)


def _checked(facts: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(facts) - FACTS
    if unknown:
        raise TypeError(f"not facts of a partner: {sorted(unknown)}")
    values = dict(facts)
    for field in ("name", "external_id"):
        if field in values:
            values[field] = tidy(values[field])
    return values


def _refuse_double(partner: Partner, fields: Iterable[str]) -> None:
    others = Partner.objects.filter(program_id=partner.program_id).exclude(pk=partner.pk)
    for field in fields:
        if not getattr(partner, field):
            continue
        key = {"name_key": name_key(partner.name)} if field == "name" else {field: getattr(partner, field)}
        found = others.filter(**key).values_list("pk", flat=True).first()
        if found is not None:
            raise PartnerExists(found, field)
