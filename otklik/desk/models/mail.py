from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from otklik.desk.models.fields import word
from otklik.desk.rules.vocabulary import Delivery, SenderProof, Side, Verdict
from otklik.kit.secrets import EncryptedTextField


class Mailbox(models.Model):
    """An address of ours: where its mail is fetched from, and how answers leave it."""

    class Source(models.TextChoices):
        IMAP = "imap"
        LISTENER = "listener"
        WEBHOOK = "webhook"
        NONE = "none"

    class Security(models.TextChoices):
        TLS = "tls"
        STARTTLS = "starttls"
        PLAIN = "plain"

    class AfterFetch(models.TextChoices):
        SEEN = "seen"
        MOVE = "move"
        DELETE = "delete"

    address = models.EmailField(_("address"), unique=True)
    name = models.CharField(_("sender name"), max_length=120, blank=True)
    program = models.ForeignKey("partners.Program", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(
        "identity.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    signature = models.TextField(_("signature"), blank=True)
    is_active = models.BooleanField(default=True)
    # Tell the writer that their message arrived, with the number and when an answer comes.
    sends_receipts = models.BooleanField(_("send receipts"), default=True)

    source = models.CharField(max_length=10, choices=Source.choices, default=Source.IMAP)
    host = models.CharField(_("server"), max_length=255, blank=True)
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(max_length=10, choices=Security.choices, default=Security.TLS)
    user_name = models.CharField(_("user name"), max_length=255, blank=True)
    password = EncryptedTextField(_("password"), blank=True, default="")
    folder = models.CharField(_("folder"), max_length=120, default="INBOX")
    after_fetch = models.CharField(max_length=10, choices=AfterFetch.choices, default=AfterFetch.SEEN)
    move_to = models.CharField(_("move to folder"), max_length=120, blank=True)
    # smtp://user:password@host:587; empty means the installation's own (OTKLIK_MAIL_URL).
    smtp_url = EncryptedTextField(_("outgoing server"), blank=True, default="")
    # Whose Authentication-Results are believed (its authserv-id, RFC 8601); empty: nobody's.
    trusted_server = models.CharField(_("server that checks senders"), max_length=255, blank=True)
    # Part of the address a provider posts to; empty where no provider does.
    webhook_key = models.CharField(max_length=64, blank=True)

    # What lay in the folder before we began to read it becomes tickets too, without receipts.
    takes_old = models.BooleanField(_("take in the mail that is there already"), default=False)
    # Since when this server and folder are read; empty means since the mailbox was made.
    begun_at = models.DateTimeField(null=True)
    uidvalidity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=400, blank=True)
    # A worker that fetches holds the mailbox until then; another one leaves it alone.
    claimed_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address

    @property
    def reads_since(self) -> datetime:
        return self.begun_at or self.created_at

    def note_fetched(self, *, uidvalidity: int | None, last_uid: int, at: datetime) -> None:
        self.uidvalidity, self.last_uid, self.fetched_at = uidvalidity, last_uid, at
        self.failed_at, self.failure = None, ""

    def note_failure(self, reason: str, *, at: datetime) -> None:
        self.failed_at, self.failure = at, reason[:400]


class MailboxGrant(models.Model):
    """Leave to sign in without a password (OAuth 2.0): kept apart from the mailbox, so that its secrets are
    read by nobody who does not sign in."""

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="grant")
    client_id = models.CharField(max_length=255)
    client_secret = EncryptedTextField(blank=True, default="")
    token_url = models.CharField(max_length=500)
    scope = models.CharField(max_length=500, blank=True)
    refresh_token = EncryptedTextField()
    # Fetched with the others and good until then.
    access_token = EncryptedTextField(blank=True, default="")
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.mailbox_id}: {self.client_id}"


class InboundMail(models.Model):
    """A mail as it arrived, stored before anybody tried to understand it, and kept as the proof."""

    class State(models.TextChoices):
        STORED = "stored"
        TAKEN = "taken"
        """In a ticket."""
        PARKED = "parked"
        """Not for a ticket: our own mail come back, a bulk mail that nobody asked for."""
        QUARANTINED = "quarantined"

    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.SET_NULL, related_name="+")
    # Same mailbox and same content is the same mail, however often it is handed in.
    key = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    # Small ones lie in the row, so that storing them is one write; the rest in a file.
    raw = models.BinaryField(null=True)
    file = models.FileField(upload_to="mail/", max_length=255, blank=True)
    envelope_from = models.CharField(max_length=254, blank=True)
    envelope_to = models.JSONField(default=list)
    source_key = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.STORED)
    verdict = word(Verdict, blank=True, default="")
    # Empty where no server of the mailbox is believed (``rules/mail/sender_proof.py``).
    sender_proof = word(SenderProof, blank=True, default="")
    message = models.ForeignKey("desk.Message", null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=60, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Nobody takes it in before then: a worker has it in hand, or it waits for its next attempt.
    free_at = models.DateTimeField(null=True)
    # Its headers forbid an answer by a machine (RFC 3834), whoever its sender seems to be.
    is_automatic = models.BooleanField(default=False)
    # Somebody looked at it where it was parked and wants it as a ticket, whatever it seems to be.
    is_wanted = models.BooleanField(default=False)
    received_at = models.DateTimeField()

    class Meta:
        indexes = [
            # With the state in it and not as a condition: SQLite would take the index below and sort all
            # waiting mails for each chunk.
            models.Index(fields=["state", "id"], name="desk_mail_waiting"),
            models.Index(fields=["state", "-received_at"], name="desk_mail_by_state"),
            models.Index(fields=["message"], name="desk_mail_of_message"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} ({self.state})"

    def settle(self, state: InboundMail.State, *, verdict: Verdict | None = None, reason: str = "") -> None:
        self.state, self.reason = state, reason
        if verdict is not None:
            self.verdict = verdict


class MailCopy(models.Model):
    """One mail of an outgoing message: each outside side gets its own, so that neither sees the other's
    addresses. Made before the first attempt, so that every attempt has the same Message-ID."""

    message = models.ForeignKey("desk.Message", on_delete=models.CASCADE, related_name="copies")
    side = word(Side)
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.SET_NULL, related_name="+")
    # Without angle brackets; ``provider_id`` where who sent it put an id of their own in its place.
    sent_id = models.CharField(max_length=255, unique=True)
    provider_id = models.CharField(max_length=255, blank=True)
    state = word(Delivery, default=Delivery.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Nobody sends it before then: a worker is doing so, or it waits for its next attempt.
    free_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=400, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "side"], name="desk_copy_once")]
        indexes = [models.Index(fields=["state", "mailbox"], name="desk_copies_unsent")]

    def __str__(self) -> str:
        return f"{self.side} copy of {self.sent_id} ({self.state})"

    def settle(self, state: Delivery, *, note: str = "", at: datetime) -> None:
        self.state, self.note, self.free_at = state, note[:400], None
        if state is Delivery.SENT:
            self.sent_at = at


class AutoReplyCount(models.Model):
    """How many automatic answers an address got on a day: the budget that ends every loop."""

    address = models.CharField(max_length=254)
    day = models.DateField()
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "day"], name="desk_budget_once")]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"
