from __future__ import annotations

from django.db import models


class Effect(models.Model):
    """Without a unique constraint on purpose: a second effect must show, not be refused."""

    name = models.CharField(max_length=40)
    event = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name} {self.event}"
