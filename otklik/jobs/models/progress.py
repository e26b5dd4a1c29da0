from __future__ import annotations

from django.db import models

from otklik.jobs.rules.vocabulary import ProgressState


class Progress(models.Model):
    """How far one long piece of work is. ``total`` is null while nobody knows it yet."""

    key = models.CharField(max_length=120, unique=True)
    label = models.CharField(max_length=200)
    url = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ProgressState])
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    message = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-updated_at"], name="jobs_progress_state")]

    def __str__(self) -> str:
        return f"{self.key}: {self.done}/{self.total}"

    @property
    def is_running(self) -> bool:
        return self.state == ProgressState.RUNNING

    @property
    def percent(self) -> int | None:
        """0 to 100, rounded down so that 100 means done; None while the total is unknown."""
        if not self.total:
            return None
        return max(0, min(100, self.done * 100 // self.total))
