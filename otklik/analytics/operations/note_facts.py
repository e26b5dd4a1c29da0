"""Telling the fact store that rows wait for it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F

from otklik.analytics.models import FactStore, PendingFact
from otklik.kit.bulk import insert_rows


def note_facts(source: str, row_ids: Iterable[int]) -> None:
    """These rows are new, have changed or are gone: the next run writes each as it finds it then, instead of
    what the store holds of it. Call inside the transaction that changes them."""
    insert_rows(PendingFact, ("source", "row_id"), [(source, row_id) for row_id in row_ids])


def facts_changed(source: str) -> None:
    """Which rows have changed nobody can tell, or nearly all have: the next run writes the whole source
    anew."""
    FactStore.objects.get_or_create(source=source)
    FactStore.objects.filter(source=source).update(changes=F("changes") + 1)
