from __future__ import annotations

from django.conf import settings
from django.db import models

from otklik.kit.secrets import EncryptedTextField
from otklik.payouts.rules.vocabulary import DetailsState, PayMethod


class AccountDetails(models.Model):
    """Where a partner's money goes. Never changed: other details are another row, and no batch uses it before
    a second person has confirmed it. Holder and account are encrypted and stand in no log; ``hint`` is what
    is shown of the account to who may not read it."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=12, choices=[(m.value, m.value) for m in PayMethod])
    holder = EncryptedTextField()
    account = EncryptedTextField()
    hint = models.CharField(max_length=8, blank=True)
    state = models.CharField(
        max_length=10, default=DetailsState.PROPOSED, choices=[(s.value, s.value) for s in DetailsState]
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Somebody at the partner, who asked for it on their own page.
    asked_by_contact = models.ForeignKey(
        "partners.Contact", null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    # Of the form it was sent by: the same form twice is one row.
    form_key = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner"],
                condition=models.Q(state=DetailsState.CONFIRMED.value),
                name="payouts_details_in_force_once",
            ),
            models.UniqueConstraint(
                fields=["partner"],
                condition=models.Q(state=DetailsState.PROPOSED.value),
                name="payouts_details_proposed_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "proposed_at"], name="details_waiting")]

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.method}"
