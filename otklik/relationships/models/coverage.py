from __future__ import annotations

from django.db import models

from otklik.relationships.models.fields import staff


class CoverageContract(models.Model):
    """How many people of each role a partner of this tier should have known and asked within so many months.
    ``tier`` empty: of every tier without a contract of its own."""

    program = models.ForeignKey(
        "partners.Program", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    tier = models.CharField(max_length=40, blank=True)
    # {"decision_maker": [known, asked], ...}
    needs = models.JSONField(default=dict)
    months = models.PositiveSmallIntegerField()
    set_by = staff()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "tier"], name="relationships_contract_once")
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.tier}"
