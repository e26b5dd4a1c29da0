from __future__ import annotations

from django.db import models


class Redelivery(models.Model):
    """How often a waiting job was handed out again after it had not come back."""

    # The row of the queue; no foreign key, because the queue forgets a job the moment it is done.
    queue_row = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.queue_row}: {self.count}"
