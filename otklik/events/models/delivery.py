from __future__ import annotations

from datetime import datetime

from django.db import models

# A subscription that failed this often with one event is put aside for a person. With a first start that goes
# uncounted and a last one that finds the attempts used up it fits into jobs' MAX_DELIVERIES, so the job as a
# whole is not put aside before the one delivery that is to blame.
MAX_ATTEMPTS = 4
NEVER_RETURNED = "The worker ended in the middle of this delivery: killed, or out of memory."


class Batch(models.Model):
    """Events written together and handed out by one job."""

    created_at = models.DateTimeField()
    # When its job was last queued or started: a batch that is open long afterwards has lost its job.
    touched_at = models.DateTimeField()
    starts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["touched_at"], name="events_batch_open", condition=models.Q(done_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class Delivery(models.Model):
    """One subscription's handling of one event. The row is written in the transaction of the effect, so
    a job that runs twice has its effect once."""

    event = models.ForeignKey("events.Event", on_delete=models.PROTECT, related_name="+")
    subscription = models.CharField(max_length=120)
    attempts = models.PositiveSmallIntegerField(default=0)
    handled_at = models.DateTimeField(null=True)
    quarantined_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "subscription"], name="events_delivered_once")
        ]

    def __str__(self) -> str:
        return f"{self.event_id} -> {self.subscription}"

    @property
    def is_settled(self) -> bool:
        return self.handled_at is not None or self.quarantined_at is not None

    def count_attempt(self, *, at: datetime) -> None:
        """Note an attempt before it is made: where it never returns, this is what stays."""
        if self.attempts >= MAX_ATTEMPTS:
            self.quarantined_at = at
        else:
            self.attempts += 1
            self.last_error = NEVER_RETURNED

    def fail(self, error: str, *, at: datetime) -> None:
        self.last_error = error
        if self.attempts >= MAX_ATTEMPTS:
            self.quarantined_at = at

    def give_another_chance(self) -> None:
        self.attempts, self.quarantined_at = 0, None
