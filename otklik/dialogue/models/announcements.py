from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q

from otklik.dialogue.models.fields import once, staff, word
from otklik.dialogue.rules.vocabulary import NewsKind, NewsState


class Announcement(models.Model):
    """Something the program tells. Whom it is for is frozen when it is published (``Addressee``); until then
    ``audience`` says whom: {"tiers", "countries", "partners", "roles"}, an empty list narrows nothing."""

    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    kind = word(NewsKind, default=NewsKind.NEWS)
    state = word(NewsState, default=NewsState.DRAFT)
    audience = models.JSONField(default=dict)
    needs_acknowledgement = models.BooleanField(default=False)
    mails_copy = models.BooleanField(default=True)
    visible_from = models.DateTimeField(null=True)
    # The job that queues the mails leaves its mark here when none is left.
    mailed_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = staff()
    created_by = staff()
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    key = once()

    class Meta:
        indexes = [
            models.Index(fields=["program", "-visible_from"], name="news_of_program"),
            models.Index(
                fields=["visible_from"],
                condition=Q(state="published", mailed_at__isnull=True),
                name="news_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"announcement {self.pk}"

    def publish(self, *, visible_from: datetime, by_user: int | None, at: datetime) -> None:
        self.state, self.visible_from = NewsState.PUBLISHED, visible_from
        self.published_at, self.published_by_id = at, by_user
        self.version += 1

    def withdraw(self) -> None:
        self.state = NewsState.WITHDRAWN
        self.version += 1

    def is_visible(self, at: datetime) -> bool:
        return self.state == NewsState.PUBLISHED and self.visible_from is not None and self.visible_from <= at


class AnnouncementText(models.Model):
    """Markdown, in one language."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    body = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "language"], name="dialogue_text_once")
        ]

    def __str__(self) -> str:
        return self.title


class Addressee(models.Model):
    """A person an announcement was for, and what became of it: mailed, read, acknowledged."""

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="addressees", db_index=False
    )
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contact = models.ForeignKey(
        "partners.Contact", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mailed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "contact"], name="dialogue_addressee_once")
        ]
        indexes = [
            models.Index(fields=["contact", "announcement"], name="news_of_contact"),
            models.Index(fields=["announcement", "partner"], name="news_readers"),
            models.Index(fields=["partner"], name="news_of_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} of announcement {self.announcement_id}"


class AnnouncementQuestion(models.Model):
    """A question under an announcement: a ticket of the desk. What all may read of it is written anew by
    staff, because a ticket names people and figures."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="questions")
    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("partners.Contact", on_delete=models.PROTECT, related_name="+")
    ticket: Any = models.OneToOneField("desk.Ticket", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    shown_question = models.TextField(blank=True)
    shown_answer = models.TextField(blank=True)
    shown_at = models.DateTimeField(null=True)
    shown_by = staff()
    key = once()

    def __str__(self) -> str:
        return f"question {self.pk} under announcement {self.announcement_id}"


class NoNewsMails(models.Model):
    """Somebody wants no copies of announcements by mail; they still find them on their page."""

    contact = models.OneToOneField("partners.Contact", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"no mails to {self.contact_id}"
