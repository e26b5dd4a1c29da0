from __future__ import annotations

from django.db import models


class Merged(models.Model):
    """Where a partner or contact went that is no more: old links lead on, the timeline stays whole, and an
    import that still knows it by its old name or id finds the one it became."""

    noun = models.CharField(max_length=10)
    source_id = models.BigIntegerField()
    target_id = models.BigIntegerField()
    # A contact's ids are its partner's, a partner's its program's.
    scope_id = models.BigIntegerField()
    name_key = models.CharField(max_length=200, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    merged_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["noun", "source_id"], name="partners_merged_once")]
        indexes = [models.Index(fields=["noun", "target_id"], name="partners_merged_into")]

    def __str__(self) -> str:
        return f"{self.noun} {self.source_id} -> {self.target_id}"
