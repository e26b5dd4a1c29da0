from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from otklik.assist.models.fields import staff, word
from otklik.assist.rules.outcomes import QUIET
from otklik.assist.rules.vocabulary import AnswerChannel, AnswerOutcome, Intent, OutcomeReason, Review


class AutomaticAnswer(models.Model):
    """What somebody at a partner was told by nobody, what it was read from, and what came of it.

    ``lines``: paragraphs of plain text. ``link``: {"name", "args"} of a page, or empty. ``sources``:
    [{"noun", "id"}] of what was read. ``reasons``: [{"word", "weight"}] that spoke for the intent. The words
    of the question and of the answer go when the person is erased.
    """

    # The same question of the same person, or the same ticket, is answered once.
    key = models.CharField(max_length=80, unique=True)
    # Where an index of several columns begins with a key, the key has none of its own.
    contact = models.ForeignKey(
        "partners.Contact", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    channel = word(AnswerChannel)
    language = models.CharField(max_length=10)
    intent = word(Intent)
    confidence = models.FloatField()
    threshold = models.FloatField()
    model_version = models.PositiveIntegerField()
    reasons = models.JSONField(default=list)

    question = models.TextField(blank=True)
    title = models.CharField(max_length=300, blank=True)
    lines = models.JSONField(default=list)
    link = models.JSONField(default=dict)
    sources = models.JSONField(default=list)
    # By mail the ticket that asked; on the portal the one that was begun all the same.
    ticket = models.ForeignKey("desk.Ticket", null=True, on_delete=models.SET_NULL, related_name="+")

    outcome = word(AnswerOutcome)
    outcome_reason = word(OutcomeReason, blank=True, default="")
    told_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    review = word(Review, blank=True, default="")
    review_note = models.CharField(max_length=400, blank=True)
    reviewed_by = staff()
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["contact", "-told_at"], name="answers_of_contact"),
            models.Index(fields=["told_at"], condition=Q(outcome="told"), name="answers_pending"),
            models.Index(fields=["intent", "-told_at"], name="answers_by_intent"),
        ]

    def __str__(self) -> str:
        return f"{self.intent} for contact {self.contact_id}"

    @property
    def was_told(self) -> bool:
        """Not merely suggested to an agent."""
        return bool(self.outcome != AnswerOutcome.SUGGESTED)

    def settle(self, outcome: AnswerOutcome, reason: OutcomeReason, *, at: datetime) -> None:
        """The person's word that it helped is looked at once more when the 72 hours are over."""
        is_final = outcome is not AnswerOutcome.HELPED or at >= self.told_at + QUIET
        self.outcome, self.outcome_reason, self.settled_at = outcome, reason, at if is_final else None

    def note_review(self, verdict: Review, note: str, *, by_user: int | None, at: datetime) -> None:
        self.review, self.review_note = verdict, note[:400]
        self.reviewed_by_id, self.reviewed_at = by_user, at
