from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.loop.models.fields import staff, word
from otklik.loop.rules.conditions import Conditions, read_conditions
from otklik.loop.rules.deadlines import DEFAULT_ESCALATION_HOURS, DEFAULT_HOURS
from otklik.loop.rules.vocabulary import OwnerWay, RuleKind


class AlertRule(models.Model):
    """When somebody has to be followed up, by whom and within how many business hours. Of the rules that fire
    for one answer the first by ``position`` makes the alert. Never deleted, but switched off or retired:
    alerts name it."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    kind = word(RuleKind)
    # As rules/conditions.py writes them.
    conditions = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=100)
    owner_way = word(OwnerWay, default=OwnerWay.MANAGER)
    # Whom OwnerWay.PERSON means.
    owner = staff()
    team = models.ForeignKey("identity.Team", null=True, on_delete=models.SET_NULL, related_name="+")
    # Where a partner has no manager, before the lead of the team and the head of the program.
    fallback = staff()
    deadline_hours = models.PositiveSmallIntegerField(default=DEFAULT_HOURS)
    escalation_hours = models.PositiveSmallIntegerField(default=DEFAULT_ESCALATION_HOURS)
    escalates_to = staff()
    # The owner and whoever it is escalated to hear of it by mail too; on their pages it stands anyway.
    by_mail = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    # Out of use for good: it is listed no more.
    retired_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["program", "is_active", "position"], name="alert_rules_in_force")]

    def __str__(self) -> str:
        return self.name

    @property
    def asked(self) -> Conditions:
        return read_conditions(self.conditions)


class RootCause(models.Model):
    """A branch or a leaf of a program's tree of what was wrong."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    # {"en": …, "ru": …}
    names = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["program", "position"], name="root_causes_of_program")]

    def __str__(self) -> str:
        return str(self.names.get("en") or next(iter(self.names.values()), self.pk))
