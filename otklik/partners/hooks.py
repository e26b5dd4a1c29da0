"""What erasing and merging do to this app's own tables."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.kit.registry import ErasureHook, MergeHook
from otklik.partners.models import Address, Contact, ImportFailure, Partner, PartnerItem
from otklik.partners.rules.names import name_key


def erase(noun: str, ids: Sequence[int]) -> None:
    """The people at a partner are erased by the operation itself, each with an event."""
    _forget_failed_rows(_traces(noun, ids))
    if noun == "contact":
        Address.objects.filter(contact_id__in=ids).delete()
    else:
        PartnerItem.objects.filter(partner_id__in=ids).delete()


def _traces(noun: str, ids: Sequence[int]) -> set[str]:
    """What names these people or companies, levelled."""
    rows = (Partner if noun == "partner" else Contact).objects.filter(pk__in=ids)
    said = [text for row in rows.values_list("name", "external_id") for text in row]
    if noun == "contact":
        found = Address.objects.filter(contact_id__in=ids).values_list("value", "normalised")
        said += [text for row in found for text in row]
    return {name_key(text) for text in said if text}


def _forget_failed_rows(traces: set[str]) -> None:
    """Rows that an import could not store are kept as they came, and may be about the same people."""
    if not traces:
        return
    failures = ImportFailure.objects.values_list("pk", "values")
    gone = [
        pk
        for pk, cells in failures.iterator(chunk_size=1000)
        if not traces.isdisjoint(name_key(str(cell)) for cell in cells)
    ]
    for start in range(0, len(gone), 500):
        ImportFailure.objects.filter(pk__in=gone[start : start + 500]).delete()


def merge(noun: str, source_id: int, target_id: int) -> None:
    if noun == "contact":
        _merge_addresses(source_id, target_id)
    else:
        _merge_items(source_id, target_id)
        _move_people(source_id, target_id)


def _merge_addresses(source_id: int, target_id: int) -> None:
    kept = list(Address.objects.filter(contact_id=target_id))
    known = {(address.kind, address.normalised) for address in kept}
    has_primary = {address.kind for address in kept if address.is_primary}
    for address in Address.objects.filter(contact_id=source_id).order_by("pk"):
        if (address.kind, address.normalised) in known:
            address.delete()
            continue
        address.contact_id = target_id
        address.is_primary = address.is_primary and address.kind not in has_primary
        address.save(update_fields=["contact", "is_primary"])


def _merge_items(source_id: int, target_id: int) -> None:
    known = set(PartnerItem.objects.filter(partner_id=target_id).values_list("kind", "name"))
    for item in PartnerItem.objects.filter(partner_id=source_id):
        if (item.kind, item.name) in known:
            item.delete()
        else:
            item.partner_id = target_id
            item.save(update_fields=["partner"])


def _move_people(source_id: int, target_id: int) -> None:
    """Both sides may know somebody by the same external id; the one that moves gives it up."""
    taken = Contact.objects.filter(partner_id=target_id).exclude(external_id="").values("external_id")
    moving = Contact.objects.filter(partner_id=source_id)
    moving.filter(external_id__in=list(taken.values_list("external_id", flat=True))).update(external_id="")
    moving.update(partner_id=target_id)


erasure = ErasureHook("partners", erase, ("partners.Address", "partners.Contact", "partners.PartnerItem"))
merging = MergeHook("partners", merge, ("partners.Address", "partners.Contact", "partners.PartnerItem"))
