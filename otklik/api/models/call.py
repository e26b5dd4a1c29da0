from __future__ import annotations

from django.db import models


class KeyedCall(models.Model):
    """A call that named itself (Idempotency-Key), so that another body under its name is noticed. ``digest``
    is keyed: nobody guesses from it what was said."""

    name = models.CharField(max_length=120, unique=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
