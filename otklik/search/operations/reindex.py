from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from otklik.search.kinds import search_kinds
from otklik.search.models import Document, IndexedText
from otklik.search.operations.index import put

Progress = Callable[[str, int], None]


def reindex(*, at: datetime, progress: Progress = lambda kind, count: None) -> dict[str, int]:
    """Write every document anew, chunk by chunk, then drop those whose object is gone. Count by kind.

    Searching goes on meanwhile; the moment ``at`` marks what this run has written.
    """
    counts: dict[str, int] = {}
    for kind in search_kinds:
        counts[kind.name] = 0
        for chunk in kind.documents():
            put(chunk, at=at)
            counts[kind.name] += len(chunk)
            progress(kind.name, counts[kind.name])
    with transaction.atomic():
        stale = list(Document.objects.filter(updated_at__lt=at).values_list("pk", flat=True))
        for start in range(0, len(stale), 500):
            part = stale[start : start + 500]
            IndexedText.objects.filter(rowid__in=part).delete()
            Document.objects.filter(pk__in=part).delete()
    return counts
