"""Erasing what names a person or a company, here and in every app that keeps something of theirs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.events.public import Actor, NewEvent, Subject, record_many
from otklik.kit.registry import erasure_hooks
from otklik.partners.models import Contact, Merged
from otklik.partners.operations.locking import locked_contact, locked_partner
from otklik.search.public import forget


@transaction.atomic
def erase_contact(*, contact_id: int, by: Actor, at: datetime) -> None:
    """The row stays without anything personal, because figures of the past count it. Raises AlreadyErased."""
    contact = locked_contact(contact_id)
    _erase_contacts([contact], by, at)


@transaction.atomic
def erase_partner(*, partner_id: int, by: Actor, at: datetime) -> None:
    """The company and every person at it. Raises AlreadyErased."""
    partner = locked_partner(partner_id)
    people = Contact.objects.select_for_update().filter(partner=partner, erased_at=None)
    _erase_contacts(list(people), by, at)
    # Hooks come first: they may need the names that are about to go.
    for hook in erasure_hooks:
        hook.erase("partner", [partner_id])
    partner.erase(at)
    partner.save()
    Merged.objects.filter(noun="partner", target_id=partner_id).update(name_key="", external_id="")
    forget("partner", [partner_id])
    record_many([NewEvent("partner.erased", at, [Subject("partner", partner_id)])], by=by, at=at)


def _erase_contacts(contacts: list[Contact], by: Actor, at: datetime) -> None:
    ids = [contact.pk for contact in contacts]
    if not ids:
        return
    for hook in erasure_hooks:
        hook.erase("contact", ids)
    for contact in contacts:
        contact.erase(at)
        contact.save()
    Merged.objects.filter(noun="contact", target_id__in=ids).update(external_id="")
    forget("contact", ids)
    record_many(
        [
            NewEvent("contact.erased", at, [Subject("contact", c.pk), Subject("partner", c.partner_id)])
            for c in contacts
        ],
        by=by,
        at=at,
    )
