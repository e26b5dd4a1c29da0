from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from otklik.relationships.models.fields import contact, partner, staff, wave, word
from otklik.relationships.rules.scatter import Certainty
from otklik.relationships.rules.vocabulary import CallKind, CallState

if TYPE_CHECKING:
    from otklik.loop.public import Alert


class CallToAction(models.Model):
    """Something a wave showed of a person, as a task of one of us: a move, a surprise, a silence. ``what`` is
    the word of its rule (a MoveKind, Direction or Silence), ``task`` what to do about it, ``facts`` ids and
    values of the judgement."""

    wave = wave(db_index=False)
    partner = partner(db_index=False)
    contact = contact()
    kind = word(CallKind)
    what = models.CharField(max_length=20)
    task = models.CharField(max_length=30)
    certainty = word(Certainty, blank=True)
    # Where it stands in its list: the first is 0.
    place = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    state = word(CallState, default=CallState.OPEN)
    owner = staff(db_index=False)
    due_on = models.DateField()
    note = models.TextField(blank=True)
    # Where the loop asks the same of somebody: its owner and day hold, and both end together.
    alert = models.ForeignKey("loop.Alert", null=True, on_delete=models.SET_NULL, related_name="+")
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = staff()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wave", "contact", "kind"], name="relationships_call_once")
        ]
        indexes = [
            models.Index(fields=["wave", "kind", "place", "id"], name="calls_of_wave"),
            models.Index(fields=["partner", "-raised_at"], name="calls_of_partner"),
            models.Index(fields=["owner", "due_on", "id"], condition=Q(state="open"), name="calls_of_owner"),
            models.Index(fields=["due_on", "id"], condition=Q(state="open"), name="calls_open"),
            models.Index(fields=["-raised_at", "id"], condition=Q(what="recovered"), name="calls_recovered"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.what}: {self.contact_id}"

    def close(self, state: CallState, *, note: str, by_user: int | None, at: datetime) -> None:
        self.state, self.note, self.closed_by_id, self.closed_at = state, note, by_user, at

    def follow(self, alert: Alert) -> None:
        """To where the alert is."""
        self.alert, self.owner_id, self.due_on = alert, alert.owner_id, alert.due_at.date()
        self.state = CallState.DONE if alert.is_closed else CallState.OPEN
        self.closed_by_id, self.closed_at = alert.closed_by_id, alert.closed_at
