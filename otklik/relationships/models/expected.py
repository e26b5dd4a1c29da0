from __future__ import annotations

from django.db import models

from otklik.relationships.models.fields import contact, partner, staff, wave


class ExpectedScore(models.Model):
    """What one of us thinks a person will answer. The wave's start locks it: until then nobody else sees it,
    from then on nobody changes it. Whether it is locked is the wave's own state, and no second fact here that
    could differ."""

    wave = wave(db_index=False)
    contact = contact()
    user = staff(null=False, on_delete=models.PROTECT)
    score = models.PositiveSmallIntegerField()
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "contact", "user"], name="relationships_guess_once"),
            models.CheckConstraint(condition=models.Q(score__lte=10), name="relationships_guess_on_scale"),
        ]

    def __str__(self) -> str:
        return f"wave {self.wave_id}: {self.contact_id}"


class SignOff(models.Model):
    """Somebody leading decided who of a partner is asked, before the wave began. ``people``: ids of those who
    are; ``dropped``: {id: HandReason} of those who are not, whom the wave leaves out. Whoever is in neither
    came since."""

    wave = wave(db_index=False)
    partner = partner()
    people = models.JSONField(default=list)
    dropped = models.JSONField(default=dict)
    by = staff()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "partner"], name="relationships_sign_off_once")
        ]

    def __str__(self) -> str:
        return f"wave {self.wave_id}: partner {self.partner_id}"
