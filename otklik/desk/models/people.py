from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.desk.models.fields import staff, word
from otklik.desk.models.ticket import Ticket
from otklik.desk.rules.vocabulary import Availability, Side, TranslationState


class EndCustomer(models.Model):
    """A client of a partner. Belongs to that partner alone, and never counts among the partners' people."""

    partner = models.ForeignKey("partners.Partner", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    address = models.CharField(_("e-mail"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "address"], condition=~models.Q(address=""), name="desk_customer_once"
            )
        ]
        indexes = [models.Index(fields=["address"], name="desk_customers_by_address")]

    def __str__(self) -> str:
        return self.name


class Participant(models.Model):
    """An outside person in a ticket beside the one who asked: gets what their side gets."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="participants", db_index=False)
    side = word(Side, default=Side.PARTNER)
    contact = models.ForeignKey(
        "partners.Contact", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(EndCustomer, null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    # Lower case.
    address = models.CharField(max_length=254)
    is_copied = models.BooleanField(default=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "address"], name="desk_participant_once")]
        indexes = [
            models.Index(fields=["address"], name="desk_participants_by"),
            models.Index(fields=["contact"], name="desk_participants_who"),
        ]

    def __str__(self) -> str:
        return f"{self.address} in {self.ticket_id}"


class Follower(models.Model):
    """A colleague who is told what happens in a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="followers")
    user = staff(null=False, on_delete=models.CASCADE)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="desk_follower_once")]
        indexes = [models.Index(fields=["user"], name="desk_followed_by")]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.ticket_id}"


class AgentProfile(models.Model):
    """What routing knows about a member of staff."""

    user = models.OneToOneField("identity.User", on_delete=models.CASCADE, related_name="+")
    # {"ru": 3, "en": 2}: 1 reads, 2 writes, 3 native.
    languages = models.JSONField(default=dict)
    topics = models.ManyToManyField("desk.Topic", blank=True, related_name="+")
    capacity = models.PositiveSmallIntegerField(_("open tickets at once"), default=15)
    # Local windows by weekday, as in a calendar file: {"mon": ["09:00-18:00"], ...}. Empty: always.
    hours = models.JSONField(default=dict)
    takes_tickets = models.BooleanField(_("gets tickets by routing"), default=True)
    availability = word(Availability, default=Availability.OFFLINE)
    seen_at = models.DateTimeField(null=True)
    last_assigned_at = models.DateTimeField(null=True)
    signature = models.TextField(_("signature"), blank=True)

    def __str__(self) -> str:
        return f"profile of {self.user_id}"


class Absence(models.Model):
    """From when until when somebody is away, and who looks after their tickets and partners meanwhile."""

    user = staff(null=False, on_delete=models.CASCADE)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    deputy = staff()
    note = models.TextField(_("note for the deputy"), blank=True)
    handed_over_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "starts_at"], name="desk_absences")]

    def __str__(self) -> str:
        return f"{self.user_id} away from {self.starts_at:%Y-%m-%d}"


class Viewing(models.Model):
    """Somebody has a ticket open, reading or writing; stale after a minute without a sign."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    user = staff(null=False, on_delete=models.CASCADE)
    is_writing = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="desk_viewing_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.ticket_id}"


class Draft(models.Model):
    """What somebody has written and not sent. ``based_on``: the last message they had seen then."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    user = staff(null=False, on_delete=models.CASCADE)
    text = models.TextField(blank=True)
    is_note = models.BooleanField(default=False)
    to_partner = models.BooleanField(default=True)
    to_customer = models.BooleanField(default=False)
    based_on = models.BigIntegerField(default=0)
    saved_at = models.DateTimeField()
    # Into which language it was asked to be translated ("": into none), and of which text that was.
    into = models.CharField(max_length=10, blank=True)
    translated_text = models.TextField(blank=True)
    translation = models.TextField(blank=True)
    translation_state = word(TranslationState, blank=True)
    translation_failure = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="desk_draft_once")]

    def __str__(self) -> str:
        return f"draft of {self.user_id} in {self.ticket_id}"
