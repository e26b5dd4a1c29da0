"""Writing to the index. Called by operations of other apps inside their own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from otklik.kit.bulk import insert_rows
from otklik.search.kinds import NewDocument
from otklik.search.models import Document, IndexedText
from otklik.search.rules.terms import fold, index_terms, kind_term

_WIDTH = 250


@transaction.atomic
def put(documents: Iterable[NewDocument], *, at: datetime) -> None:
    """Make these documents findable, or renew what they are found by. Four statements for a chunk."""
    # The last word about an object counts, as it would if they were put one after another.
    new = {(d.kind, d.object_id): d for d in documents}
    if not new:
        return
    rows = Document.objects.bulk_create(
        [
            Document(
                kind=d.kind,
                object_id=d.object_id,
                program_id=d.program_id,
                title=d.title[:_WIDTH],
                title_key=fold(d.title)[:_WIDTH],
                note=d.note[:_WIDTH],
                updated_at=at,
            )
            for d in new.values()
        ],
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["program_id", "title", "title_key", "note", "updated_at"],
    )
    IndexedText.objects.filter(rowid__in=[row.pk for row in rows]).delete()
    terms = [
        (row.pk, f"{index_terms([d.title, *d.texts])} {kind_term(d.kind)}".lstrip())
        for row, d in zip(rows, new.values(), strict=True)
    ]
    insert_rows(IndexedText, ("rowid", "terms"), terms)


@transaction.atomic
def remove(kind: str, ids: Sequence[int]) -> None:
    """Take these objects out of the index."""
    found = Document.objects.filter(kind=kind, object_id__in=ids)
    rows = list(found.values_list("pk", flat=True))
    IndexedText.objects.filter(rowid__in=rows).delete()
    found.delete()


def forget(kind: str, ids: Sequence[int]) -> None:
    """Like ``remove``, and no trace of the words stays in the index's own files. Slow: for erasure."""
    remove(kind, ids)
    if connection.vendor == "sqlite":
        # FTS5 marks deleted entries and keeps their words until its segments are merged.
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_index(search_index) VALUES ('optimize')")
