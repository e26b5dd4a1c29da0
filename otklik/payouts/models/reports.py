from __future__ import annotations

from django.conf import settings
from django.db import models

from otklik.payouts.models.fields import MoneyField


class PartnerReport(models.Model):
    """The partner's own figures of a period, and what a comparison with ours found (``result``)."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    start = models.DateField()
    end = models.DateField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Somebody at the partner, who did it on their own page.
    uploaded_by_contact = models.ForeignKey(
        "partners.Contact", null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    # Of the form it came by: the same form twice is one report.
    form_key = models.UUIDField(null=True, unique=True)
    result = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["partner", "-end"], name="money_reports_by_partner")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.start}–{self.end}"


class ReportLine(models.Model):
    report = models.ForeignKey(PartnerReport, on_delete=models.CASCADE, related_name="lines")
    key = models.CharField(max_length=120, blank=True)
    day = models.DateField()
    source = models.CharField(max_length=60, blank=True)
    conversions = models.PositiveIntegerField(null=True)
    amount = MoneyField()
    currency = models.CharField(max_length=3)

    def __str__(self) -> str:
        return self.key
