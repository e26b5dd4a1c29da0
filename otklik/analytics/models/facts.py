from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models


class PendingFact(models.Model):
    """A row somewhere above that is not in the Parquet store yet; written in the transaction that stored it.

    Ids do not commit in order on PostgreSQL, so "id greater than the last one" would lose rows. A row here
    is seen when
    it is committed and is gone when a manifest that counts it stands. ``batch`` says which segment took it.
    """

    source = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    batch = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["source", "batch", "id"], name="facts_pending")]

    def __str__(self) -> str:
        return f"{self.source} {self.row_id}"


class FactStore(models.Model):
    """Who may write one source's segments now. ``token`` grows with every lease: an old holder that wakes up
    late is refused by it. ``changes``: how often rows already written were changed (a merge);
    ``changes_written``: how many of these the segments know."""

    source = models.CharField(max_length=40, primary_key=True)
    token = models.BigIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    last_batch = models.BigIntegerField(default=0)
    changes = models.BigIntegerField(default=0)
    changes_written = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.source

    @property
    def changed_behind(self) -> bool:
        return self.changes > self.changes_written

    def is_free(self, at: datetime) -> bool:
        return self.leased_until is None or self.leased_until <= at

    def lease(self, at: datetime, length: timedelta) -> None:
        self.token += 1
        self.leased_until = at + length
