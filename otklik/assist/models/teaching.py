from __future__ import annotations

from django.db import models

from otklik.assist.models.fields import staff, word
from otklik.assist.rules.vocabulary import Intent


class Example(models.Model):
    """A sentence that shows how people ask for something. ``key``: digest of its folded text, so that
    the same sentence does not teach two things."""

    intent = word(Intent)
    language = models.CharField(max_length=2)
    text = models.TextField()
    key = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    # Came with the product; nobody wrote it here.
    is_ours = models.BooleanField(default=False)
    added_by = staff()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["intent", "language", "id"], name="examples_by_intent")]

    def __str__(self) -> str:
        return self.text[:60]


class IntentModel(models.Model):
    """What was learnt from the examples at one time; the newest one is in use.

    ``thresholds``: by intent. ``figures``: by "cross" (of the examples, each guessed without having been
    seen) or "test" (of the sentences that teach nothing), then by language ("" is all), then by intent: what
    ``rules/thresholds.Figures`` holds. ``digest``: of the examples it was taught by.
    """

    version = models.PositiveIntegerField(unique=True)
    content = models.BinaryField()
    thresholds = models.JSONField()
    figures = models.JSONField()
    examples_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    taught_by = staff()
    taught_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"version {self.version}"
