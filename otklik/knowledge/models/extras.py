"""What belongs to an article besides its texts."""

from __future__ import annotations

from django.db import models

from otklik.knowledge.models.article import Article
from otklik.knowledge.models.fields import staff


class Attachment(models.Model):
    """A file of an article, which its texts name by ``filename``. Private: served by views that check who
    reads the article."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="attachments", db_index=False)
    filename = models.CharField(max_length=120)
    content_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    file = models.FileField(upload_to="articles/", max_length=255)
    added_by = staff()
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "filename"], name="knowledge_file_once"),
        ]

    def __str__(self) -> str:
        return self.filename


class VideoLink(models.Model):
    """A film elsewhere, shown as a link: an embedded one would tell its host who reads what."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="videos")
    # Empty: fits every language.
    language = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=200)
    url = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title
