from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q

from otklik.loop.models.fields import once, staff, word
from otklik.loop.models.rules import AlertRule, RootCause
from otklik.loop.rules.closing import Work, owes_word, state_of
from otklik.loop.rules.deadlines import Standing
from otklik.loop.rules.vocabulary import AlertState, Flow, Outcome, OwnerReason, RuleKind, Way


class Alert(models.Model):
    """Somebody to follow up. ``partner`` None: a mention that belongs to nobody we know. ``key`` says what
    raised it, once: an answer makes one alert however many rules fire. ``reasons``: [[why, value], …] of the
    rule; ``also``: ids of the other rules that fired."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(
        "partners.Partner", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contact = models.ForeignKey(
        "partners.Contact", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    rule = models.ForeignKey(AlertRule, on_delete=models.PROTECT, related_name="+")
    kind = word(RuleKind)
    flow = word(Flow)
    response = models.ForeignKey("feedback.Response", null=True, on_delete=models.PROTECT, related_name="+")
    mention = models.ForeignKey("feedback.Mention", null=True, on_delete=models.PROTECT, related_name="+")
    wave = models.ForeignKey("feedback.Wave", null=True, on_delete=models.PROTECT, related_name="+")
    survey_kind = models.CharField(max_length=10, blank=True)
    score = models.PositiveSmallIntegerField(null=True)
    # When somebody we know answered the recommendation question; their next answer is looked for from there.
    said_at = models.DateTimeField(null=True)
    reasons = models.JSONField(default=list)
    also = models.JSONField(default=list)

    state = word(AlertState, default=AlertState.OPEN)
    owner = staff(db_index=False)
    owner_reason = word(OwnerReason)
    # When somebody else made it theirs.
    given_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalates_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    escalated_to = staff()
    first_contact_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    snooze_reason = models.CharField(max_length=300, blank=True)

    closed_at = models.DateTimeField(null=True)
    closed_by = staff()
    outcome = word(Outcome, blank=True)
    result = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True)
    told_how = word(Way, blank=True)
    told_by = staff()
    # Closed, and the partner has not heard yet what was done.
    owes_word = models.BooleanField(default=False)
    reopened = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    key = models.CharField(max_length=80, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(closed_at=None), name="alerts_open_due"),
            models.Index(
                fields=["owner", "due_at", "id"], condition=Q(closed_at=None), name="alerts_of_owner"
            ),
            models.Index(
                fields=["escalates_at", "id"],
                condition=Q(closed_at=None, first_contact_at=None, escalated_at=None),
                name="alerts_to_escalate",
            ),
            models.Index(fields=["-opened_at", "-id"], name="alerts_by_time"),
            models.Index(fields=["program", "-opened_at"], name="alerts_of_program"),
            models.Index(fields=["partner", "-opened_at"], name="alerts_of_partner"),
            models.Index(fields=["contact", "-opened_at"], name="alerts_of_contact"),
            models.Index(fields=["closed_at", "id"], condition=Q(owes_word=True), name="alerts_to_tell"),
            models.Index(
                fields=["-closed_at", "-id"], condition=Q(closed_at__isnull=False), name="alerts_closed_last"
            ),
            # Which alert of the period is a person's first is found in the index alone.
            models.Index(
                fields=["contact", "said_at", "id", "opened_at", "score", "closed_at", "partner", "program"],
                condition=Q(said_at__isnull=False),
                name="alerts_paired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} {self.score if self.score is not None else ''}".strip()

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def standing(self) -> Standing:
        return Standing(
            self.due_at, self.escalated_at, self.first_contact_at, self.closed_at, self.snoozed_until
        )

    def give_to(self, user_id: int, reason: OwnerReason, *, by_user: int | None, at: datetime) -> None:
        self.owner_id, self.owner_reason = user_id, reason
        self.given_at = None if user_id == by_user else at

    def escalate(self, user_id: int | None, at: datetime) -> None:
        self.escalated_at, self.escalated_to_id = at, user_id

    def sleep(self, until: datetime | None, reason: str) -> None:
        self.snoozed_until, self.snooze_reason = until, reason

    def note_contact(self, at: datetime) -> None:
        """Somebody spoke to them: it is awake, and the promise of a first word is kept or broken for good."""
        self.first_contact_at = min(at, self.first_contact_at or at)
        self.sleep(None, "")

    def follow(self, work: Work) -> None:
        """The state, from what was done."""
        if not self.is_closed:
            self.state = state_of(work)

    def close(self, outcome: Outcome, result: str, *, by_user: int | None, at: datetime) -> None:
        self.state, self.outcome, self.result = AlertState.CLOSED, outcome, result
        self.closed_at, self.closed_by_id = at, by_user
        self.sleep(None, "")
        self._look_whom_to_tell()

    def tell(self, how: Way, *, by_user: int | None, at: datetime) -> None:
        self.told_at, self.told_how, self.told_by_id = at, how, by_user
        self._look_whom_to_tell()

    def reopen(self, work: Work) -> None:
        """What they were told before does not hold any more."""
        self.closed_at = self.closed_by_id = self.told_at = self.told_by_id = None
        self.outcome, self.told_how = "", ""
        self.owes_word = False
        self.reopened += 1
        self.follow(work)

    def _look_whom_to_tell(self) -> None:
        outcome = Outcome(self.outcome) if self.outcome else None
        self.owes_word = owes_word(
            outcome,
            Flow(self.flow),
            has_partner=self.partner_id is not None,
            was_told=self.told_at is not None,
        )


class FollowUp(models.Model):
    """That somebody spoke or wrote to them, and what was said."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="follow_ups")
    contact = models.ForeignKey("partners.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    way = word(Way)
    at = models.DateTimeField()
    by = staff()
    text = models.TextField(blank=True)
    # Of a passive: what would make it a nine, and what was made of that.
    nine = models.TextField(blank=True)
    improvement: Any = models.ForeignKey(
        "loop.Improvement", null=True, on_delete=models.SET_NULL, related_name="wishes"
    )
    ticket = models.ForeignKey("desk.Ticket", null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    key = once()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["-at"], condition=~Q(nine=""), name="follow_ups_with_nine")]

    def __str__(self) -> str:
        return f"{self.way} about alert {self.alert_id}"


class AlertCause(models.Model):
    """What was wrong; an alert may have several causes."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="causes", db_index=False)
    cause = models.ForeignKey(RootCause, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "cause"], name="loop_cause_once")]

    def __str__(self) -> str:
        return f"{self.cause_id} of {self.alert_id}"


class LoopPromise(models.Model):
    """What we promised about an alert. The commitment is the dialogue's: it stands in the desk and on the
    partner's page, and is kept or broken there."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="promises")
    commitment = models.OneToOneField("dialogue.Commitment", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"promise {self.commitment_id} of alert {self.alert_id}"


class ReAsk(models.Model):
    """Asking once more after something was done. ``surveys``: how many surveys waited for that, None until
    it was asked; ``before`` and ``after``: scores of the same survey kind."""

    alert = models.OneToOneField(Alert, on_delete=models.CASCADE, related_name="re_ask")
    contact = models.ForeignKey("partners.Contact", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    asked_at = models.DateTimeField(null=True)
    surveys = models.PositiveSmallIntegerField(null=True)
    before = models.PositiveSmallIntegerField(null=True)
    after = models.PositiveSmallIntegerField(null=True)
    response = models.ForeignKey("feedback.Response", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["due_on", "id"], condition=Q(asked_at=None), name="re_asks_due"),
            models.Index(
                fields=["contact"],
                condition=Q(asked_at__isnull=False, response=None),
                name="re_asks_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"asking again on {self.due_on:%Y-%m-%d}"

    def move_to(self, day: date) -> None:
        self.due_on, self.asked_at, self.surveys = day, None, None

    def mark_asked(self, surveys: int, at: datetime) -> None:
        self.asked_at, self.surveys = at, surveys

    def answer(self, response: Any) -> None:
        self.response, self.after = response, response.score
