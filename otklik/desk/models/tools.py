from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.desk.models.fields import staff, word
from otklik.desk.models.ticket import Ticket
from otklik.desk.rules.vocabulary import Channel


class Topic(models.Model):
    """What tickets are about; says which team answers and how much it weighs. Texts by language: ``names``,
    what partners are told of it (``notes``), and what they are asked with it, a question a line
    (``questions``)."""

    key = models.SlugField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    team = models.ForeignKey(
        "identity.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    weight = models.SmallIntegerField(_("weight"), default=0)
    blocks_money = models.BooleanField(_("money is blocked"), default=False)
    # Whom partners are told that such questions belong to. Routing does not look at it.
    owner = staff()
    notes = models.JSONField(default=dict)
    questions = models.JSONField(default=dict)
    # How such matters go, step by step, for whoever asks.
    procedure_url = models.URLField(_("procedure"), max_length=500, blank=True)
    # Partners choose it themselves where they ask.
    is_offered = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return str(self.names.get("en") or self.key)


class CannedAnswer(models.Model):
    """A text with variables (``rules/canned.py``), in each language."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    shortcut = models.SlugField(_("shortcut"), max_length=40, blank=True)
    texts = models.JSONField(default=dict)
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_active = models.BooleanField(default=True)
    used_count = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Macro(models.Model):
    """Several actions by one key, in the words of ``rules/automation.py``. Without ``owner``: everybody's."""

    name = models.CharField(_("name"), max_length=120)
    owner = staff(on_delete=models.CASCADE)
    actions = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=100)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Trigger(models.Model):
    """Conditions and actions, run on an event or when time has passed."""

    class When(models.TextChoices):
        EVENT = "event"
        TIME = "time"

    name = models.CharField(_("name"), max_length=120, unique=True)
    when = models.CharField(max_length=10, choices=When.choices, default=When.EVENT)
    # Kinds of events for When.EVENT.
    events = models.JSONField(default=list)
    conditions = models.JSONField(default=dict)
    actions = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=100)
    # New ones are off: they are switched on after a look at what they would have done.
    is_active = models.BooleanField(default=False)
    created_by = staff()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # When it was last kept from firing once more in a chain it had begun, and where: a mistake in its making.
    stopped_at = models.DateTimeField(null=True)
    stopped_ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class TriggerRun(models.Model):
    """That a trigger acted on a ticket, because of which event: once for each such pair."""

    trigger = models.ForeignKey(Trigger, on_delete=models.CASCADE, related_name="runs")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    # The event that began the chain, or a period for time-based ones.
    cause = models.CharField(max_length=60)
    depth = models.PositiveSmallIntegerField(default=0)
    # {"done": [kinds], "failed": [{"do", "why"}], "stopped": why it did not fire once more}.
    result = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trigger", "ticket", "cause"], name="desk_trigger_once")
        ]
        indexes = [
            models.Index(fields=["ticket", "-at"], name="desk_trigger_runs"),
            models.Index(fields=["trigger", "-id"], name="desk_runs_of_trigger"),
        ]

    def __str__(self) -> str:
        return f"{self.trigger_id} on {self.ticket_id}"


class SavedView(models.Model):
    """A filter of the inbox with a name. Without ``owner``: for everybody."""

    name = models.CharField(_("name"), max_length=120)
    owner = staff(on_delete=models.CASCADE)
    filters = models.JSONField(default=dict)
    order = models.CharField(max_length=20, default="due")
    position = models.PositiveSmallIntegerField(default=100)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class WebForm(models.Model):
    """A page where anybody may ask, at /ask/<slug>/."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    mailbox = models.ForeignKey(
        "desk.Mailbox", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    titles = models.JSONField(default=dict)
    introductions = models.JSONField(default=dict)
    topics = models.ManyToManyField(Topic, blank=True, related_name="+")
    asks_for_phone = models.BooleanField(_("offer a call back"), default=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class Callback(models.Model):
    """Somebody wants to be called: at which number, when in their own time, and whether they were reached."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="callbacks")
    phone = models.CharField(_("phone"), max_length=40)
    # UTC; the wish in the caller's own words stays in ``wish``.
    not_before = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    time_zone = models.CharField(max_length=60, blank=True)
    wish = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    reached = models.BooleanField(null=True)
    done_by = staff()
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(done_at__isnull=True), name="desk_callbacks_open"
            )
        ]

    def __str__(self) -> str:
        return f"call back for {self.ticket_id}"


class AnswerTime(models.Model):
    """How soon tickets begun in the last weeks had their first answer, by topic and channel; counted by a job
    each hour, because over a million tickets it takes seconds. ``channel`` "" stands for all of them."""

    program = models.ForeignKey("partners.Program", on_delete=models.CASCADE, related_name="+")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.CASCADE, related_name="+")
    channel = word(Channel, blank=True, default="")
    answered = models.PositiveIntegerField()
    # Not answered yet; how long they have waited counts too.
    unanswered = models.PositiveIntegerField(default=0)
    # Of the clock on the wall: what the one who asked waited. None: not so many were answered yet.
    p50_seconds = models.PositiveIntegerField(null=True)
    p90_seconds = models.PositiveIntegerField(null=True)
    since = models.DateTimeField()
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.topic_id} {self.channel}: {self.answered} in {self.program_id}"
