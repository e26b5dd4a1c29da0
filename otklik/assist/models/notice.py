from __future__ import annotations

from django.db import models
from django.db.models import Q

from otklik.assist.models.fields import staff, word
from otklik.assist.rules.vocabulary import NoticeKind, NoticeState


class Notice(models.Model):
    """What somebody is told before they ask: a partner's person (``contact``), or the manager of a partner
    nobody talked to (``user``). Each is told once: ``key`` says what kind, to whom and of which payout, day
    or ticket.

    ``lines`` and ``link`` as those of an answer, in the language of whoever reads them. ``why``: the reason
    for writing, in their words. ``send_at``: their own morning where it became due at night.
    """

    kind = word(NoticeKind)
    key = models.CharField(max_length=120, unique=True)
    contact = models.ForeignKey("partners.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    user = staff()
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=300, blank=True)
    lines = models.JSONField(default=list)
    why = models.CharField(max_length=300, blank=True)
    link = models.JSONField(default=dict)
    state = word(NoticeState)
    send_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["send_at", "id"], condition=Q(state="waiting"), name="notices_to_send")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class NoticeSetting(models.Model):
    """``days``: how long before, or after how many days of silence; 0 where the kind knows none."""

    kind = word(NoticeKind, unique=True)
    is_on = models.BooleanField(default=True)
    days = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.kind)


class NoticeStop(models.Model):
    """Somebody does not want to hear of this."""

    contact = models.ForeignKey("partners.Contact", on_delete=models.CASCADE, related_name="+")
    kind = word(NoticeKind)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "kind"], name="assist_stop_once")]

    def __str__(self) -> str:
        return f"{self.contact_id}: {self.kind}"
