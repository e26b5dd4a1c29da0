from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.feedback.rules.voices.vocabulary import FeedFailure, MentionSource


class MentionFeed(models.Model):
    """An RSS or Atom address that is read again and again."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=160)
    url = models.CharField(_("address"), max_length=1000)
    every_hours = models.PositiveSmallIntegerField(_("hours between two looks"), default=6)
    # An entry is kept where it holds one of them; none: all are kept.
    keywords = models.JSONField(default=list)
    is_active = models.BooleanField(_("is read"), default=True)
    etag = models.CharField(max_length=500, blank=True)
    last_modified = models.CharField(max_length=100, blank=True)
    fetched_at = models.DateTimeField(null=True)
    # When it may be asked again: after its hours, or after a failure, longer the longer it fails.
    next_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    failure = models.CharField(max_length=16, blank=True, choices=[(f.value, f.value) for f in FeedFailure])
    failure_detail = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    passed_over = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "url"], name="feedback_feed_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(is_active=True), name="mention_feeds_due")
        ]

    def __str__(self) -> str:
        return self.name


class FeedDelivery(models.Model):
    """What a feed's server sent, as it was, until it is understood; packed by zlib."""

    feed = models.ForeignKey(MentionFeed, on_delete=models.CASCADE, related_name="+")
    body = models.BinaryField()
    content_type = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=2000)
    received_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"delivery of feed {self.feed_id}"


class Mention(models.Model):
    """What somebody said about the program in public. ``key`` names it, hashed, once in a program;
    ``suggested`` is the partner whose name was found in it, until a person says whether it is meant."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=[(s.value, s.value) for s in MentionSource])
    feed = models.ForeignKey(MentionFeed, null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    partner = models.ForeignKey("partners.Partner", null=True, on_delete=models.PROTECT, related_name="+")
    suggested = models.ForeignKey("partners.Partner", null=True, on_delete=models.SET_NULL, related_name="+")
    author = models.CharField(_("author"), max_length=200, blank=True)
    url = models.CharField(_("address"), max_length=2000, blank=True)
    title = models.CharField(_("title"), max_length=500, blank=True)
    text = models.TextField(_("text"), blank=True)
    published_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Not about us: kept, so that its feed does not bring it back, and shown nowhere.
    set_aside_at = models.DateTimeField(null=True)
    sentiment = models.SmallIntegerField(null=True)
    topics = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["program", "key"], name="feedback_mention_once")]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=models.Q(set_aside_at=None),
                name="mentions_by_time",
            ),
            models.Index(fields=["partner", "-published_at", "-id"], name="mentions_by_partner"),
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60]
