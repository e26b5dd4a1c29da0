from __future__ import annotations

from datetime import datetime

from django.db import models

from otklik.loop.models.fields import once, staff, word
from otklik.loop.models.rules import RootCause
from otklik.loop.rules.improving import may_become
from otklik.loop.rules.vocabulary import ImprovementState


class Improvement(models.Model):
    """Something of the program that is changed because many said the same. ``told_at``: when the first of the
    affected partners was told that it is done."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    change = models.TextField(blank=True)
    state = word(ImprovementState, default=ImprovementState.IDEA)
    # Why it was dropped.
    reason = models.CharField(max_length=300, blank=True)
    owner = staff()
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    created_by = staff()
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    key = once()

    class Meta:
        indexes = [models.Index(fields=["program", "state", "due_on"], name="improvements_by_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def next_states(self) -> tuple[ImprovementState, ...]:
        return may_become(ImprovementState(self.state), was_told=self.told_at is not None)

    def move(self, state: ImprovementState, reason: str, at: datetime) -> None:
        self.state = state
        self.reason = reason if state is ImprovementState.DROPPED else ""
        self.done_at = at if state is ImprovementState.DONE else None


class ImprovementCause(models.Model):
    improvement = models.ForeignKey(
        Improvement, on_delete=models.CASCADE, related_name="causes", db_index=False
    )
    cause = models.ForeignKey(RootCause, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["improvement", "cause"], name="loop_improvement_cause_once")
        ]

    def __str__(self) -> str:
        return f"{self.cause_id} of improvement {self.improvement_id}"


class ImprovementPartner(models.Model):
    """A partner who is affected: frozen when it was linked. ``alerts``: how many closed ones named a cause of
    it then; ``announcement``: what told them that it is done."""

    improvement = models.ForeignKey(
        Improvement, on_delete=models.CASCADE, related_name="partners", db_index=False
    )
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    alerts = models.PositiveIntegerField(default=0)
    linked_at = models.DateTimeField()
    announcement = models.ForeignKey(
        "dialogue.Announcement", null=True, on_delete=models.PROTECT, related_name="+"
    )
    told_at = models.DateTimeField(null=True)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["improvement", "partner"], name="loop_affected_once")]

    def __str__(self) -> str:
        return f"partner {self.partner_id} of improvement {self.improvement_id}"
