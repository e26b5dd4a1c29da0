"""What the rules found when they last looked at everybody. All of it can be made again from the rows it was
made of (``operations/checks.py``), and every row says when it was: lists over all partners are read from
here, because judging 20,000 of them takes longer than a page may."""

from __future__ import annotations

from django.db import models

from otklik.relationships.models.fields import partner, wave, word
from otklik.relationships.rules.renewals import Band, Opening
from otklik.relationships.rules.silence import Silence
from otklik.relationships.rules.vocabulary import Role, TieLevel


class AccountCheck(models.Model):
    """Of one partner: risk before the renewal, what is missing of the contract, what is wrong with the data.
    ``plain_…``: without the trend of revenue, which not everybody may see. Reasons are [word, points, value],
    ``todo`` [step, role, count, [contact ids]]."""

    partner = models.OneToOneField("partners.Partner", on_delete=models.PROTECT, related_name="+")
    # Place of the renewal among the steps of rules.renewals.Due on the day of the check.
    step = models.PositiveSmallIntegerField()
    points = models.FloatField()
    band = word(Band)
    plain_points = models.FloatField()
    plain_band = word(Band)
    reasons = models.JSONField(default=list)

    gap = models.FloatField()
    todo = models.JSONField(default=list)

    faults = models.PositiveIntegerField()
    role_unknown = models.PositiveIntegerField()
    role_stale = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    unreachable = models.PositiveIntegerField()
    duplicate = models.PositiveIntegerField()
    # People there; who was asked and who answered in the half-year; of those who had answered before it: how
    # many, how many were promoters, and the same of those among them who were asked.
    people = models.PositiveIntegerField()
    asked = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    known_promoters = models.PositiveIntegerField()
    known_asked = models.PositiveIntegerField()
    known_asked_promoters = models.PositiveIntegerField()
    checked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["step", "-points", "partner"], name="checks_by_risk"),
            models.Index(fields=["step", "-plain_points", "partner"], name="checks_by_plain_risk"),
            models.Index(fields=["-gap", "partner"], name="checks_by_gap"),
            models.Index(fields=["-faults", "partner"], name="checks_by_faults"),
            models.Index(fields=["checked_at"], name="checks_by_age"),
        ]

    def __str__(self) -> str:
        return f"partner {self.partner_id}: {self.band}"


class OpeningFound(models.Model):
    """Where there is evidence that more could be sold. ``plain_points``: without the trend of revenue, 0
    where nothing is left of the opening then."""

    partner = partner(db_index=False)
    kind = word(Opening)
    products = models.JSONField(default=list)
    points = models.FloatField()
    plain_points = models.FloatField()
    proofs = models.JSONField(default=list)
    # Words of rules.renewals.Obstacle: while there is one, nothing is offered.
    blocked_by = models.JSONField(default=list)
    is_blocked = models.BooleanField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "kind"], name="relationships_opening_once")]
        indexes = [
            models.Index(fields=["is_blocked", "-points", "id"], name="openings_by_points"),
            models.Index(fields=["is_blocked", "-plain_points", "id"], name="openings_by_plain_points"),
        ]

    def __str__(self) -> str:
        return f"partner {self.partner_id}: {self.kind}"


class SilentPerson(models.Model):
    """Somebody who did not answer the last closed wave that asked them, nor anything since."""

    contact = models.OneToOneField("partners.Contact", on_delete=models.PROTECT, related_name="+")
    partner = partner(db_index=False)
    program = models.ForeignKey(
        "partners.Program", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    wave = wave(db_index=False)
    kind = word(Silence)
    role = word(Role)
    chance = models.FloatField()
    points = models.FloatField()
    reasons = models.JSONField(default=list)
    tie = word(TieLevel)
    open_tickets = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["-points", "contact"], name="silent_by_points"),
            models.Index(fields=["program", "-points", "contact"], name="silent_of_program"),
            models.Index(fields=["partner", "-points", "contact"], name="silent_of_partner"),
            models.Index(fields=["wave", "-points", "contact"], name="silent_of_wave"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.kind}"
