from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from otklik.dialogue.models.fields import once, staff, word
from otklik.dialogue.rules.vocabulary import (
    OPEN_APPLICATIONS,
    ApplicationState,
    Reason,
    VettingOutcome,
)


class ProgramManners(models.Model):
    """How a program talks: its application form, its moderation, what newcomers begin with."""

    program = models.OneToOneField("partners.Program", on_delete=models.CASCADE, related_name="+")
    moderates_ideas = models.BooleanField(default=True)
    takes_applications = models.BooleanField(default=False)
    # {"en": …, "ru": …}
    introduction = models.JSONField(default=dict)
    # [{"texts": {"en", "ru"}, "is_required"}]
    questions = models.JSONField(default=list)
    # Names of the vetting steps, in order.
    vetting = models.JSONField(default=list)
    answer_days = models.PositiveSmallIntegerField(default=3)
    # Of each its "title" and "url".
    resources = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"manners of program {self.program_id}"


class Application(models.Model):
    """Somebody wants to become a partner. Questions and steps are copied: a form that changes later does not
    change what was asked."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    company = models.CharField(max_length=200)
    company_key = models.CharField(max_length=200)
    person = models.CharField(max_length=120)
    address = models.CharField(max_length=254)
    site = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=10, blank=True)
    # Of each its "question" and "answer".
    answers = models.JSONField(default=list)
    consented_at = models.DateTimeField()
    state = word(ApplicationState, default=ApplicationState.NEW)
    reason = word(Reason, blank=True, default="")
    # A word of ours to the applicant beside the sentence of the reason.
    note = models.TextField(blank=True)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = staff()
    partner = models.ForeignKey("partners.Partner", null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("partners.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    # Opens the applicant's own page of it and nothing else.
    public_key = models.CharField(max_length=32, unique=True)
    key = once()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["new", "vetting"]),
                name="applications_due",
            ),
            models.Index(fields=["program", "-created_at"], name="applications_newest"),
            models.Index(fields=["address"], name="applications_by_address"),
        ]

    def __str__(self) -> str:
        return self.company

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_APPLICATIONS

    def decide(
        self, state: ApplicationState, *, reason: str, note: str, by_user: int | None, at: datetime
    ) -> None:
        self.state, self.reason, self.note = state, reason, note
        self.decided_at, self.decided_by_id = at, by_user


class VettingStep(models.Model):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300)
    outcome = word(VettingOutcome, blank=True, default="")
    note = models.TextField(blank=True)
    done_by = staff()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class ApplicationWord(models.Model):
    """What the applicant added on their page after more was wanted."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="words")
    text = models.TextField()
    created_at = models.DateTimeField()
    key = once()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"added to application {self.application_id}"
