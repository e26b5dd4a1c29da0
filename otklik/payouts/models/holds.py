from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.payouts.models.fields import MoneyField
from otklik.payouts.rules.vocabulary import HoldReason, HoldState


class Hold(models.Model):
    """A part of a partner's balance that waits for a decision; the rest is paid as usual. The partner reads
    reason, ``checking`` and ``decide_by``; ``outcome_note`` as well, once it is decided."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = MoneyField(_("amount"))
    reason = models.CharField(_("reason"), max_length=24, choices=[(r.value, r.value) for r in HoldReason])
    checking = models.CharField(_("what is being checked"), max_length=500)
    decide_by = models.DateField(_("decision by"))
    state = models.CharField(
        max_length=10, default=HoldState.OPEN, choices=[(s.value, s.value) for s in HoldState]
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    # Who made it larger last: nobody takes by themselves what nobody else held.
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    outcome_note = models.CharField(max_length=500, blank=True)
    # The line that took a kept amount off the balance.
    entry = models.OneToOneField("payouts.Entry", null=True, on_delete=models.PROTECT, related_name="+")
    # Grows with every change: the partner is told of each once.
    version = models.PositiveIntegerField(default=0)
    # Of the form it was opened by: the same form twice is one hold.
    form_key = models.UUIDField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["partner", "currency", "state"], name="holds_by_partner"),
            models.Index(fields=["state", "decide_by", "id"], name="holds_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}: {self.reason}"
