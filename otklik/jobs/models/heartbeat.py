from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When a job last ran to its end: one row per kind of process."""

    name = models.CharField(max_length=40, unique=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
