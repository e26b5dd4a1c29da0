from __future__ import annotations

from django.conf import settings
from django.db import models

from otklik.payouts.rules.vocabulary import MoneyFileKind, UploadState


class MoneyUpload(models.Model):
    """A money file on its way in from the page. What it recorded stands on its ``MoneyImport``; a refused one
    keeps ``problems`` (line, column, problem, value) until it is forgotten."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in MoneyFileKind])
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="money/", max_length=200)
    # Days are counted in it.
    zone = models.CharField(max_length=64)
    # What the sender says the file adds up to, by currency, as texts.
    said_totals = models.JSONField(default=dict)
    state = models.CharField(
        max_length=10, default=UploadState.WAITING, choices=[(s.value, s.value) for s in UploadState]
    )
    problems = models.JSONField(default=list)
    # Why it could not be read as a table: "code" and "facts".
    refusal = models.JSONField(default=dict)
    money_import = models.ForeignKey(
        "payouts.MoneyImport", null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    # Of the form it came by: the same form twice is one upload.
    form_key = models.UUIDField(unique=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-uploaded_at"], name="money_uploads_by_state")]

    def __str__(self) -> str:
        return self.name
