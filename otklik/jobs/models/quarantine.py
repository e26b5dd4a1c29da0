from __future__ import annotations

from datetime import datetime

from django.db import models

from otklik.jobs.rules.vocabulary import QuarantineState


class QuarantinedItem(models.Model):
    """Something that failed as often as it may. ``kind`` finds the handler that can try it again,
    ``payload`` holds what that handler needs."""

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    title = models.CharField(max_length=200)
    error = models.TextField()
    payload = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in QuarantineState], default=QuarantineState.WAITING
    )
    first_failed_at = models.DateTimeField()
    last_failed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="jobs_quarantined_once")]
        indexes = [models.Index(fields=["state", "-last_failed_at"], name="jobs_quarantine_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        return self.state == QuarantineState.WAITING

    @property
    def reason(self) -> str:
        """The last line of the error: what a traceback ends with."""
        lines = [line.strip() for line in self.error.splitlines() if line.strip()]
        return lines[-1][:300] if lines else ""

    def fail_again(self, *, error: str, attempts: int, at: datetime) -> None:
        self.error, self.last_failed_at = error, at
        self.attempts += attempts
        self.state, self.settled_at = QuarantineState.WAITING, None

    def settle(self, state: QuarantineState, *, at: datetime) -> None:
        self.state, self.settled_at = state, at
