from __future__ import annotations

from django.conf import settings
from django.db import models

from otklik.payouts.models.fields import MoneyField
from otklik.payouts.rules.vocabulary import (
    BatchState,
    DeclineReason,
    LeftOutReason,
    PayoutProblem,
    PayoutState,
    RequestState,
)


class PayoutBatch(models.Model):
    """Payouts of one program and currency that are calculated together and approved by two people."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    pay_on = models.DateField()
    # Later earnings are not in it; later chargebacks are, so that nobody is paid what is known to be lost.
    earned_until = models.DateField()
    state = models.CharField(
        max_length=10, default=BatchState.CALCULATED, choices=[(s.value, s.value) for s in BatchState]
    )
    payouts_count = models.PositiveIntegerField(default=0)
    total = MoneyField(default=0)
    note = models.CharField(max_length=200, blank=True)
    calculated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    calculated_at = models.DateTimeField()
    # Who took the file to pay from last: from then on something of it may be on its way.
    exported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    exported_at = models.DateTimeField(null=True)
    # Of the form it was asked for by: the same form twice is one batch.
    form_key = models.UUIDField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["program", "-pay_on", "-id"], name="batches_by_day"),
            models.Index(fields=["state", "pay_on"], name="batches_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.pay_on} {self.currency}"


class BatchApproval(models.Model):
    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="approvals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "user"], name="payouts_approves_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}: {self.user_id}"


class LeftOut(models.Model):
    """What a partner has and the batch does not pay, and why. Whoever has nothing at all is not named."""

    batch = models.ForeignKey(PayoutBatch, on_delete=models.CASCADE, related_name="left_out")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=[(r.value, r.value) for r in LeftOutReason])
    amount = MoneyField()

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.reason}"


class Payout(models.Model):
    """Money on its way to a partner. One that was brought in from elsewhere has no batch."""

    batch = models.ForeignKey(PayoutBatch, null=True, on_delete=models.PROTECT, related_name="payouts")
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    amount = MoneyField()
    currency = models.CharField(max_length=3)
    state = models.CharField(
        max_length=10, default=PayoutState.PLANNED, choices=[(s.value, s.value) for s in PayoutState]
    )
    # Where it goes; what two people approved. One that was brought in from elsewhere has none.
    details = models.ForeignKey(
        "payouts.AccountDetails", null=True, on_delete=models.PROTECT, related_name="+"
    )
    expected_on = models.DateField()
    # What the partner was told first.
    original_expected_on = models.DateField()
    sent_at = models.DateTimeField(null=True)
    paid_on = models.DateField(null=True)
    # Of the bank or the payment system.
    reference = models.CharField(max_length=120, blank=True)
    problem = models.CharField(
        max_length=20, blank=True, choices=[(p.value, p.value) for p in PayoutProblem if p]
    )
    source_key = models.CharField(max_length=120, blank=True)
    money_import = models.ForeignKey(
        "payouts.MoneyImport", null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "source_key"],
                condition=~models.Q(source_key=""),
                name="payouts_payout_key_once",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payouts_payout_positive"),
        ]
        indexes = [
            models.Index(fields=["partner", "-expected_on", "-id"], name="payouts_by_partner"),
            models.Index(fields=["state", "expected_on", "id"], name="payouts_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.expected_on}"


class PayoutRequest(models.Model):
    """A partner asks for money, all there is where ``amount`` is null. One open request per currency."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount = MoneyField(null=True)
    asked_by_contact = models.ForeignKey(
        "partners.Contact", null=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        max_length=10, default=RequestState.ASKED, choices=[(s.value, s.value) for s in RequestState]
    )
    decline_reason = models.CharField(
        max_length=20, blank=True, choices=[(r.value, r.value) for r in DeclineReason]
    )
    payout = models.ForeignKey(Payout, null=True, on_delete=models.PROTECT, related_name="requests")
    created_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    # Of the form it was asked by: the same form twice is one request.
    form_key = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "currency"],
                condition=models.Q(state=RequestState.ASKED.value),
                name="payouts_asked_once",
            )
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="payout_requests_waiting")]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.amount} {self.currency}"
