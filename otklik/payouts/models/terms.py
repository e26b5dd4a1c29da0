from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.payouts.rules.vocabulary import Schedule


class PaymentTerms(models.Model):
    """When and from what amount a program pays; with a partner, what was agreed with that one instead."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Partner", null=True, on_delete=models.PROTECT, related_name="+")
    schedule = models.CharField(
        _("schedule"),
        max_length=16,
        default=Schedule.MONTHLY,
        choices=[(s.value, s.value) for s in Schedule],
    )
    day = models.PositiveSmallIntegerField(_("day"), default=1)
    net_days = models.PositiveSmallIntegerField(_("days after the period"), default=15)
    # By currency, as texts; no minimum in one that is not named.
    minimum = models.JSONField(_("smallest payout"), default=dict)
    notice_days = models.PositiveSmallIntegerField(_("days of notice"), default=3)
    # Only what the program says counts: whether accounts are kept here, or by whoever transfers the money.
    needs_details = models.BooleanField(_("pay to confirmed account details only"), default=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program"], condition=models.Q(partner=None), name="payouts_terms_of_program_once"
            ),
            models.UniqueConstraint(fields=["program", "partner"], name="payouts_terms_of_partner_once"),
        ]

    def __str__(self) -> str:
        return f"{self.program_id} {self.schedule}"
