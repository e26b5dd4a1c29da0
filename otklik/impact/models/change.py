from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import models

from otklik.impact.rules.vocabulary import LONGEST_ABOUT, LONGEST_NAME


class PolicyChange(models.Model):
    """Something that was changed for partners, for some sooner than for others or never. ``version`` grows
    with every correction: a report says which one it studied."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    about = models.TextField(max_length=LONGEST_ABOUT, blank=True)
    version = models.PositiveIntegerField(default=1)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["program", "-recorded_at"], name="impact_changes_newest")]

    def __str__(self) -> str:
        return self.name

    def correct(self, name: str, about: str, at: datetime) -> None:
        self.name, self.about, self.saved_at = name, about, at
        self.version += 1


class PolicyStart(models.Model):
    """From which day the change holds for a partner. Frozen: ``tier`` is what the partner was in when this
    was recorded, and moving to another later changes nothing. ``is_listed``: named one by one."""

    change = models.ForeignKey(PolicyChange, on_delete=models.CASCADE, related_name="starts")
    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField()
    tier = models.CharField(max_length=40, blank=True)
    is_listed = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "partner"], name="impact_start_once"),
        ]

    def __str__(self) -> str:
        day: date = self.starts_on
        return f"{self.partner_id}: {day}"
