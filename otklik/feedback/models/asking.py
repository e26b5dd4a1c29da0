from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.feedback.rules.vocabulary import ObjectionKind


class AskingRules(models.Model):
    """How a program asks, whatever the survey and the channel."""

    program = models.OneToOneField("partners.Program", on_delete=models.CASCADE, related_name="+")
    cooldown_days = models.PositiveSmallIntegerField(_("days between two surveys to one person"), default=90)
    quarantine_days = models.PositiveSmallIntegerField(_("days of silence after a complaint"), default=365)
    leaves_out_open_tickets = models.BooleanField(_("leave out people with an open ticket"), default=False)
    sender_name = models.CharField(_("name of the sender"), max_length=120, blank=True)
    reply_to = models.EmailField(_("replies go to"), blank=True)
    # "partner.example", "10.0.0.0/8": what the page of signs takes for our own.
    own_domains = models.JSONField(default=list)
    own_networks = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"asking rules of program {self.program_id}"


class Objection(models.Model):
    """Somebody does not want to be asked: by address, so that it holds for every contact who has it.
    ``until`` None: for good."""

    program = models.ForeignKey("partners.Program", on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey("partners.Contact", null=True, on_delete=models.SET_NULL, related_name="+")
    address = models.CharField(max_length=254, blank=True)
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in ObjectionKind])
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    # Taken back by the person, who may be asked again; or a complaint by staff, who then say why.
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    lifted_because = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["contact"], name="objections_by_contact"),
            models.Index(fields=["address"], name="objections_by_address"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"
