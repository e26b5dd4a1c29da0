from __future__ import annotations

from django.db import models

from otklik.loop.models.fields import word
from otklik.loop.rules.vocabulary import LetterKind


class LetterTemplate(models.Model):
    """How a letter begins before somebody writes it in words of their own. Text with placeholders, as
    rules/letters.py reads them. One of each kind in each language; never deleted."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    kind = word(LetterKind)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["kind", "language"]
        constraints = [
            models.UniqueConstraint(fields=["program", "kind", "language"], name="letter_template_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language}"
