"""What partners and contacts are found by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from otklik.kit.chunks import in_chunks
from otklik.partners.models import Contact, Partner
from otklik.search.public import NewDocument

CHUNK = 500


def partner_documents(ids: Sequence[int]) -> list[NewDocument]:
    """Two queries, whatever the number of partners."""
    found = Partner.objects.filter(pk__in=ids, erased_at=None).prefetch_related("items")
    return [
        NewDocument(
            kind="partner",
            object_id=partner.pk,
            title=partner.name,
            texts=[
                partner.external_id,
                partner.contract_number,
                *(item.name for item in partner.items.all()),
                *(str(value) for value in partner.custom.values()),
            ],
            program_id=partner.program_id,
        )
        for partner in found
    ]


def contact_documents(ids: Sequence[int]) -> list[NewDocument]:
    """Two queries, whatever the number of contacts."""
    found = Contact.objects.filter(pk__in=ids, erased_at=None).select_related("partner")
    return [
        NewDocument(
            kind="contact",
            object_id=contact.pk,
            title=contact.name,
            texts=[
                contact.partner.name,
                contact.external_id,
                contact.job_title,
                *(address.value for address in contact.addresses.all()),
                *(address.normalised for address in contact.addresses.all()),
            ],
            program_id=contact.partner.program_id,
            note=" · ".join(text for text in (contact.partner.name, contact.job_title) if text),
        )
        for contact in found.prefetch_related("addresses")
    ]


def all_partner_documents() -> Iterator[Sequence[NewDocument]]:
    for ids in in_chunks(Partner.objects.order_by("pk").values_list("pk", flat=True).iterator(), CHUNK):
        yield partner_documents(ids)


def all_contact_documents() -> Iterator[Sequence[NewDocument]]:
    for ids in in_chunks(Contact.objects.order_by("pk").values_list("pk", flat=True).iterator(), CHUNK):
        yield contact_documents(ids)
