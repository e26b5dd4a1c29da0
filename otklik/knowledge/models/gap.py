from __future__ import annotations

from datetime import datetime

from django.db import models

from otklik.knowledge.models.article import Article
from otklik.knowledge.models.fields import staff, word
from otklik.knowledge.rules.vocabulary import GapState


class Gap(models.Model):
    """Tickets that speak of the same thing, of which no article tells; as the last computation left it.

    ``key`` is the phrase they share, folded; ``examples`` are ids of tickets, the most typical first. One
    that nobody asks about any more has no tickets, and goes unless somebody said something of it.
    """

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=10, blank=True)
    topic = models.ForeignKey("desk.Topic", null=True, on_delete=models.SET_NULL, related_name="+")
    tickets = models.PositiveIntegerField(default=0)
    partners = models.PositiveIntegerField(default=0)
    examples = models.JSONField(default=list)
    last_at = models.DateTimeField(null=True)
    state = word(GapState, default=GapState.OPEN)
    reason = models.CharField(max_length=300, blank=True)
    article = models.ForeignKey(Article, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_by = staff()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-tickets", "key"]

    def __str__(self) -> str:
        return self.name

    def ignore(self, reason: str, *, by_id: int | None, at: datetime) -> None:
        self.state, self.reason = GapState.IGNORED, reason
        self.decided_by_id, self.decided_at = by_id, at

    def open_again(self) -> None:
        self.state, self.reason, self.decided_by_id, self.decided_at = GapState.OPEN, "", None, None

    def write(self, article: Article, *, by_id: int | None, at: datetime) -> None:
        self.state, self.article = GapState.WRITTEN, article
        self.decided_by_id, self.decided_at = by_id, at


class KnowledgeFigures(models.Model):
    """What the base is worth, as last counted by the job: page, export and API tell this one."""

    computed_at = models.DateTimeField()
    # Tickets looked at, and whether there were more.
    tickets = models.PositiveIntegerField(default=0)
    is_cut = models.BooleanField(default=False)
    # As ``rules.deflection.Deflection.as_data`` gives it, of the whole base and by article.
    deflection = models.JSONField(default=dict)
    by_article = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"figures of {self.computed_at:%Y-%m-%d %H:%M}"
