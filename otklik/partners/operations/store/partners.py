"""Partners in bulk: one chunk, one transaction, a number of queries that does not grow with the chunk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.identity.public import User
from otklik.partners.models import Merged, Partner, PartnerItem
from otklik.partners.operations.changes import set_values, told
from otklik.partners.operations.documents import partner_documents
from otklik.partners.operations.locking import lock_program
from otklik.partners.operations.store.rows import Fate, PartnerRow, RowRefused, StoreOutcome
from otklik.partners.operations.store.values import partner_values
from otklik.partners.rules.names import name_key, tidy
from otklik.partners.rules.vocabulary import ItemKind, PartnerStatus
from otklik.search.public import put

COLUMNS = (
    "name",
    "name_key",
    "external_id",
    "status",
    "tier",
    "segment",
    "country",
    "language",
    "time_zone",
    "manager_id",
    "revenue",
    "contract_number",
    "contract_started_on",
    "renewal_on",
    "custom",
    "version",
)


@transaction.atomic
def store_partners(
    program_id: int, rows: Sequence[PartnerRow], *, by: Actor, at: datetime
) -> list[StoreOutcome]:
    """Create or change the partners these rows tell of; one outcome a row, in the same order.

    A row means the partner with its external id, else the one of its name (case and ё aside) in the program.
    Rows later in the chunk see what earlier ones did. Meant for chunks of at most 500 rows.
    """
    # Two imports at once would both miss a name and both create it; nothing in the tables forbids that.
    lock_program(program_id)
    chunk = _load(program_id, rows, at)
    fates = [_outcome(chunk, row) for row in rows]
    _save(chunk, by, at)
    return _with_ids(fates)


@dataclass(slots=True, eq=False)
class _Draft:
    """One partner on its way, whether it exists yet or not."""

    partner: Partner
    is_new: bool
    items: set[tuple[str, str]]
    items_before: dict[tuple[str, str], int]
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def replace_items(self, kind: ItemKind, names: Iterable[str]) -> bool:
        wanted = {(kind.value, tidy(name)[:200]) for name in names if tidy(name)}
        others = {item for item in self.items if item[0] != kind}
        changed = self.items != wanted | others
        self.items = wanted | others
        return changed


@dataclass(slots=True)
class _Chunk:
    program_id: int
    at: datetime
    drafts: list[_Draft]
    by_external_id: dict[str, _Draft]
    by_name: dict[str, list[_Draft]]
    managers: dict[str, int]
    # Of partners that were merged into another one.
    former_ids: dict[str, _Draft] = field(default_factory=dict)
    former_names: dict[str, _Draft] = field(default_factory=dict)

    def add(self, draft: _Draft) -> None:
        self.drafts.append(draft)
        self.index(draft)

    def index(self, draft: _Draft) -> None:
        if draft.partner.external_id:
            self.by_external_id[draft.partner.external_id] = draft
        same_name = self.by_name.setdefault(name_key(draft.partner.name), [])
        if draft not in same_name:
            same_name.append(draft)


def _load(program_id: int, rows: Sequence[PartnerRow], at: datetime) -> _Chunk:
    external_ids = {tidy(row.external_id) for row in rows if row.external_id}
    names = {name_key(tidy(row.name)) for row in rows if row.name}
    emails = {row.manager_email.strip().lower() for row in rows if row.manager_email}
    chunk = _Chunk(program_id, at, [], {}, {}, {})
    if emails:
        chunk.managers = dict(User.objects.filter(email__in=emails).values_list("email", "pk"))
    # What was merged into another partner is still known by its old id and name.
    merged = Merged.objects.filter(
        Q(external_id__in=external_ids) | Q(name_key__in=names), noun="partner", scope_id=program_id
    ).exclude(external_id="", name_key="")
    merged_rows = list(merged.values_list("target_id", "external_id", "name_key"))
    meant = (
        Q(external_id__in=external_ids) | Q(name_key__in=names) | Q(pk__in=[row[0] for row in merged_rows])
    )
    found = Partner.objects.filter(meant, program_id=program_id, erased_at=None).order_by("pk")
    for partner in found.prefetch_related("items"):
        before = {(item.kind, item.name): item.pk for item in partner.items.all()}
        chunk.add(_Draft(partner, False, set(before), before))
    _index_merged(chunk, merged_rows)
    return chunk


def _index_merged(chunk: _Chunk, rows: Iterable[tuple[int, str, str]]) -> None:
    drafts = {draft.partner.pk: draft for draft in chunk.drafts}
    for target_id, external_id, key in rows:
        if target_id in drafts and external_id:
            chunk.former_ids[external_id] = drafts[target_id]
        if target_id in drafts and key:
            chunk.former_names[key] = drafts[target_id]


def _outcome(chunk: _Chunk, row: PartnerRow) -> tuple[Fate, _Draft] | StoreOutcome:
    try:
        values = partner_values(row)
        if (manager_id := _manager(chunk, row)) is not None:
            values["manager_id"] = manager_id
        draft = _meant(chunk, row, values)
        return _apply(chunk, draft, row, values)
    except RowRefused as refusal:
        return StoreOutcome(Fate.FAILED, None, refusal.code, refusal.field)


def _manager(chunk: _Chunk, row: PartnerRow) -> int | None:
    if row.manager_id is not None or not row.manager_email:
        return row.manager_id
    found = chunk.managers.get(row.manager_email.strip().lower())
    if found is None:
        raise RowRefused("manager_unknown", "manager_email")
    return found


def _meant(chunk: _Chunk, row: PartnerRow, values: dict[str, Any]) -> _Draft | None:
    """The partner this row tells of; None for one that is not there yet."""
    external_id, key = values.get("external_id", ""), name_key(values.get("name", ""))
    if external_id in chunk.by_external_id:
        return chunk.by_external_id[external_id]
    if external_id in chunk.former_ids:
        return _under_its_own_name(chunk.former_ids[external_id], values)
    # A partner that another system knows by another id is another partner, whatever its name.
    same_name = [
        draft for draft in chunk.by_name.get(key, []) if not (external_id and draft.partner.external_id)
    ]
    if len(same_name) > 1:
        raise RowRefused("partner_ambiguous", "name")
    if same_name:
        return same_name[0]
    former = chunk.former_names.get(key)
    if former is not None and not (external_id and former.partner.external_id):
        return _under_its_own_name(former, values)
    if not key:
        raise RowRefused("name_missing", "name")
    return None


def _under_its_own_name(draft: _Draft, values: dict[str, Any]) -> _Draft:
    """A row that knows the partner by what it was called before a merge does not undo the merge's choice."""
    values.pop("name", None)
    values.pop("external_id", None)
    return draft


def _apply(
    chunk: _Chunk, draft: _Draft | None, row: PartnerRow, values: dict[str, Any]
) -> tuple[Fate, _Draft]:
    if draft is None:
        partner = Partner(program_id=chunk.program_id, created_at=chunk.at, status=PartnerStatus.ACTIVE)
        draft = _Draft(partner, True, set(), {})
        fate = Fate.CREATED
        chunk.drafts.append(draft)
    else:
        fate = Fate.UNCHANGED
    changes = set_values(draft.partner, values)
    if row.custom:
        changes |= set_values(draft.partner, {"custom": draft.partner.custom | dict(row.custom)})
    stated = ((ItemKind.PRODUCT, row.products), (ItemKind.PROJECT, row.projects), (ItemKind.NEED, row.needs))
    for kind, names in stated:
        if names is not None and draft.replace_items(kind, names):
            changes[f"{kind}s"] = (None, None)
    for name, (before, after) in changes.items():
        first_before = draft.changes[name][0] if name in draft.changes else before
        draft.changes[name] = (first_before, after)
    chunk.index(draft)
    return (Fate.CHANGED if changes and fate is Fate.UNCHANGED else fate), draft


def _save(chunk: _Chunk, by: Actor, at: datetime) -> None:
    new = [draft for draft in chunk.drafts if draft.is_new]
    changed = [draft for draft in chunk.drafts if draft.changes and not draft.is_new]
    Partner.objects.bulk_create([draft.partner for draft in new])
    for draft in changed:
        draft.partner.version += 1
    # An upsert by primary key: bulk_update builds one CASE a column and row, which is many times slower.
    Partner.objects.bulk_create(
        [draft.partner for draft in changed],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=list(COLUMNS),
    )
    _save_items([*new, *changed])
    record_many([event for draft in [*new, *changed] for event in _events(draft, at)], by=by, at=at)
    put(partner_documents([draft.partner.pk for draft in [*new, *changed]]), at=at)


def _save_items(drafts: Sequence[_Draft]) -> None:
    gone = [pk for d in drafts for item, pk in d.items_before.items() if item not in d.items]
    if gone:
        PartnerItem.objects.filter(pk__in=gone).delete()
    PartnerItem.objects.bulk_create(
        PartnerItem(partner=draft.partner, kind=kind, name=name)
        for draft in drafts
        for kind, name in sorted(draft.items - set(draft.items_before))
    )


def _events(draft: _Draft, at: datetime) -> list[NewEvent]:
    subjects = [Subject("partner", draft.partner.pk)]
    if draft.is_new:
        return [NewEvent("partner.created", at, subjects, created_data(draft.partner))]
    changes = dict(draft.changes)
    manager = changes.pop("manager_id", None)
    events = []
    if changes:
        events.append(NewEvent("partner.changed", at, subjects, told(changes)))
    if manager is not None:
        data = {"from": manager[0], "to": manager[1]}
        events.append(NewEvent("partner.manager_changed", at, subjects, data))
    return events


def created_data(partner: Partner) -> dict[str, Any]:
    return {
        "program_id": partner.program_id,
        "status": str(partner.status),
        "tier": partner.tier,
        "country": partner.country,
        "manager_id": partner.manager_id,
    }


def _with_ids(fates: Iterable[tuple[Fate, _Draft] | StoreOutcome]) -> list[StoreOutcome]:
    """Ids exist only after saving."""
    return [
        fate if isinstance(fate, StoreOutcome) else StoreOutcome(fate[0], fate[1].partner.pk)
        for fate in fates
    ]
