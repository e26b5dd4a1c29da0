"""What the desk's closed lists are called on screen, to staff and (where it says so) to partners."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.desk.queries.inbox_filter import Order, View
from otklik.desk.rules.vocabulary import (
    Availability,
    Channel,
    ClockKind,
    ClockState,
    Delivery,
    LinkKind,
    MessageKind,
    Outcome,
    Priority,
    Side,
    SubRequestState,
    TicketStatus,
    Verdict,
)

Word = TypeVar("Word", bound=StrEnum)

STATUS: dict[TicketStatus, Promise] = {
    TicketStatus.NEW: pgettext_lazy("ticket status", "new"),
    TicketStatus.OPEN: pgettext_lazy("ticket status", "in work"),
    TicketStatus.WAITING: pgettext_lazy("ticket status", "waiting for the partner"),
    TicketStatus.ON_HOLD: pgettext_lazy("ticket status", "on hold"),
    TicketStatus.SOLVED: pgettext_lazy("ticket status", "solved"),
    TicketStatus.CLOSED: pgettext_lazy("ticket status", "closed"),
}
STATUS_TONES: dict[TicketStatus, str] = {
    TicketStatus.NEW: "main",
    TicketStatus.OPEN: "main",
    TicketStatus.WAITING: "care",
    TicketStatus.ON_HOLD: "care",
    TicketStatus.SOLVED: "good",
    TicketStatus.CLOSED: "plain",
}
# What a partner is told: our departments are our own business, so "on hold" is "in work" to them.
STATUS_FOR_PARTNER: dict[TicketStatus, Promise] = {
    TicketStatus.NEW: pgettext_lazy("ticket status for the partner", "received"),
    TicketStatus.OPEN: pgettext_lazy("ticket status for the partner", "in work"),
    TicketStatus.ON_HOLD: pgettext_lazy("ticket status for the partner", "in work"),
    TicketStatus.WAITING: pgettext_lazy("ticket status for the partner", "waiting for you"),
    TicketStatus.SOLVED: pgettext_lazy("ticket status for the partner", "solved"),
    TicketStatus.CLOSED: pgettext_lazy("ticket status for the partner", "closed"),
}
OUTCOME: dict[Outcome, Promise] = {
    Outcome.ANSWERED: pgettext_lazy("ticket outcome", "answered"),
    Outcome.MERGED: pgettext_lazy("ticket outcome", "merged"),
    Outcome.AUTO_RESOLVED: pgettext_lazy("ticket outcome", "resolved by itself"),
    Outcome.SPAM: pgettext_lazy("ticket outcome", "spam"),
    Outcome.NO_ANSWER_NEEDED: pgettext_lazy("ticket outcome", "no answer needed"),
}
PRIORITY: dict[Priority, Promise] = {
    Priority.URGENT: pgettext_lazy("priority", "urgent"),
    Priority.HIGH: pgettext_lazy("priority", "high"),
    Priority.NORMAL: pgettext_lazy("priority", "normal"),
    Priority.LOW: pgettext_lazy("priority", "low"),
}
PRIORITY_TONES: dict[Priority, str] = {
    Priority.URGENT: "bad",
    Priority.HIGH: "care",
    Priority.NORMAL: "plain",
    Priority.LOW: "plain",
}
CHANNEL: dict[Channel, Promise] = {
    Channel.EMAIL: _("E-mail"),
    Channel.FORM: _("Web form"),
    Channel.PHONE: _("Phone"),
    Channel.API: _("API"),
    Channel.STAFF: _("Begun by us"),
    Channel.PORTAL: _("Portal"),
    Channel.CHAT: _("Chat"),
    Channel.TELEGRAM: _("Telegram"),
}
CHANNEL_ICONS: dict[Channel, str] = {
    Channel.EMAIL: "mail",
    Channel.FORM: "globe",
    Channel.PHONE: "phone",
    Channel.API: "key",
    Channel.STAFF: "user",
    Channel.PORTAL: "home",
    Channel.CHAT: "message",
    Channel.TELEGRAM: "message",
}
SIDE: dict[Side, Promise] = {
    Side.STAFF: pgettext_lazy("side of a ticket", "us"),
    Side.PARTNER: pgettext_lazy("side of a ticket", "partner"),
    Side.CUSTOMER: pgettext_lazy("side of a ticket", "end customer"),
    Side.SYSTEM: pgettext_lazy("side of a ticket", "automatic"),
}
MESSAGE_KIND: dict[MessageKind, Promise] = {
    MessageKind.INCOMING: pgettext_lazy("kind of message", "message"),
    MessageKind.REPLY: pgettext_lazy("kind of message", "reply"),
    MessageKind.NOTE: pgettext_lazy("kind of message", "internal note"),
    MessageKind.CALL: pgettext_lazy("kind of message", "call"),
    MessageKind.AUTO: pgettext_lazy("kind of message", "automatic reply"),
    MessageKind.NOTICE: pgettext_lazy("kind of message", "notice"),
}
DELIVERY: dict[Delivery, Promise] = {
    Delivery.HELD: pgettext_lazy("delivery of a message", "leaves in a moment"),
    Delivery.QUEUED: pgettext_lazy("delivery of a message", "being sent"),
    Delivery.SENT: pgettext_lazy("delivery of a message", "sent"),
    Delivery.FAILED: pgettext_lazy("delivery of a message", "not sent"),
    Delivery.BOUNCED: pgettext_lazy("delivery of a message", "came back"),
    Delivery.TAKEN_BACK: pgettext_lazy("delivery of a message", "taken back"),
}
DELIVERY_TONES: dict[Delivery, str] = {
    Delivery.HELD: "care",
    Delivery.QUEUED: "plain",
    Delivery.SENT: "plain",
    Delivery.FAILED: "bad",
    Delivery.BOUNCED: "bad",
    Delivery.TAKEN_BACK: "care",
}
VERDICT: dict[Verdict, Promise] = {
    Verdict.PERSON: pgettext_lazy("kind of sender", "a person"),
    Verdict.AUTO_REPLY: pgettext_lazy("kind of sender", "automatic reply"),
    Verdict.BULK: pgettext_lazy("kind of sender", "mass mailing"),
    Verdict.BOUNCE: pgettext_lazy("kind of sender", "undelivered mail"),
    Verdict.OWN: pgettext_lazy("kind of sender", "our own mail"),
}
CLOCK: dict[ClockKind, Promise] = {
    ClockKind.FIRST_RESPONSE: _("First response"),
    ClockKind.NEXT_RESPONSE: _("Next response"),
    ClockKind.RESOLUTION: _("Resolution"),
    ClockKind.SUB_REQUEST: _("Answer of another department"),
}
CLOCK_STATE: dict[ClockState, Promise] = {
    ClockState.RUNNING: pgettext_lazy("state of a clock", "running"),
    ClockState.PAUSED: pgettext_lazy("state of a clock", "standing still"),
    ClockState.MET: pgettext_lazy("state of a clock", "met"),
    ClockState.BREACHED: pgettext_lazy("state of a clock", "overdue"),
    ClockState.MET_LATE: pgettext_lazy("state of a clock", "met late"),
    ClockState.CANCELLED: pgettext_lazy("state of a clock", "not owed"),
}
CLOCK_TONES: dict[ClockState, str] = {
    ClockState.RUNNING: "main",
    ClockState.PAUSED: "care",
    ClockState.MET: "good",
    ClockState.BREACHED: "bad",
    ClockState.MET_LATE: "care",
    ClockState.CANCELLED: "plain",
}
LINK: dict[LinkKind, Promise] = {
    LinkKind.RELATED: pgettext_lazy("link between tickets", "related"),
    LinkKind.FOLLOW_UP: pgettext_lazy("link between tickets", "follow-up"),
    LinkKind.SPLIT: pgettext_lazy("link between tickets", "split off"),
    LinkKind.MERGED: pgettext_lazy("link between tickets", "merged"),
}
SUB_REQUEST: dict[SubRequestState, Promise] = {
    SubRequestState.ASKED: pgettext_lazy("question to a department", "waiting for an answer"),
    SubRequestState.ANSWERED: pgettext_lazy("question to a department", "answered"),
    SubRequestState.CANCELLED: pgettext_lazy("question to a department", "taken back"),
}
SUB_REQUEST_TONES: dict[SubRequestState, str] = {
    SubRequestState.ASKED: "care",
    SubRequestState.ANSWERED: "good",
    SubRequestState.CANCELLED: "plain",
}
AVAILABILITY: dict[Availability, Promise] = {
    Availability.ONLINE: pgettext_lazy("availability", "taking tickets"),
    Availability.AWAY: pgettext_lazy("availability", "away"),
    Availability.OFFLINE: pgettext_lazy("availability", "not at work"),
}
VIEW: dict[View, Promise] = {
    View.MINE: _("My tickets"),
    View.TEAM: _("My team"),
    View.BREACHING: _("Overdue or due within the hour"),
    View.UNASSIGNED: _("Nobody's yet"),
    View.WAITING: _("Waiting for the partner"),
    View.ASKED: _("Questions to us"),
    View.MENTIONED: _("You are mentioned"),
    View.OPEN: _("All open"),
    View.ALL: _("All tickets"),
}
ORDER: dict[Order, Promise] = {
    Order.DUE: _("By deadline"),
    Order.ACTIVITY: _("Latest activity"),
    Order.AGE: _("Oldest first"),
}


def label(words: Mapping[Word, Promise], value: str) -> str:
    """A value that is not in the list stays as it is: an old row must not take a page down."""
    for known, text in words.items():
        if known == value:
            return str(text)
    return value
