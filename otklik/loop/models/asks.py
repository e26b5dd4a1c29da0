from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from otklik.loop.models.fields import once, staff, word
from otklik.loop.rules.asking import Past
from otklik.loop.rules.vocabulary import AskKind, AskState, ConsentSaid, Way


class Ask(models.Model):
    """Something that a promoter is asked for, to its end. ``score``: what they had given when it was
    proposed."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contact = models.ForeignKey(
        "partners.Contact", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = word(AskKind)
    state = word(AskState, default=AskState.PROPOSED)
    owner = staff()
    text = models.TextField(blank=True)
    result = models.TextField(blank=True)
    score = models.PositiveSmallIntegerField(null=True)
    created_by = staff()
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    key = once()

    class Meta:
        indexes = [
            models.Index(fields=["partner", "-created_at"], name="asks_of_partner"),
            models.Index(fields=["contact", "-created_at"], name="asks_of_contact"),
            models.Index(fields=["state", "-created_at"], name="asks_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} asked of {self.contact_id}"

    @property
    def past(self) -> Past:
        days = (one.date() if one else None for one in (self.asked_at, self.answered_at))
        return Past(AskKind(self.kind), AskState(self.state), *days)

    def put(self, at: datetime) -> None:
        self.state, self.asked_at = AskState.ASKED, at

    def answer(self, state: AskState, at: datetime) -> None:
        self.state, self.answered_at = state, at

    def end(self, state: AskState, result: str, at: datetime) -> None:
        self.state, self.ended_at = state, at
        self.result = result or self.result


class AskConsent(models.Model):
    """A line of the consent trail: what exactly somebody agreed to, or that they took it back. No operation
    changes one; an erasure blanks ``exactly``."""

    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="consents")
    contact = models.ForeignKey("partners.Contact", on_delete=models.PROTECT, related_name="+")
    said = word(ConsentSaid)
    exactly = models.TextField(blank=True)
    way = word(Way)
    said_at = models.DateTimeField()
    until = models.DateField(null=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return f"{self.said} about ask {self.ask_id}"


class Referral(models.Model):
    """The partner that came of a referral; a partner comes by one."""

    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="referrals")
    partner = models.OneToOneField("partners.Partner", on_delete=models.PROTECT, related_name="+")
    noted_by = staff()
    noted_at = models.DateTimeField()

    class Meta:
        ordering = ["noted_at", "id"]

    def __str__(self) -> str:
        return f"partner {self.partner_id} by ask {self.ask_id}"
