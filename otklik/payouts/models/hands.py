from __future__ import annotations

from django.conf import settings
from django.db import models

from otklik.payouts.rules.vocabulary import HandKind


class Hand(models.Model):
    """Somebody of the staff brought in lines of a partner, or changed a balance by them. Whoever has a hand
    in what a batch pays out does not approve it.

    ``first_on`` and ``last_on``: days of the lines; what takes money off or brings a payout back counts at
    once and has the first day there is. ``batch``: the one that pays them out; null: none does yet.
    ``is_passed_on``: a part of them was left to a later batch, which has a row of its own.
    """

    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    currency = models.CharField(max_length=3)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in HandKind])
    first_on = models.DateField()
    last_on = models.DateField()
    batch = models.ForeignKey(
        "payouts.PayoutBatch", null=True, on_delete=models.PROTECT, related_name="hands"
    )
    is_passed_on = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["partner", "currency"], name="hands_by_partner")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.partner_id} {self.currency}"
