from __future__ import annotations

from django.db import models
from django.db.models import Q

from otklik.dialogue.models.fields import staff, word
from otklik.dialogue.rules.vocabulary import Side, StepKind


class StepTemplate(models.Model):
    """A step that newcomers of a program take."""

    program = models.ForeignKey("partners.Program", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    kind = word(StepKind)
    # {"en": …, "ru": …}
    titles = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    side = word(Side)
    due_days = models.PositiveSmallIntegerField(default=7)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"step {self.position} of program {self.program_id}"


class Onboarding(models.Model):
    partner = models.OneToOneField("partners.Partner", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    started_by = staff()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["started_at"], condition=Q(finished_at__isnull=True), name="onboardings_open"
            )
        ]

    def __str__(self) -> str:
        return f"onboarding of {self.partner_id}"


class OnboardingStep(models.Model):
    """A step as it was in the template when this partner began."""

    onboarding = models.ForeignKey(Onboarding, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = word(StepKind)
    titles = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    side = word(Side)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = staff()
    done_by_contact = models.ForeignKey(
        "partners.Contact", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"step {self.position} of onboarding {self.onboarding_id}"
