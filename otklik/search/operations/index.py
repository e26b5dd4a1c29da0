"""Writing to the index. Called by operations of other apps inside their own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from otklik.kit.bulk import delete_rows, insert_rows, put_for_ids
from otklik.search.kinds import NewDocument
from otklik.search.models import Document, IndexedText
from otklik.search.rules.terms import fold, index_terms, kind_term

_WIDTH = 250
_KEY = ("kind", "object_id")
_SHOWN = ("program_id", "title", "title_key", "note", "updated_at")


def put(documents: Iterable[NewDocument], *, at: datetime) -> None:
    """Make these documents findable, or renew what they are found by. Three statements for a chunk, which
    belong to the caller's transaction where there is one."""
    # The last word about an object counts, as it would if they were put one after another.
    new = {(d.kind, d.object_id): d for d in documents}
    if not new:
        return
    rows = [
        (
            d.kind,
            d.object_id,
            d.program_id,
            d.title[:_WIDTH],
            fold(d.title)[:_WIDTH],
            d.note[:_WIDTH],
            at,
        )
        for d in new.values()
    ]
    terms = [f"{index_terms([d.title, *d.texts])} {kind_term(d.kind)}".lstrip() for d in new.values()]
    # No savepoint: nobody goes on with a document that stands in one of the two tables.
    with transaction.atomic(savepoint=False):
        ids = put_for_ids(Document, _KEY, _SHOWN, rows)
        delete_rows(IndexedText, ids)
        insert_rows(IndexedText, ("rowid", "terms"), list(zip(ids, terms, strict=True)))


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
