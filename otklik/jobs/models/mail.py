from __future__ import annotations

from datetime import datetime

from django.db import models

from otklik.jobs.rules.vocabulary import MailState
from otklik.kit.mail import Message


class OutgoingMail(models.Model):
    """One message to send, once per key. Its text is forgotten as soon as it was sent or refused: the log
    keeps that it went, the mailbox keeps what it said."""

    key = models.CharField(max_length=200, unique=True)
    message = models.JSONField()
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in MailState], default=MailState.QUEUED
    )
    receipt = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    # Whoever sends it holds it until then: two workers do not send at once.
    claimed_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "created_at"], name="jobs_mail_state")]

    def __str__(self) -> str:
        return self.key

    def as_message(self) -> Message:
        return Message.from_dict(self.message)

    def settle(self, state: MailState, *, receipt: str, at: datetime) -> None:
        self.state, self.receipt, self.settled_at = state, receipt[:300], at
        self.message = {}
