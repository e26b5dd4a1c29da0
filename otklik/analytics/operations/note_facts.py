"""Telling the fact store that rows wait for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import F

from otklik.analytics.models import FactStore, PendingFact
from otklik.kit.bulk import insert_rows


def note_facts(source: str, row_ids: Iterable[int]) -> None:
    """These rows are new. Call inside the transaction that stores them."""
    insert_rows(PendingFact, ("source", "row_id"), [(source, row_id) for row_id in row_ids])


def note_facts_again(source: str, row_ids: Collection[int]) -> None:
    """These rows have changed. What still waits is written as it is then; for what is written already all
    of the source has to be. Call inside the transaction that changes them."""
    if not row_ids:
        return
    # Locked: a writer that claims a row after us reads what we leave.
    waiting = PendingFact.objects.filter(source=source, batch=None, row_id__in=row_ids).select_for_update()
    if len(set(waiting.values_list("row_id", flat=True))) < len(set(row_ids)):
        facts_changed(source)


def facts_changed(source: str) -> None:
    """Rows already written have changed: the next run writes all segments of the source anew."""
    FactStore.objects.get_or_create(source=source)
    FactStore.objects.filter(source=source).update(changes=F("changes") + 1)
