from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.feedback.models.survey import SurveyVersion
from otklik.feedback.rules.vocabulary import ResponseStatus, SurveyKind


class Response(models.Model):
    """One answer that a person confirmed. ``source_key`` names it in the system it came from: the same key
    twice is the same answer. ``partner`` is None for one from an anonymous link."""

    version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in SurveyKind])
    language = models.CharField(max_length=10, blank=True)
    partner = models.ForeignKey("partners.Partner", null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("partners.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    invitation = models.OneToOneField(
        "feedback.Invitation", null=True, on_delete=models.PROTECT, related_name="response"
    )
    link = models.ForeignKey("feedback.SurveyLink", null=True, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    # Answers to the questions behind the score, by the question's key.
    answers = models.JSONField(default=dict)
    may_contact = models.BooleanField(null=True)
    # After the wave was closed: counted, and marked.
    is_late = models.BooleanField(default=False)
    changed_at = models.DateTimeField(null=True)
    comment = models.TextField(_("comment"), blank=True)
    status = models.CharField(
        max_length=12, default=ResponseStatus.COMPLETE, choices=[(s.value, s.value) for s in ResponseStatus]
    )
    source_key = models.CharField(max_length=200)
    responded_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    # Frozen at answer time.
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    segment = models.CharField(max_length=60, blank=True)
    tier = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    role = models.CharField(max_length=20)
    # Staff is deactivated, never deleted: a figure by manager must not lose its answers.
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "source_key"], name="feedback_response_once")
        ]
        indexes = [
            models.Index(fields=["partner", "-responded_at"], name="responses_by_partner"),
            models.Index(fields=["contact", "-responded_at"], name="responses_by_contact"),
            models.Index(fields=["program", "-responded_at"], name="responses_by_time"),
            models.Index(fields=["version", "-responded_at"], name="responses_by_version"),
            # One stream of voices, whatever was asked.
            models.Index(
                fields=["-responded_at", "-id"],
                condition=~models.Q(comment=""),
                name="responses_as_voices",
            ),
            # The latest comments under any filter are found in the index alone.
            models.Index(
                fields=[
                    "kind",
                    "-responded_at",
                    "score",
                    "program",
                    "segment",
                    "tier",
                    "country",
                    "manager",
                    "role",
                    "channel",
                ],
                condition=~models.Q(comment=""),
                name="responses_with_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.score}"


class AnswerTrace(models.Model):
    """Where an answer came from, for the signs of gaming; deleted after 30 days. ``device`` and ``network``
    are keyed hashes whose key rotates with them, so that nobody can be found by them."""

    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="trace")
    device = models.CharField(max_length=32)
    network = models.CharField(max_length=32)
    is_own_network = models.BooleanField(default=False)
    # From the send, or from the page's opening for an anonymous link.
    seconds = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["device", "at"], name="traces_by_device"),
            models.Index(fields=["network", "at"], name="traces_by_network"),
            models.Index(fields=["at"], name="traces_by_age"),
        ]

    def __str__(self) -> str:
        return f"trace of {self.response_id}"
