from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models


class PortalAccount(models.Model):
    """A contact's own way in. One whose contact left, was erased or merged away opens nothing, whatever
    stands here."""

    contact = models.OneToOneField("partners.Contact", on_delete=models.CASCADE, related_name="+")
    # A hash as Django makes it; empty where the person has not chosen a password.
    password = models.CharField(max_length=128, blank=True)
    sees_money = models.BooleanField(default=False)
    # As the person set them; empty: the contact's first language that we speak, the partner's zone.
    language = models.CharField(max_length=10, blank=True)
    zone = models.CharField(max_length=60, blank=True)
    # What passkeys know the person by: says nothing about them and is never changed.
    handle = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    invited_at = models.DateTimeField(null=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    disabled_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"portal account of contact {self.contact_id}"

    @property
    def was_let_in(self) -> bool:
        return self.invited_at is not None or self.last_seen_at is not None

    def disable(self, at: datetime) -> None:
        self.disabled_at = at

    def enable(self) -> None:
        self.disabled_at = None


class PortalSession(models.Model):
    """One browser that is signed in. The key itself is in its cookie only."""

    account = models.ForeignKey(PortalAccount, on_delete=models.CASCADE, related_name="sessions")
    key_hash = models.CharField(max_length=64, unique=True)
    # How the person came in (``rules/vocabulary.Way``) and which browser it is, as the person reads it.
    way = models.CharField(max_length=12)
    device = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="portal_sessions_by_end")]

    def __str__(self) -> str:
        return f"session {self.pk} of account {self.account_id}"
