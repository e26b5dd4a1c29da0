"""What alerts are found by in the search of the whole house: who it is about, and how it ended."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from django.db.models import Q

from otklik.kit.chunks import in_chunks
from otklik.loop.models import Alert
from otklik.search.public import NewDocument, put

ALERT = "alert"
CHUNK = 500


def make_findable(alert_ids: Collection[int], *, at: datetime) -> None:
    """Or renew what they are found by."""
    for part in in_chunks(sorted(set(alert_ids)), CHUNK):
        put(_documents(part), at=at)


def renew_of(noun: str, ids: Collection[int], *, at: datetime) -> None:
    """These partners or contacts are called something else by now."""
    rows = Alert.objects.filter(**{f"{noun}_id__in": ids})
    make_findable(list(rows.values_list("pk", flat=True)), at=at)


def all_documents() -> Iterator[Sequence[NewDocument]]:
    for part in in_chunks(Alert.objects.order_by("pk").values_list("pk", flat=True).iterator(), CHUNK):
        yield _documents(part)


def _documents(ids: Sequence[int]) -> list[NewDocument]:
    """Of those that name somebody who was not erased. One query."""
    named = Q(contact__isnull=False, contact__erased_at=None) | Q(contact=None, partner__isnull=False)
    rows = Alert.objects.filter(named, pk__in=ids, partner__erased_at=None)
    return [_document(row) for row in rows.select_related("partner", "contact")]


def _document(alert: Alert) -> NewDocument:
    names = [one.name for one in (alert.contact, alert.partner) if one is not None]
    return NewDocument(
        ALERT, alert.pk, title=" · ".join(names), texts=[alert.result], program_id=alert.program_id
    )
