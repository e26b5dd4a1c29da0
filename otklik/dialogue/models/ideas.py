from __future__ import annotations

from datetime import datetime

from django.db import models

from otklik.dialogue.models.fields import once, staff, word
from otklik.dialogue.rules.vocabulary import IdeaState, Moderation


class Idea(models.Model):
    """``reason`` is what partners read beside the state, ``outcome`` what was done in the end."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("partners.Contact", on_delete=models.PROTECT, related_name="+")
    topic = models.ForeignKey("desk.Topic", null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=160)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    moderation = word(Moderation, default=Moderation.WAITING)
    state = word(IdeaState, default=IdeaState.NEW)
    reason = models.TextField(blank=True)
    outcome = models.TextField(blank=True)
    reply = models.TextField(blank=True)
    replied_by = staff()
    replied_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    state_changed_at = models.DateTimeField(null=True)
    # When the voters were told that it is done: once.
    told_at = models.DateTimeField(null=True)
    key = once()

    class Meta:
        indexes = [
            models.Index(fields=["program", "moderation", "state", "-created_at"], name="ideas_of_program"),
        ]

    def __str__(self) -> str:
        return self.title

    def set_state(self, state: IdeaState, *, reason: str, outcome: str, at: datetime) -> None:
        self.state, self.reason, self.outcome, self.state_changed_at = state, reason, outcome, at


class Vote(models.Model):
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="votes", db_index=False)
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("partners.Contact", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["idea", "contact"], name="dialogue_vote_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} for idea {self.idea_id}"
