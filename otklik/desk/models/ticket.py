from __future__ import annotations

from datetime import UTC, datetime

from django.db import models
from django.db.models import Q

from otklik.desk.models.fields import staff, word
from otklik.desk.rules.vocabulary import OPEN_STATUSES, Channel, LinkKind, Outcome, Priority, TicketStatus

# Where nothing is due: such tickets stand last in an order by the next deadline, on either database.
NEVER_DUE = datetime(9999, 1, 1, tzinfo=UTC)
PRIORITY_RANK = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2, Priority.LOW: 3}


class Ticket(models.Model):
    """One matter, whatever the channels. Its number is its key; knowing it opens nothing.

    ``next_due_at``, ``next_due_kind``, ``breached_at`` copy what the clocks say (``models.Clock``), which in
    turn follow from the event log; the copies are there to sort and filter by.
    """

    # Where an index of several columns begins with a key, the key has none of its own: it would cost every
    # write, and SQLite takes the shorter one even where the longer one gives the order as well.
    program = models.ForeignKey(
        "partners.Program", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    partner = models.ForeignKey(
        "partners.Partner", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contact = models.ForeignKey(
        "partners.Contact", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Who asked, where nobody at a partner is known by this address.
    requester_name = models.CharField(max_length=200, blank=True)
    requester_address = models.CharField(max_length=254, blank=True)
    # The partner's own client, where the matter has a third side.
    customer = models.ForeignKey(
        "desk.EndCustomer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    # Between who asked and us: colleagues at their company do not read it.
    is_private = models.BooleanField(default=False, db_default=False)

    subject = models.CharField(max_length=400)
    status = word(TicketStatus, default=TicketStatus.NEW)
    outcome = word(Outcome, default=Outcome.NONE, blank=True)
    priority = word(Priority, default=Priority.NORMAL)
    priority_rank = models.PositiveSmallIntegerField(default=PRIORITY_RANK[Priority.NORMAL])
    priority_by_hand = models.BooleanField(default=False)
    # [{"kind", "points", "facts"}] as rules/priority.py gives them.
    priority_reasons = models.JSONField(default=list)
    topic = models.ForeignKey(
        "desk.Topic", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    team = models.ForeignKey("identity.Team", null=True, on_delete=models.SET_NULL, related_name="+")
    owner = staff()
    owner_since = models.DateTimeField(null=True)
    channel = word(Channel)
    mailbox = models.ForeignKey("desk.Mailbox", null=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=10, blank=True)
    policy = models.ForeignKey("desk.SlaPolicy", null=True, on_delete=models.SET_NULL, related_name="+")

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    last_incoming_at = models.DateTimeField(null=True)
    last_outgoing_at = models.DateTimeField(null=True)
    first_replied_at = models.DateTimeField(null=True)
    # Something the owner's side has to react to since then; empty once it was answered.
    awaiting_us_since = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    message_count = models.PositiveIntegerField(default=0)

    is_open = models.BooleanField(default=True)
    next_due_at = models.DateTimeField(default=NEVER_DUE)
    next_due_kind = models.CharField(max_length=20, blank=True)
    breached_at = models.DateTimeField(null=True)
    clocks_paused = models.BooleanField(default=False)

    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    follow_up_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    # Given to the partner in a link: opens the status page of this ticket and nothing else.
    public_key = models.CharField(max_length=32, unique=True)
    # What made it, where it must not be made twice (a form sent twice, a call of the API retried).
    created_key = models.CharField(max_length=120, null=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["next_due_at", "id"], condition=Q(is_open=True), name="tickets_open_due"),
            # Of all of them, ended ones too, which stand behind the others.
            models.Index(fields=["next_due_at", "id"], name="tickets_by_due"),
            models.Index(
                fields=["owner", "next_due_at", "id"], condition=Q(is_open=True), name="tickets_of_owner"
            ),
            models.Index(
                fields=["team", "next_due_at", "id"], condition=Q(is_open=True), name="tickets_of_team"
            ),
            models.Index(
                fields=["status", "next_due_at", "id"], condition=Q(is_open=True), name="tickets_open_status"
            ),
            models.Index(fields=["partner", "-updated_at", "id"], name="tickets_of_partner"),
            models.Index(
                fields=["partner", "-updated_at", "id"], condition=Q(is_open=True), name="open_of_partner"
            ),
            models.Index(fields=["contact", "-updated_at", "id"], name="tickets_of_contact"),
            models.Index(fields=["customer", "-updated_at"], name="tickets_of_customer"),
            models.Index(fields=["-updated_at", "-id"], name="tickets_by_activity"),
            models.Index(fields=["created_at", "id"], name="tickets_by_age"),
            # What figures of a period rest on, though it be one in a thousand of all that began in it.
            models.Index(fields=["program", "created_at", "id"], name="tickets_of_program"),
            models.Index(fields=["topic", "created_at", "id"], name="tickets_of_topic"),
            models.Index(fields=["solved_at"], condition=Q(status="solved"), name="tickets_to_close"),
            models.Index(fields=["requester_address"], name="tickets_by_requester"),
            # Without the others: SQLite would look for "not merged" in it, which is nearly all of them.
            models.Index(
                fields=["merged_into"], condition=Q(merged_into__isnull=False), name="tickets_merged_into"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    @property
    def due_at(self) -> datetime | None:
        return None if self.next_due_at == NEVER_DUE else self.next_due_at

    def change_status(self, status: TicketStatus, *, outcome: Outcome = Outcome.NONE, at: datetime) -> None:
        """Whether the step is allowed is decided before, by ``rules/statuses.py``."""
        was_open = self.is_open
        self.status, self.updated_at = status, at
        self.is_open = status in OPEN_STATUSES
        if self.is_open and not was_open:
            self.reopened_count += 1
            self.solved_at = self.closed_at = None
            self.outcome = Outcome.NONE
        if not self.is_open:
            self.outcome = outcome or self.outcome or Outcome.ANSWERED
            self.awaiting_us_since = None
        if status is TicketStatus.SOLVED:
            self.solved_at = at
        if status is TicketStatus.CLOSED:
            self.closed_at, self.solved_at = at, self.solved_at or at

    def give_to(self, owner_id: int | None, *, at: datetime) -> None:
        self.owner_id, self.owner_since, self.updated_at = owner_id, at if owner_id else None, at

    def set_priority(
        self, priority: Priority, *, reasons: list[dict[str, object]], by_hand: bool, at: datetime
    ) -> None:
        self.priority, self.priority_rank = priority, PRIORITY_RANK[priority]
        self.priority_reasons, self.priority_by_hand, self.updated_at = reasons, by_hand, at

    def note_incoming(self, *, at: datetime, awaits_us: bool) -> None:
        self.message_count += 1
        self.updated_at = self.last_incoming_at = at
        if awaits_us and self.awaiting_us_since is None:
            self.awaiting_us_since = at

    def note_reply(self, *, at: datetime) -> None:
        self.message_count += 1
        self.updated_at = self.last_outgoing_at = at
        self.first_replied_at = self.first_replied_at or at
        self.awaiting_us_since = None


class TicketLink(models.Model):
    """``target`` is what the link leads to: the earlier ticket of a follow-up, the survivor of a merge."""

    source = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    kind = word(LinkKind)
    by = staff()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target", "kind"], name="desk_link_once")]
        indexes = [models.Index(fields=["target"], name="desk_links_back")]

    def __str__(self) -> str:
        return f"{self.source_id} -> {self.target_id} ({self.kind})"


class Tag(models.Model):
    name = models.CharField(max_length=60, unique=True)
    tickets = models.ManyToManyField(Ticket, related_name="tags", through="desk.TicketTag")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TicketTag(models.Model):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "tag"], name="desk_tag_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.tag_id}"


class Rating(models.Model):
    """The answer to "did we help?" after the end: 1 to 5."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="rating")
    value = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.value}"
