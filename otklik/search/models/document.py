from __future__ import annotations

from django.db import models


class Document(models.Model):
    """One findable object of another app: what it is and the title a result shows."""

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    program_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=250)
    # The folded title: an exact or beginning match goes before the rest, alike on both databases.
    title_key = models.CharField(max_length=250)
    # What tells two of one title apart: a person's company, for example.
    note = models.CharField(max_length=250, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_document_once")]

    def __str__(self) -> str:
        return self.title


class IndexedText(models.Model):
    """The search terms of a document, separated by spaces; ``rowid`` is the document's id.

    On SQLite the table is an FTS5 virtual table, on PostgreSQL an ordinary one with a tsvector of the terms,
    which the database keeps, and a GIN index over it: see the migration. Query it with ``terms__matches``
    (``lookups.py``).
    """

    rowid = models.BigIntegerField(primary_key=True)
    terms = models.TextField()

    class Meta:
        db_table = "search_index"

    def __str__(self) -> str:
        return str(self.rowid)
