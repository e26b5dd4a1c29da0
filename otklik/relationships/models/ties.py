from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from otklik.relationships.models.fields import contact, staff, word
from otklik.relationships.rules.vocabulary import InfluenceKind, TieKind, TieLevel


class Tie(models.Model):
    """What the team says of the tie between a person and one of ours. What the log says stands beside it and
    is stored nowhere: it is counted (``rules/log.py``)."""

    contact = contact(db_index=False)
    user = staff(null=False, on_delete=models.PROTECT)
    kind = word(TieKind)
    level = word(TieLevel)
    stated_by = staff()
    stated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "user"], name="relationships_tie_once")]

    def __str__(self) -> str:
        return f"{self.contact_id} - {self.user_id}: {self.level}"

    def state(self, kind: TieKind, level: TieLevel, *, by_user: int | None, at: datetime) -> None:
        self.kind, self.level = kind, level
        self.stated_by_id, self.stated_at = by_user, at


class InfluenceLine(models.Model):
    """Who at a partner has a say with whom: ``source`` leads, advises or slows ``target``."""

    source = contact(db_index=False)
    target = contact()
    kind = word(InfluenceKind)
    stated_by = staff()
    stated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="relationships_line_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="relationships_line_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
