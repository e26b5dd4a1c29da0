"""The closed lists of the desk. Stored values never change; labels are in ``labels.py``."""

from __future__ import annotations

from enum import StrEnum

# The names of their facts.
TICKET_FACTS, MESSAGE_FACTS = "tickets", "messages"


class TicketStatus(StrEnum):
    """What the partner is told is one word of five: received, in work, waiting for you, solved, closed."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    """For the partner. Clocks of the resolution stand still."""
    ON_HOLD = "on_hold"
    """For another department or a third party. That is our own business: no clock stands still."""
    SOLVED = "solved"
    """The partner may still say "not solved"; closes by itself after the policy's days."""
    CLOSED = "closed"
    """Final: a reply begins a follow-up."""


OPEN_STATUSES = (TicketStatus.NEW, TicketStatus.OPEN, TicketStatus.WAITING, TicketStatus.ON_HOLD)


class Outcome(StrEnum):
    """How a ticket ended; every inbound item ends as one of these."""

    NONE = ""
    ANSWERED = "answered"
    MERGED = "merged"
    AUTO_RESOLVED = "auto_resolved"
    SPAM = "spam"
    NO_ANSWER_NEEDED = "no_answer_needed"


UNSERVED = (Outcome.SPAM, Outcome.MERGED)
"""Nobody was served in them."""


class Priority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Channel(StrEnum):
    EMAIL = "email"
    FORM = "form"
    PHONE = "phone"
    API = "api"
    STAFF = "staff"
    """Begun by us."""
    PORTAL = "portal"
    CHAT = "chat"
    TELEGRAM = "telegram"


class Side(StrEnum):
    """Who stands where in a ticket. The end customer is the partner's own client (a second outside party)."""

    STAFF = "staff"
    PARTNER = "partner"
    CUSTOMER = "customer"
    SYSTEM = "system"
    """Written by nobody: automatic notices."""


class MessageKind(StrEnum):
    INCOMING = "incoming"
    REPLY = "reply"
    NOTE = "note"
    """Internal: never leaves the house."""
    CALL = "call"
    """The written record of a phone call."""
    AUTO = "auto"
    """An automatic reply or bounce that arrived: attached, and moves nothing."""
    NOTICE = "notice"
    """Sent by the system: receipt, status change."""


class Delivery(StrEnum):
    """Of an outgoing message."""

    NONE = ""
    HELD = "held"
    """May still be taken back."""
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    TAKEN_BACK = "taken_back"


class Verdict(StrEnum):
    """What kind of sender a mail has (RFC 3834, RFC 3464)."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BULK = "bulk"
    BOUNCE = "bounce"
    OWN = "own"
    """Sent by this installation and come back."""


class SenderProof(StrEnum):
    """What the receiving server found out about whose mail it is (RFC 8601)."""

    PROVED = "proved"
    UNPROVED = "unproved"
    """It did not check, or found nothing that speaks for the address in From."""
    FAILED = "failed"
    """It checked, and the mail is not from where it says."""


class ClockKind(StrEnum):
    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    RESOLUTION = "resolution"
    SUB_REQUEST = "sub_request"


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    """Past due and not yet answered."""
    MET_LATE = "met_late"
    CANCELLED = "cancelled"
    """Ended without being owed: spam, merged away."""


class LinkKind(StrEnum):
    RELATED = "related"
    FOLLOW_UP = "follow_up"
    SPLIT = "split"
    MERGED = "merged"


# Links that tell of something that happened.
HISTORY = (LinkKind.MERGED, LinkKind.SPLIT)


class SubRequestState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


class Availability(StrEnum):
    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


class TranslationState(StrEnum):
    WANTED = "wanted"
    MADE = "made"
    FAILED = "failed"


class TranslationProvider(StrEnum):
    DEEPL = "deepl"
    LIBRE = "libretranslate"
    CHAT = "openai"
    """Any address that speaks chat completions as OpenAI does."""


# The log. data carries ids and values only; times are in the event itself.
TICKET_CREATED = "ticket.created"  # channel, status, priority, topic, team, owner, sla_policy, follow_up_of
MESSAGE_RECEIVED = (
    "ticket.message_received"  # message, side, channel, verdict; moves clocks when verdict=person
)
MESSAGE_SENT = "ticket.message_sent"  # message, to_partner, to_customer, first (bool)
MESSAGE_TAKEN_BACK = "ticket.message_taken_back"  # message
MESSAGE_BOUNCED = "ticket.message_bounced"  # message, permanent
NOTE_WRITTEN = "ticket.note_written"  # message, mentions: [user ids]
STATUS_CHANGED = "ticket.status_changed"  # before, after, outcome
OWNER_CHANGED = "ticket.owner_changed"  # before, after, reason (see routing.Reason), explanation facts
TEAM_CHANGED = "ticket.team_changed"  # before, after
PRIORITY_CHANGED = "ticket.priority_changed"  # before, after, reasons, by_hand
TOPIC_CHANGED = "ticket.topic_changed"  # before, after
SUBJECT_CHANGED = "ticket.subject_changed"
LANGUAGE_CHANGED = "ticket.language_changed"  # before, after
TAGS_CHANGED = "ticket.tags_changed"  # added, removed (ids of tags)
PARTNER_SET = "ticket.partner_set"  # before, after (ids), contact; program_before where it changed
TICKET_MERGED = "ticket.merged"  # into; recorded on both tickets (role: "source" | "survivor", other)
TICKET_SPLIT = "ticket.split"  # into, messages
TICKET_LINKED = "ticket.linked"  # other, link
TICKET_UNLINKED = "ticket.unlinked"  # other, link
CUSTOMER_SET = "ticket.customer_set"  # before, after (ids), hidden: messages no customer sees any more
CUSTOMER_STORED = "customer.stored"  # of the customer, not of a ticket
CUSTOMER_ERASED = "customer.erased"
PARTICIPANT_ADDED = "ticket.participant_added"  # participant, side, contact, customer
PARTICIPANT_REMOVED = "ticket.participant_removed"  # participant, side, contact, customer
MESSAGE_SHARED = "ticket.message_shared"  # message, to_partner, to_customer, before: [sides]
SUB_REQUEST_ASKED = "ticket.sub_request_asked"  # sub_request, team, due_minutes
SUB_REQUEST_ANSWERED = "ticket.sub_request_answered"  # sub_request, team
SUB_REQUEST_CANCELLED = "ticket.sub_request_cancelled"  # sub_request, team
# policy (id or None), targets, calendar, reopening, grace_minutes, evening: as rules/sla_clock.py reads them
SLA_ASSIGNED = "ticket.sla_assigned"
SLA_WARNED = "ticket.sla_warned"  # clock (its kind), name ("kind:key"), due
SLA_BREACHED = "ticket.sla_breached"  # clock (its kind), name ("kind:key"), due
CLOCKS_RECOMPUTED = "clocks.recomputed"  # of no ticket: tickets (how many were put right)
CALL_LOGGED = "ticket.call_logged"  # message, direction, minutes
CALLBACK_ASKED = "ticket.callback_asked"  # callback, due
CALLBACK_DONE = "ticket.callback_done"  # callback, reached
TRIGGER_APPLIED = "ticket.trigger_applied"  # trigger, actions
RATED = "ticket.rated"  # value 1..5
ABSENCE_PLANNED = "absence.planned"  # of the user: absence, deputy
ABSENCE_CANCELLED = "absence.cancelled"  # of the user: absence
ABSENCE_ENDED = "absence.ended"  # of the user: absence, tickets and partners still with others (counts)
HANDED_OVER = "user.handed_over"  # of the user: to, reason, tickets and partners (counts)
MESSAGE_TRANSLATED = "ticket.message_translated"  # message, translation, language, state
FLAGGED = "ticket.flagged"  # flag: "forged_token" | "unknown_sender" | "own_mail" ...
