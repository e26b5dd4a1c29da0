from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.feedback.models.survey import Survey, SurveyVersion
from otklik.feedback.rules.recurrence import Every
from otklik.feedback.rules.vocabulary import InvitationState, WaveMode, WaveState


class WaveSeries(models.Model):
    """Waves that follow one another. ``starts_at`` and ``closes_at`` are those of turn 0, None until it has
    started: every turn is reckoned from them (``rules/recurrence.py``), so that the 31st comes back after a
    short month, whatever became of the turns between."""

    every = models.CharField(max_length=10, choices=[(e.value, e.value) for e in Every])
    # Of whoever set it: 10 o'clock stays 10 o'clock there when the clocks change.
    zone = models.CharField(max_length=60)
    starts_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"waves each {self.every}"


class Wave(models.Model):
    """One round of asking with one survey. ``plan`` (``rules/plans.py``) says whom and how often; it is
    frozen with the version when the wave starts. Mode ROLLING asks a share every day and EVENT after
    something happened, both until closed; HAND holds what people sent one by one."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="waves")
    version = models.ForeignKey(SurveyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=160)
    mode = models.CharField(max_length=10, choices=[(m.value, m.value) for m in WaveMode])
    state = models.CharField(
        max_length=10, default=WaveState.DRAFT, choices=[(s.value, s.value) for s in WaveState]
    )
    plan = models.JSONField(default=dict)
    # Days after the send, growing; as many reminders as there are entries.
    reminders = models.JSONField(default=list)
    starts_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    # People the planning has gone through, of how many.
    planned = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(null=True)
    # What leaving out people with open tickets does to the score, as counted at the start.
    effect = models.JSONField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    series = models.ForeignKey(WaveSeries, null=True, on_delete=models.PROTECT, related_name="waves")
    turn = models.PositiveIntegerField(default=0)
    # At ``starts_at``, without anybody pressing a button: what a series made.
    starts_itself = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["series", "turn"], name="feedback_turn_once")]
        indexes = [
            models.Index(fields=["survey", "-created_at"], name="waves_by_survey"),
            models.Index(fields=["state", "mode"], name="waves_by_state"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state in (WaveState.PLANNING, WaveState.RUNNING)

    def is_over(self, at: datetime) -> bool:
        """By its own date; a job closes it some minutes after."""
        return self.closes_at is not None and at >= self.closes_at

    @property
    def repeats(self) -> bool:
        return self.series is not None and self.series.stopped_at is None


class Invitation(models.Model):
    """One person asked once, or left out and why. What is frozen here is the person at that moment; the
    answer is counted under it. ``key`` says what it is for, once in a wave."""

    wave = models.ForeignKey(Wave, on_delete=models.PROTECT, related_name="invitations")
    key = models.CharField(max_length=120)
    version = models.ForeignKey(SurveyVersion, on_delete=models.PROTECT, related_name="+")
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("partners.Contact", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in InvitationState])
    # A word of rules/vocabulary.Refusal for those left out, else what the mail server said.
    reason = models.CharField(max_length=200, blank=True)
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    # As ``partners.rules.addresses`` levels it; empty where only the link is handed over.
    address = models.CharField(max_length=254, blank=True)
    segment = models.CharField(max_length=60, blank=True)
    tier = models.CharField(max_length=40, blank=True)
    country = models.CharField(max_length=2, blank=True)
    role = models.CharField(max_length=20)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    planned_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)
    # Of the last claim; in force while SENDING.
    claimed_at = models.DateTimeField(null=True)
    # Times it was put off because the other side said "later".
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminders_sent = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    # The latest score of a link that was fetched and not confirmed: a person who left, or a mail scanner.
    provisional_score = models.PositiveSmallIntegerField(null=True)
    provisional_at = models.DateTimeField(null=True)
    provisional_hits = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wave", "key"], name="feedback_invitation_once")]
        indexes = [
            models.Index(
                fields=["send_at", "id"],
                condition=models.Q(state=InvitationState.PLANNED),
                name="invitations_to_send",
            ),
            models.Index(
                fields=["remind_at", "id"],
                condition=models.Q(remind_at__isnull=False),
                name="invitations_to_remind",
            ),
            # Few ever: what is under way, and what went wrong.
            models.Index(
                fields=["state", "claimed_at"],
                condition=models.Q(
                    state__in=[
                        InvitationState.SENDING,
                        InvitationState.UNCERTAIN,
                        InvitationState.FAILED,
                        InvitationState.BOUNCED,
                    ]
                ),
                name="invitations_to_look_at",
            ),
            models.Index(fields=["wave", "state", "id"], name="invitations_by_wave"),
            models.Index(fields=["contact", "-sent_at"], name="invitations_by_contact"),
            models.Index(fields=["address", "-sent_at"], name="invitations_by_address"),
            models.Index(fields=["partner", "-planned_at"], name="invitations_by_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.key} of wave {self.wave_id}"

    def is_expired(self, at: datetime) -> bool:
        return at >= self.expires_at
