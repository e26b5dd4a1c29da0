from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from otklik.desk.models.fields import staff, word
from otklik.desk.models.ticket import Ticket
from otklik.desk.rules.vocabulary import ClockKind, ClockState, Priority, SubRequestState


class BusinessCalendar(models.Model):
    """``definition`` is a calendar file (docs/guide/calendars.md). Each change is a new version; earlier ones
    stay, because time already used was counted by them."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    definition = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    definition = models.JSONField()
    since = models.DateTimeField()
    by = staff()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "version"], name="desk_calendar_once")]

    def __str__(self) -> str:
        return f"{self.calendar_id} v{self.version}"


class SlaPolicy(models.Model):
    """What we promise to whom. Of the policies that fit a ticket the first in ``position`` holds; an empty
    condition fits everybody."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)
    program = models.ForeignKey(
        "partners.Program", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    tiers = models.JSONField(default=list, blank=True)
    topics = models.ManyToManyField("desk.Topic", blank=True, related_name="+")
    calendar = models.ForeignKey(BusinessCalendar, on_delete=models.PROTECT, related_name="+")
    # Pull a deadline forward to the end of the partner's own day where that can still be kept.
    before_partners_evening = models.BooleanField(default=False)
    # After a reopening: go on with the time already used, or begin anew.
    reopen_begins_anew = models.BooleanField(default=False)
    reopen_grace_minutes = models.PositiveIntegerField(default=120)
    # A solved ticket closes by itself after so many days; a reply later than that begins a follow-up.
    close_after_days = models.PositiveSmallIntegerField(default=14)
    # An assigned ticket that its owner has not touched for so long comes back; 0 never.
    return_after_minutes = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class SlaTarget(models.Model):
    policy = models.ForeignKey(SlaPolicy, on_delete=models.CASCADE, related_name="targets")
    kind = word(ClockKind)
    # Empty: any priority without a target of its own.
    priority = word(Priority, blank=True, default="")
    minutes = models.PositiveIntegerField()
    warn_percent = models.PositiveSmallIntegerField(default=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "kind", "priority"], name="desk_target_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.minutes} min"


class Clock(models.Model):
    """One promise about one ticket, as the log says it stands. Derived: ``otklik manage recompute_clocks``
    derives all of them again and reports any difference."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clocks", db_index=False)
    kind = word(ClockKind)
    # Tells clocks of one kind apart: the cycle, or the sub-request.
    key = models.CharField(max_length=40, blank=True)
    state = word(ClockState)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # When the first deadline passed that the log shows as passed. Time given later moves due_at, not this.
    missed_at = models.DateTimeField(null=True)
    # Business time, both: together they are the open time since the start.
    used_seconds = models.BigIntegerField(default=0)
    paused_seconds = models.BigIntegerField(default=0)
    warned_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "kind", "key"], name="desk_clock_once")]
        indexes = [
            models.Index(
                fields=["warn_at"],
                condition=Q(state="running", warned_at__isnull=True),
                name="desk_clocks_to_warn",
            ),
            models.Index(
                fields=["due_at"],
                # A late clock that has ended is nobody's worry any more, but stays in this state.
                condition=Q(
                    state__in=["running", "breached"], escalated_at__isnull=True, ended_at__isnull=True
                ),
                name="desk_clocks_to_escalate",
            ),
            models.Index(fields=["started_at"], name="desk_clocks_begun"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.ticket_id}: {self.state}"

    @property
    def name(self) -> str:
        """Of this clock within its ticket, as events call it."""
        return f"{self.kind}:{self.key}"


class SubRequest(models.Model):
    """A question to another department, with a clock of its own. The ticket keeps its owner."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="sub_requests")
    team = models.ForeignKey("identity.Team", on_delete=models.PROTECT, related_name="+")
    owner = staff()
    question = models.TextField()
    answer = models.TextField(blank=True)
    state = word(SubRequestState, default=SubRequestState.ASKED)
    minutes = models.PositiveIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    asked_by = staff()
    asked_at = models.DateTimeField()
    answered_by = staff()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["team", "state", "due_at"], name="desk_questions_open"),
            models.Index(fields=["ticket", "id"], name="desk_questions_of"),
        ]

    def __str__(self) -> str:
        return f"question to {self.team_id} in {self.ticket_id}"


class DepartmentStay(models.Model):
    """How long a ticket lay with a department: its own team, or one that was asked."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="stays")
    team = models.ForeignKey("identity.Team", null=True, on_delete=models.SET_NULL, related_name="+")
    sub_request = models.ForeignKey(SubRequest, null=True, on_delete=models.CASCADE, related_name="+")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    # The department had it before, and another one in between (A, B, A).
    came_back = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["ticket", "entered_at"], name="desk_stays_of")]

    def __str__(self) -> str:
        return f"{self.ticket_id} with {self.team_id}"
