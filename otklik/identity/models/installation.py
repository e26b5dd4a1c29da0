from __future__ import annotations

from django.db import models


class Installation(models.Model):
    """One row, with key 1: the mark that the first administrator was made. Of two people who send the
    first-run page at once, the second fails on this key, on either database."""

    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"started {self.started_at:%Y-%m-%d}"
