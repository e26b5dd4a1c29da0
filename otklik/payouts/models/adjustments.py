from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.payouts.models.fields import MoneyField
from otklik.payouts.rules.vocabulary import AdjustmentState


class Adjustment(models.Model):
    """A change of a balance by hand. It has no effect until somebody else approves it."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = MoneyField(_("amount"))
    why = models.TextField(_("why"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    state = models.CharField(
        max_length=10, default=AdjustmentState.PROPOSED, choices=[(s.value, s.value) for s in AdjustmentState]
    )
    # Of the form it was proposed by: the same form twice is one proposal.
    form_key = models.UUIDField(null=True, unique=True)
    entry = models.OneToOneField("payouts.Entry", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["state", "proposed_at"], name="adjustments_waiting")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
