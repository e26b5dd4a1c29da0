from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models

from otklik.payouts.models.fields import MoneyField
from otklik.payouts.rules.vocabulary import EntryKind, MoneyFileKind


class MoneyImport(models.Model):
    """A file of money. The same file a second time is found by its hash; one without ``completed_at`` was
    interrupted, and goes on where it was when it comes again."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in MoneyFileKind])
    file_sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    # Sums of the amounts as texts, by currency.
    totals = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    # What became of the lines: "new", "changed" and "same", each with "rows" and "totals"; they add up to
    # all of the file. Empty while it is not completed.
    outcome = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["program", "kind", "file_sha256"], name="payouts_file_once")
        ]
        indexes = [models.Index(fields=["program", "-created_at", "-id"], name="money_imports_by_day")]

    def __str__(self) -> str:
        return self.name


class Balance(models.Model):
    """What the ledger and the open holds and payouts add up to, kept with every change of them. Its row is
    the lock of a partner's money in one currency: nobody reckons with it before holding it.

    ``planned``: in payouts that are calculated or approved, and still part of ``total``.
    """

    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    total = MoneyField(default=Decimal)
    held = MoneyField(default=Decimal)
    planned = MoneyField(default=Decimal)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "currency"], name="payouts_balance_once"),
        ]

    def __str__(self) -> str:
        return f"{self.partner_id} {self.total} {self.currency}"


class Entry(models.Model):
    """A line of the ledger: what was earned, taken back, paid. Only ever added; the database refuses to
    change what it says (``append_only.py``). A wrong line is answered by another one that ``reverses`` it."""

    program = models.ForeignKey(
        "partners.Program", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in EntryKind])
    amount = MoneyField()
    earned_on = models.DateField()
    # The line's key where it came from: the same line twice is stored once.
    source_key = models.CharField(max_length=120, blank=True)
    # The partner's sub-source, or the product.
    source = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    payout = models.ForeignKey(
        "payouts.Payout", null=True, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    statement = models.ForeignKey(
        "payouts.Statement", null=True, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    money_import = models.ForeignKey(
        MoneyImport, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Made by hand, by whom. Who does not approve its payout for that is told by ``Hand``.
    by_hand = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "source_key"],
                condition=~models.Q(source_key=""),
                name="payouts_entry_key_once",
            ),
            models.CheckConstraint(condition=~models.Q(amount=0), name="payouts_entry_not_zero"),
        ]
        indexes = [
            models.Index(fields=["partner", "currency", "earned_on", "id"], name="entries_by_day"),
            models.Index(
                fields=["partner", "currency", "earned_on"],
                condition=models.Q(statement=None),
                name="entries_unstated",
            ),
            models.Index(fields=["statement", "earned_on", "id"], name="entries_by_statement"),
            models.Index(fields=["payout"], condition=~models.Q(payout=None), name="entries_by_payout"),
            models.Index(
                fields=["money_import"], condition=~models.Q(money_import=None), name="entries_by_import"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
