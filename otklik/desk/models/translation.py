from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from otklik.desk.models.fields import staff, word
from otklik.desk.models.message import Message
from otklik.desk.rules.vocabulary import TranslationProvider, TranslationState
from otklik.kit.secrets import EncryptedTextField


class TranslationSettings(models.Model):
    """Who translates for the desk: one row, or none while nothing leaves the house."""

    is_active = models.BooleanField(_("texts are sent to this provider"), default=False)
    provider = word(TranslationProvider, default=TranslationProvider.DEEPL)
    address = models.URLField(_("address"), max_length=300, blank=True)
    key = EncryptedTextField(blank=True, default="")
    model = models.CharField(_("model"), max_length=120, blank=True)
    # Of those who answer, where a ticket has nobody yet.
    language = models.CharField(_("the desk's own language"), max_length=10, default="en")
    translates_incoming = models.BooleanField(
        _("incoming messages are translated by themselves"), default=True
    )
    # Grows with every change that makes other translations: what was made before is not made again.
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"translation by {self.provider}"


class GlossaryTerm(models.Model):
    """A word of the program that is kept as it is. ``languages``: in translations into these; none: into any.
    Without ``program``: in every program."""

    text = models.CharField(_("term"), max_length=120)
    program = models.ForeignKey(
        "partners.Program", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    languages = models.JSONField(default=list)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["text", "id"]

    def __str__(self) -> str:
        return self.text


class Translation(models.Model):
    """What a message says in another language; seen by whoever sees the message. Where ``is_original``, the
    message itself is the translation, and this is what its writer wrote."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="translations", db_index=False
    )
    language = models.CharField(max_length=10)
    # Provider and version of the settings; a request repeated under the same ones is the same translation.
    version = models.CharField(max_length=40)
    is_original = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    state = word(TranslationState, default=TranslationState.WANTED)
    failure = models.CharField(max_length=20, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Empty once it was made or given up.
    free_at = models.DateTimeField(null=True)
    asked_by = staff()
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "language", "version"], name="desk_translation_once")
        ]
        indexes = [
            models.Index(fields=["free_at"], condition=Q(free_at__isnull=False), name="translations_to_make")
        ]

    def __str__(self) -> str:
        return f"{self.message_id} in {self.language}"

    def mark_made(self, text: str, *, at: datetime) -> None:
        self.state, self.text, self.failure, self.free_at, self.made_at = (
            TranslationState.MADE, text, "", None, at
        )  # fmt: skip

    def mark_failed(self, failure: str) -> None:
        self.state, self.failure, self.free_at = TranslationState.FAILED, failure, None
