from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from otklik.knowledge.models.fields import staff, word
from otklik.knowledge.rules.vocabulary import ArticleState, TextState, Visibility


class Folder(models.Model):
    """``names`` by language. Without ``program``: for articles of any."""

    program = models.ForeignKey("partners.Program", null=True, on_delete=models.PROTECT, related_name="+")
    names = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name_in("en")

    def name_in(self, language: str) -> str:
        """In this language, or else in any that it has."""
        return str(self.names.get(language) or next(iter(self.names.values()), "") or f"#{self.pk}")


class Article(models.Model):
    """What is the same in every language. Without ``program``: for every program.

    Its address (``slug``) is one for all programs and stays once the article was published: people keep it.
    """

    program = models.ForeignKey("partners.Program", null=True, on_delete=models.PROTECT, related_name="+")
    folder = models.ForeignKey(Folder, null=True, on_delete=models.SET_NULL, related_name="articles")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    visibility = word(Visibility, default=Visibility.PARTNERS)
    state = word(ArticleState, default=ArticleState.DRAFT)
    # What tickets it answers: a ticket on one of them soon after a view means that it did not.
    topics = models.ManyToManyField("desk.Topic", blank=True, related_name="+")
    owner = staff()
    review_on = models.DateField(_("look again on"), null=True, blank=True)
    source_language = models.CharField(max_length=10)
    # Whose question it was made from.
    from_ticket = models.ForeignKey("desk.Ticket", null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = staff()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    # Grows with every change of these columns; texts have numbers of their own.
    version = models.PositiveIntegerField(default=1)
    # What made it, where it must not be made twice (a form sent twice, a file imported again).
    created_key = models.CharField(max_length=120, null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "-updated_at", "id"], name="articles_by_state"),
            models.Index(fields=["folder", "state"], name="articles_of_folder"),
            models.Index(
                fields=["review_on", "id"], condition=Q(review_on__isnull=False), name="articles_to_review"
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def publish(self, *, at: datetime) -> None:
        self.state, self.updated_at = ArticleState.PUBLISHED, at
        self.published_at = self.published_at or at

    def archive(self, *, at: datetime) -> None:
        self.state, self.updated_at = ArticleState.ARCHIVED, at

    def reviewed(self, *, next_on: date | None, at: datetime) -> None:
        self.review_on, self.updated_at = next_on, at


class ArticleTier(models.Model):
    """A tier, as partners have it, that may read an article of Visibility.TIER."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="tiers", db_index=False)
    tier = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "tier"], name="knowledge_tier_once")]

    def __str__(self) -> str:
        return self.tier


class ArticleText(models.Model):
    """An article in one language, as it stands now. ``body`` is Markdown.

    ``made_from`` is the source's number that a translation was made from or compared with last; the source
    itself has none.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="texts", db_index=False)
    language = models.CharField(max_length=10)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    excerpt = models.CharField(max_length=300, blank=True)
    number = models.PositiveIntegerField(default=1)
    made_from = models.PositiveIntegerField(null=True)
    state = word(TextState, default=TextState.FRESH)
    updated_by = staff()
    updated_at = models.DateTimeField()
    # Search terms of the title: a hit there weighs more.
    title_terms = models.TextField(blank=True)
    # Different words of title and body, for the vocabulary that mistyped words are held against.
    words = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="knowledge_text_once"),
        ]
        indexes = [models.Index(fields=["state"], condition=Q(state="stale"), name="texts_stale")]

    def __str__(self) -> str:
        return self.title


class ArticleVersion(models.Model):
    """A text as it was saved; never changed. ``restored_from`` where an earlier one was brought back."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions", db_index=False)
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    note = models.CharField(max_length=200, blank=True)
    made_from = models.PositiveIntegerField(null=True)
    restored_from = models.PositiveIntegerField(null=True)
    by = staff()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language", "number"], name="knowledge_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Word(models.Model):
    """A word that stands in articles, and in how many of their texts."""

    text = models.CharField(max_length=64, unique=True)
    texts = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.text
