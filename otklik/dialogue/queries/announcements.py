"""What staff read of announcements: who has read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from otklik.dialogue.models import Addressee, Announcement, AnnouncementText
from otklik.dialogue.rules.lists import in_language
from otklik.partners.public import Partner


@dataclass(frozen=True, slots=True)
class Receipts:
    """``share``: of the people, who read it, from 0 to 1; None where it was for nobody."""

    people: int
    read: int
    acknowledged: int

    @property
    def share(self) -> float | None:
        return self.read / self.people if self.people else None


@dataclass(frozen=True, slots=True)
class PartnerReceipts:
    partner: Partner
    readers: Sequence[Addressee]
    counts: Receipts


@dataclass(frozen=True, slots=True)
class AnnouncementLine:
    row: Announcement
    title: str
    receipts: Receipts


def with_counts(rows: QuerySet[Announcement]) -> QuerySet[Announcement]:
    return rows.annotate(
        people=Count("addressees"),
        read=Count("addressees", filter=Q(addressees__read_at__isnull=False)),
        acknowledged=Count("addressees", filter=Q(addressees__acknowledged_at__isnull=False)),
    )


def lines(rows: Sequence[Announcement], language: str) -> list[AnnouncementLine]:
    """Rows of ``with_counts``. One query more."""
    texts: dict[int, dict[str, str]] = {}
    found = AnnouncementText.objects.filter(announcement__in=[row.pk for row in rows])
    for pk, code, title in found.values_list("announcement_id", "language", "title"):
        texts.setdefault(pk, {})[code] = title
    return [
        AnnouncementLine(
            row,
            in_language(texts.get(row.pk, {}), language),
            Receipts(*(int(getattr(row, name)) for name in ("people", "read", "acknowledged"))),
        )
        for row in rows
    ]


def receipts_of(rows: QuerySet[Addressee]) -> Receipts:
    found = rows.aggregate(
        people=Count("pk"),
        read=Count("pk", filter=Q(read_at__isnull=False)),
        acknowledged=Count("pk", filter=Q(acknowledged_at__isnull=False)),
    )
    return Receipts(found["people"], found["read"], found["acknowledged"])


def receipts_by_partner(rows: QuerySet[Addressee], partners: Sequence[Partner]) -> list[PartnerReceipts]:
    """Of these partners only, in their order. One query."""
    readers: dict[int, list[Addressee]] = {partner.pk: [] for partner in partners}
    found = rows.filter(partner__in=list(readers)).select_related("contact")
    for row in found.order_by("contact__name_key", "pk"):
        readers[row.partner_id].append(row)
    return [
        PartnerReceipts(
            partner,
            theirs,
            Receipts(
                len(theirs),
                sum(row.read_at is not None for row in theirs),
                sum(row.acknowledged_at is not None for row in theirs),
            ),
        )
        for partner in partners
        if (theirs := readers[partner.pk])
    ]
