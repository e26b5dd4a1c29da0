from __future__ import annotations

from datetime import datetime

from django.db import models

from otklik.knowledge.models.article import Article
from otklik.knowledge.models.fields import staff, word
from otklik.knowledge.rules.vocabulary import DraftState


class DraftTranslation(models.Model):
    """What a machine made of an article's source, for an editor to begin with; no reader ever sees it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+", db_index=False)
    language = models.CharField(max_length=10)
    # Of the source that it was made from.
    source_number = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    state = word(DraftState, default=DraftState.WANTED)
    failure = models.CharField(max_length=20, blank=True)
    asked_by = staff()
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "language"], name="knowledge_draft_once")]

    def __str__(self) -> str:
        return f"{self.article_id} in {self.language}"

    def ask(self, *, source_number: int, by_id: int | None, at: datetime) -> None:
        self.source_number, self.asked_by_id, self.asked_at = source_number, by_id, at
        self.state, self.failure, self.title, self.body = DraftState.WANTED, "", "", ""
