from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from otklik.desk.models.fields import staff, word
from otklik.desk.models.ticket import Ticket
from otklik.desk.rules.vocabulary import Channel, Delivery, MessageKind, Side, Verdict


class Message(models.Model):
    """One thing said in a ticket, by whichever side; never changed once it left the house.

    Who sees it is said twice on purpose, once for each outside side, and both default to no.
    ``text`` is what is new in it; ``quote`` and ``signature`` are the history and the closing lines that were
    folded away. ``html`` is as it came, unsafe: show it through ``rules/mail/safe_html.py`` only.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages", db_index=False)
    kind = word(MessageKind)
    side = word(Side)
    channel = word(Channel)
    visible_to_partner = models.BooleanField(default=False)
    visible_to_customer = models.BooleanField(default=False)
    # A machine read it in the books of money: it is told to whoever may see these, on either side.
    about_money = models.BooleanField(default=False, db_default=False)

    author = staff()
    contact = models.ForeignKey(
        "partners.Contact", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    customer = models.ForeignKey(
        "desk.EndCustomer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    from_name = models.CharField(max_length=200, blank=True)
    from_address = models.CharField(max_length=254, blank=True)
    # [{"name", "address"}] of an e-mail, as written.
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)

    subject = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True)
    quote = models.TextField(blank=True)
    signature = models.TextField(blank=True)
    html = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    # With which probability the text itself told it; None: a guess by its alphabet or its ticket.
    language_probability = models.FloatField(null=True)
    verdict = word(Verdict, default=Verdict.PERSON)

    # Of an e-mail, without angle brackets.
    message_id = models.CharField(max_length=255, blank=True)
    delivery = word(Delivery, default=Delivery.NONE, blank=True)
    send_at = models.DateTimeField(null=True)
    delivery_note = models.CharField(max_length=400, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # {"direction", "number", "minutes"} of a call.
    call = models.JSONField(null=True)
    # The same message handed in twice (a double click, a retried call) is one message.
    key = models.CharField(max_length=120, null=True, unique=True)

    happened_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "id"], name="messages_of_ticket"),
            models.Index(fields=["message_id"], name="messages_by_mail_id"),
            # Empty once it was sent or given up. SQLite takes an index with a condition only where the query
            # says as much without parameters, which "earlier than" does of "not empty".
            models.Index(fields=["send_at"], condition=Q(send_at__isnull=False), name="messages_to_send"),
            models.Index(fields=["contact"], name="messages_of_contact"),
            models.Index(fields=["customer"], name="messages_of_customer"),
            models.Index(fields=["ticket"], condition=Q(about_money=True), name="messages_of_money"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk} in {self.ticket_id}"

    def take_back(self) -> None:
        self.delivery, self.send_at = Delivery.TAKEN_BACK, None

    def queue(self) -> None:
        self.delivery = Delivery.QUEUED

    def mark_sent(self, *, at: datetime, note: str = "") -> None:
        self.delivery, self.send_at, self.happened_at = Delivery.SENT, None, at
        self.delivery_note = note[:400]

    def mark_failed(self, note: str) -> None:
        self.delivery, self.send_at, self.delivery_note = Delivery.FAILED, None, note[:400]

    def mark_bounced(self, note: str) -> None:
        self.delivery, self.delivery_note = Delivery.BOUNCED, note[:400]


class MailReference(models.Model):
    """A Message-ID seen in a ticket: of a message, or only mentioned in its headers. Two mails that share an
    ancestor we never saw find each other by it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    # First 16 bytes of SHA-256 of the id: ids are up to 998 characters and looked up by the ten.
    digest = models.BinaryField(max_length=16)
    is_own = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "ticket"], name="desk_reference_once")]

    def __str__(self) -> str:
        return f"reference in {self.ticket_id}"


class Mention(models.Model):
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    user = staff(null=False, on_delete=models.CASCADE)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="desk_mention_once")]
        indexes = [models.Index(fields=["user", "seen_at"], name="desk_mentions_of")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.message_id}"


class Blob(models.Model):
    """The content of a file, stored once however often it was attached."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    file = models.FileField(upload_to="attachments/", max_length=255)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


class Attachment(models.Model):
    """A file of a message, or of a draft while ``message`` is empty."""

    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="attachments")
    draft = models.ForeignKey("desk.Draft", null=True, on_delete=models.CASCADE, related_name="attachments")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    content_id = models.CharField(max_length=255, blank=True)
    is_inline = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["blob"], name="attachments_of_blob")]

    def __str__(self) -> str:
        return self.filename
