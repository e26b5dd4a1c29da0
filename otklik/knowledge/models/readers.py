"""What readers leave behind."""

from __future__ import annotations

from django.db import models

from otklik.knowledge.models.article import Article
from otklik.knowledge.models.fields import staff, word
from otklik.knowledge.rules.vocabulary import CameFrom, WhyNot


class Feedback(models.Model):
    """Whether a text helped; one word of a reader about a version of it, the last one counts.

    ``reader`` is "contact:5", "user:3" or "visit:<token>" of somebody without an account, so that one unique
    key holds for all three.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="feedback", db_index=False)
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    helped = models.BooleanField()
    why = word(WhyNot, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    contact = models.ForeignKey("partners.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    user = staff(on_delete=models.CASCADE)
    reader = models.CharField(max_length=60)
    at = models.DateTimeField()
    # A member of staff has read it and done what was to be done.
    dealt_with_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "language", "number", "reader"], name="knowledge_feedback_once"
            ),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="feedback_by_day")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.helped}"


class View(models.Model):
    """That somebody outside the staff opened an article; at most once a minute for one person and article."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="views", db_index=False)
    language = models.CharField(max_length=10)
    contact = models.ForeignKey(
        "partners.Contact", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Of a visit without an account: tells two visits apart and nothing about who it was.
    visit = models.CharField(max_length=40, blank=True)
    came_from = word(CameFrom, default=CameFrom.PORTAL)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["article", "at"], name="views_of_article"),
            models.Index(fields=["contact", "at"], name="views_of_contact"),
            models.Index(fields=["at", "id"], name="views_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} at {self.at}"
