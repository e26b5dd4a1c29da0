from __future__ import annotations

from django.db import models

from otklik.payouts.rules.vocabulary import Notice


class ToldNotice(models.Model):
    """What a partner is told without asking, each once: the key (``rules/delay.py``) says of which payout or
    version of a hold, and of which day."""

    key = models.CharField(max_length=80, unique=True)
    notice = models.CharField(max_length=16, choices=[(n.value, n.value) for n in Notice])
    payout = models.ForeignKey(
        "payouts.Payout", null=True, on_delete=models.CASCADE, related_name="told_notices"
    )
    hold = models.ForeignKey("payouts.Hold", null=True, on_delete=models.CASCADE, related_name="told_notices")
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key
