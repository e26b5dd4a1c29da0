"""The rows of the inbox, drawn here and not in a template: fifty rows of forty tags and filters each were two
thirds of what the page cost. What repeats (words of a status, icons, the address of a ticket) is made once a
page.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from otklik.desk.queries.inbox import TicketLine
from otklik.desk.rules.vocabulary import Priority
from otklik.desk.templatetags.desk_words import channel_icon, deadline, desktoned, named_topic
from otklik.kit.templatetags.otklik import icon, local_time

_AWAITS = ' class="awaits-us"'
_PRESSING = (Priority.URGENT, Priority.HIGH)


def draw_rows(tickets: Iterable[TicketLine], *, choosable: bool, now: datetime) -> SafeString:
    """``choosable``: with a box before each, for what is done to many at once."""
    pen = _Pen(now)
    return mark_safe("".join(pen.row(ticket, choosable) for ticket in tickets))  # noqa: S308 - escaped below


class _Pen:
    """Every method gives HTML. What people wrote goes through ``escape`` where it comes from the ticket."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.before, _, self.behind = reverse("ticket", args=[0]).rpartition("0")
        self.choose = escape(gettext("Choose ticket %(id)s"))
        self.nobody = _dim(pgettext("ticket owner", "Nobody yet"))
        self.person = icon("user", 13)
        self.toned: dict[tuple[str, str], str] = {}
        self.icons: dict[str, str] = {}

    def row(self, ticket: TicketLine, choosable: bool) -> str:
        awaits = _AWAITS if ticket.awaiting_us_since else ""
        url = f"{self.before}{ticket.id}{self.behind}"
        status, due = self.word(ticket.status, "status"), deadline(ticket.due_at, self.now)
        return f"""<tr data-row="{ticket.id}" tabindex="-1"{awaits}>
{self.check(ticket.id) if choosable else ""}\
<td class="first-cell"><a class="row-name" href="{url}">{escape(ticket.subject)}</a>
<div class="row-note">#{ticket.id} · {self.note(ticket)}</div>
<div class="tones">{self.priority(ticket.priority)}<span class="d-md-none">{status} {due}</span>\
{_tags(ticket.tags)}</div></td>
<td class="d-none d-md-table-cell">{status}</td>
<td class="owner-cell">{self.owner(ticket)}</td>
<td class="d-none d-md-table-cell">{due}</td>
<td class="wide-only text-nowrap">{local_time(ticket.updated_at)}</td></tr>
"""

    def check(self, pk: int) -> str:
        box = f'<input class="form-check-input" type="checkbox" name="ticket" value="{pk}"'
        return f'<td class="check-cell">{box} aria-label="{self.choose % {"id": pk}}"></td>\n'

    def note(self, ticket: TicketLine) -> str:
        topic = f" · {escape(_topic(ticket))}" if ticket.topic_key is not None else ""
        owner = ""
        if ticket.owner is not None:
            owner = f'<span class="owner-note"> · {self.person} {escape(ticket.owner)}</span>'
        return f"{self.channel(ticket.channel)} {escape(_who(ticket))}{topic}{owner}"

    def channel(self, channel: str) -> str:
        if channel not in self.icons:
            self.icons[channel] = icon(channel_icon(channel), 14)
        return self.icons[channel]

    def word(self, value: str, of: str) -> str:
        if (value, of) not in self.toned:
            self.toned[value, of] = desktoned(value, of)
        return self.toned[value, of]

    def priority(self, priority: str) -> str:
        return self.word(priority, "priority") if priority in _PRESSING else ""

    def owner(self, ticket: TicketLine) -> str:
        if ticket.owner is not None:
            return escape(ticket.owner)
        return _dim(ticket.team) if ticket.team is not None else self.nobody


def _dim(text: str) -> str:
    return f'<span class="text-secondary">{escape(text)}</span>'


def _who(ticket: TicketLine) -> str:
    if ticket.partner is None:
        return ticket.requester_name or ticket.requester_address
    return ticket.partner if ticket.contact is None else f"{ticket.partner} · {ticket.contact}"


def _topic(ticket: TicketLine) -> str:
    return named_topic(ticket.topic_key or "", ticket.topic_names or {})


def _tags(tags: tuple[str, ...]) -> str:
    return "".join(f'<span class="tone">{escape(tag)}</span>' for tag in tags)
