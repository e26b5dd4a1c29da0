from __future__ import annotations

from django.db import models

from otklik.payouts.models.fields import MoneyField


class Statement(models.Model):
    """What a partner was told of a period, for good: its lines are the entries that carry it. What was earned
    in the period and came later stands in the next one. ``digest`` is of the lines as they were issued."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    start = models.DateField()
    end = models.DateField()
    number = models.CharField(max_length=60)
    opening = MoneyField()
    closing = MoneyField()
    lines_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="payouts_statement_number_once")
        ]
        indexes = [
            models.Index(fields=["partner", "currency", "-end"], name="statements_by_partner"),
            models.Index(fields=["program", "end"], name="statements_by_period"),
        ]

    def __str__(self) -> str:
        return self.number
