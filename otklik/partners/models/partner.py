from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.partners.models.fields import NameKeyField
from otklik.partners.models.program import Program
from otklik.partners.rules.vocabulary import ItemKind, PartnerStatus


class Partner(models.Model):
    """A company in a program. ``external_id`` is its key in whatever system it was imported from."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="partners")
    name = models.CharField(_("name"), max_length=200)
    name_key = NameKeyField()
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    status = models.CharField(
        _("status"),
        max_length=20,
        default=PartnerStatus.ACTIVE,
        choices=[(s.value, s.value) for s in PartnerStatus],
    )
    tier = models.CharField(_("tier"), max_length=40, blank=True)
    segment = models.CharField(_("segment"), max_length=60, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Revenue of the last twelve months in the program's currency.
    revenue = models.DecimalField(_("revenue"), max_digits=16, decimal_places=2, null=True, blank=True)
    contract_number = models.CharField(_("contract"), max_length=80, blank=True)
    contract_started_on = models.DateField(_("contract since"), null=True, blank=True)
    renewal_on = models.DateField(_("renewal"), null=True, blank=True)
    custom = models.JSONField(_("custom fields"), default=dict, blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)
    # Grows with every change: two people who edit at once find out about each other by it.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["program", "external_id"],
                condition=~models.Q(external_id=""),
                name="partners_external_id_once",
            )
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="partners_by_name"),
            models.Index(fields=["program", "name_key", "id"], name="partners_by_program"),
            models.Index(fields=["manager", "name_key", "id"], name="partners_by_manager"),
            models.Index(fields=["renewal_on", "id"], name="partners_by_renewal"),
            models.Index(fields=["revenue", "id"], name="partners_by_revenue"),
            models.Index(fields=["program", "tier"], name="partners_by_tier"),
            models.Index(fields=["program", "country"], name="partners_by_country"),
        ]

    def __str__(self) -> str:
        return self.name

    def erase(self, at: datetime) -> None:
        """Blank what names the company; the row stays, because figures of the past count it."""
        self.name = f"#{self.pk}"
        self.external_id = self.contract_number = ""
        self.custom = {}
        self.erased_at = at


class PartnerItem(models.Model):
    """A product the partner sells, a project under way, or a need they told us of."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in ItemKind])
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "kind", "name"], name="partners_item_once")]

    def __str__(self) -> str:
        return self.name
