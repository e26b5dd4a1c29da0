from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.feedback.rules.voices.vocabulary import InterviewChannel, QuoteConsent


class InterviewGuide(models.Model):
    """What one wants to hear from people of one kind, in one language."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=160)
    language = models.CharField(_("language"), max_length=10)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "name"], name="feedback_guide_name_once")]

    def __str__(self) -> str:
        return self.name


class GuideVersion(models.Model):
    """``questions``: [{"key", "text"}]. Never edited: an interview keeps the one it followed."""

    guide = models.ForeignKey(InterviewGuide, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    questions = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guide", "number"], name="feedback_guide_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.guide_id} v{self.number}"


class Interview(models.Model):
    """``notes`` by the key of the guide's question; ``words`` is what stands under none."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("partners.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(GuideVersion, null=True, on_delete=models.PROTECT, related_name="+")
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Noon UTC of the day: the same day wherever people work.
    held_at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=[(c.value, c.value) for c in InterviewChannel])
    notes = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    score = models.PositiveSmallIntegerField(null=True)
    # As ``rules/texts`` reads them: -1, 0 or 1, None where one cannot tell; " payouts support ".
    sentiment = models.SmallIntegerField(null=True)
    topics = models.CharField(max_length=600, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    # Grows with every change: two people who edit at once find out about each other by it.
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["-held_at", "-id"], name="interviews_by_time"),
            models.Index(fields=["partner", "-held_at", "-id"], name="interviews_by_partner"),
        ]

    def __str__(self) -> str:
        return f"interview {self.held_at:%Y-%m-%d}"


class InterviewQuote(models.Model):
    """The person's own words, and whether they may be told on."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="quotes")
    text = models.TextField()
    consent = models.CharField(
        max_length=10, default=QuoteConsent.NO, choices=[(c.value, c.value) for c in QuoteConsent]
    )

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:60]
