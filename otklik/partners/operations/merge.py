"""Two rows that turn out to be one partner or one person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from otklik.events.public import Actor, Subject, record
from otklik.kit.registry import merge_hooks
from otklik.partners.models import Contact, Merged, Partner
from otklik.partners.operations.documents import contact_documents, partner_documents
from otklik.partners.operations.locking import lock_program, locked_contact, locked_partner
from otklik.partners.rules.vocabulary import Authority, Consent, Influence
from otklik.search.public import put, remove

# What the one that stays takes over where it knows nothing itself.
PARTNER_GAPS = (
    "external_id",
    "tier",
    "segment",
    "country",
    "language",
    "manager_id",
    "revenue",
    "contract_number",
    "contract_started_on",
    "renewal_on",
)
CONTACT_GAPS = ("external_id", "job_title", "languages", "time_zone", "preferred_channel", "preferred_hours")

Row = TypeVar("Row", Partner, Contact)


class CannotMerge(Exception):
    """A row with itself, or rows of two programs."""


@transaction.atomic
def merge_partners(*, source_id: int, target_id: int, by: Actor, at: datetime) -> Partner:
    """Everything of the source becomes the target's, gaps in the target are filled, the source is gone.

    Raises CannotMerge, AlreadyErased.
    """
    if source_id == target_id:
        raise CannotMerge(source_id)
    # In order of their ids, so that two merges the other way round do not wait for each other for ever.
    rows = {pk: locked_partner(pk) for pk in sorted((source_id, target_id))}
    source, target = rows[source_id], rows[target_id]
    if source.program_id != target.program_id:
        raise CannotMerge(source_id)
    lock_program(target.program_id)
    for hook in merge_hooks:
        hook.merge("partner", source_id, target_id)
    _leave_trace("partner", source, target_id, source.program_id, at)
    Merged.objects.filter(noun="contact", scope_id=source_id).update(scope_id=target_id)
    source.delete()
    filled = [*_fill_gaps(source, target, PARTNER_GAPS), *_fill_custom(source, target)]
    target.version += 1
    target.save()
    subjects = [Subject("partner", target_id), Subject("partner", source_id)]
    data = {"merged_id": source_id, "fields": sorted(filled)}
    record("partner.merged", by=by, at=at, subjects=subjects, data=data)
    remove("partner", [source_id])
    put(partner_documents([target_id]), at=at)
    people = list(Contact.objects.filter(partner=target).values_list("pk", flat=True))
    put(contact_documents(people), at=at)
    return target


@transaction.atomic
def merge_contacts(*, source_id: int, target_id: int, by: Actor, at: datetime) -> Contact:
    """Everything of the source becomes the target's, gaps in the target are filled, the source is gone.

    The two may be at different partners of one program. Who withdrew consent under either name has
    withdrawn it. Raises CannotMerge, AlreadyErased.
    """
    if source_id == target_id:
        raise CannotMerge(source_id)
    rows = {pk: locked_contact(pk) for pk in sorted((source_id, target_id))}
    source, target = rows[source_id], rows[target_id]
    if source.partner.program_id != target.partner.program_id:
        raise CannotMerge(source_id)
    for hook in merge_hooks:
        hook.merge("contact", source_id, target_id)
    _leave_trace("contact", source, target_id, source.partner_id, at)
    source.delete()
    filled = [*_fill_gaps(source, target, CONTACT_GAPS), *_fill_facts(source, target)]
    target.version += 1
    target.save()
    subjects = [
        Subject("contact", target_id),
        Subject("contact", source_id),
        Subject("partner", target.partner_id),
    ]
    data = {"merged_id": source_id, "fields": sorted(filled)}
    record("contact.merged", by=by, at=at, subjects=subjects, data=data)
    remove("contact", [source_id])
    put(contact_documents([target_id]), at=at)
    return target


def _leave_trace(noun: str, source: Partner | Contact, target_id: int, scope_id: int, at: datetime) -> None:
    Merged.objects.filter(noun=noun, target_id=source.pk).update(target_id=target_id)
    Merged.objects.create(
        noun=noun,
        source_id=source.pk,
        target_id=target_id,
        scope_id=scope_id,
        # People of one name are often two; a company's old name is its own.
        name_key=source.name_key if noun == "partner" else "",
        external_id=source.external_id,
        merged_at=at,
    )


def _fill_gaps(source: Row, target: Row, fields: Iterable[str]) -> list[str]:
    filled = []
    for field in fields:
        value: Any = getattr(source, field)
        if getattr(target, field) in ("", None, []) and value not in ("", None, []):
            setattr(target, field, value)
            filled.append(field)
    return filled


def _fill_custom(source: Partner, target: Partner) -> list[str]:
    if set(source.custom) <= set(target.custom):
        return []
    target.custom = source.custom | target.custom
    return ["custom"]


def _fill_facts(source: Contact, target: Contact) -> list[str]:
    """A fact keeps who stated it and when."""
    filled = []
    if target.job_title == source.job_title and target.job_title_at is None:
        target.job_title_at, target.job_title_imported_at = source.job_title_at, source.job_title_imported_at
    if target.authority == Authority.UNKNOWN and source.authority_set_at is not None:
        target.state_authority(
            Authority(source.authority), by_user=source.authority_set_by_id, at=source.authority_set_at
        )
        filled.append("authority")
    if target.influence == Influence.UNKNOWN and source.influence_set_at is not None:
        target.state_influence(
            Influence(source.influence), by_user=source.influence_set_by_id, at=source.influence_set_at
        )
        filled.append("influence")
    withdrawn = source.consent == Consent.WITHDRAWN
    if target.consent != source.consent and (withdrawn or target.consent == Consent.UNKNOWN):
        target.consent, target.consent_at = source.consent, source.consent_at
        filled.append("consent")
    return filled
