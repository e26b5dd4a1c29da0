from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q

from otklik.dialogue.models.fields import once, staff, word
from otklik.dialogue.rules.vocabulary import GoalState, PromiseState, Side


class Goal(models.Model):
    """What both sides want to reach by a day. ``owner`` is ours, ``contact`` theirs."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=400)
    # How both will know: "share of mobile traffic", "40 %".
    measure = models.CharField(max_length=200, blank=True)
    target = models.CharField(max_length=120, blank=True)
    due_on = models.DateField()
    owner = staff()
    contact = models.ForeignKey(
        "partners.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = word(GoalState, default=GoalState.PROPOSED)
    reason = models.TextField(blank=True)
    proposed_by = word(Side)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    key = once()

    class Meta:
        indexes = [
            models.Index(fields=["partner", "state", "due_on"], name="goals_of_partner"),
            models.Index(fields=["state", "due_on", "id"], name="goals_by_day"),
        ]

    def __str__(self) -> str:
        return self.text

    def move(self, state: GoalState, *, reason: str, at: datetime) -> None:
        if self.state == GoalState.PROPOSED:
            self.answered_at = at
        self.state, self.reason = state, reason
        if state is not GoalState.AGREED:
            self.closed_at = at

    @property
    def closed_on(self) -> date | None:
        return self.closed_at.date() if self.closed_at else None


class Commitment(models.Model):
    """What one side promised the other by a day. It is kept where it is done by then, and late after."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    goal = models.ForeignKey(
        Goal, null=True, blank=True, on_delete=models.SET_NULL, related_name="commitments"
    )
    side = word(Side)
    text = models.CharField(max_length=400)
    due_on = models.DateField()
    owner = staff()
    contact = models.ForeignKey(
        "partners.Contact", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = word(PromiseState, default=PromiseState.PROPOSED)
    # What shows that it is done, or why it is not.
    note = models.TextField(blank=True)
    done_on = models.DateField(null=True)
    proposed_by = word(Side)
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    key = once()

    class Meta:
        indexes = [
            models.Index(fields=["partner", "state", "due_on"], name="promises_of_partner"),
            models.Index(fields=["due_on", "id"], condition=Q(state="agreed"), name="promises_open"),
        ]

    def __str__(self) -> str:
        return self.text

    def move(self, state: PromiseState, *, note: str, on: date, at: datetime) -> None:
        if self.state == PromiseState.PROPOSED:
            self.answered_at = at
        self.state, self.note = state, note
        if state is PromiseState.DONE:
            self.done_on = on
        if state is not PromiseState.AGREED:
            self.closed_at = at
