"""The inbox: which tickets stand in a view, in which order, a page at a time.

Pages go on behind the last row of the one before (its order value and id), so the thousandth page costs what
the first does. Counts stop at a cap for the same reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from otklik.desk.access import visible_one_by_one, visible_tickets
from otklik.desk.models import Mention, Message, SubRequest, Ticket, TicketTag
from otklik.desk.rules.vocabulary import Channel, Priority, SubRequestState, TicketStatus
from otklik.identity.public import User
from otklik.search.public import newest_ids

PAGE_SIZE = 50
# "99+" says enough: whoever has more than that does not need the number to the one.
COUNT_CAP = 100
SOON = timedelta(hours=1)
# As many hits as a search looks at before the other filters, the newest; the rest is found by another word.
MOST_HITS = 5_000
# Of tickets somebody sees: from so many on a list of all of them is walked.
_MANY = 2_000
# Changed by one click; each of them is an event of its own.
MOST_AT_ONCE = 500


class View(StrEnum):
    MINE = "mine"
    TEAM = "team"
    BREACHING = "breaching"
    UNASSIGNED = "unassigned"
    WAITING = "waiting"
    ASKED = "asked"
    MENTIONED = "mentioned"
    OPEN = "open"
    ALL = "all"


class Order(StrEnum):
    DUE = "due"
    ACTIVITY = "activity"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """None and "" narrow nothing; ``owner`` and ``team`` 0 mean nobody and none."""

    view: View = View.OPEN
    order: Order = Order.DUE
    q: str = ""
    status: str = ""
    priority: str = ""
    channel: str = ""
    language: str = ""
    tag: str = ""
    topic: int | None = None
    team: int | None = None
    owner: int | None = None
    partner: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return replace(self, view=View.OPEN, order=Order.DUE) != InboxFilter()

    def as_query(self) -> dict[str, str]:
        """The same filter as it stands in an address and in a saved view."""
        every = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: str(value)
            for name, value in every.items()
            if value != getattr(_NOTHING, name) or name == "view"
        }


_NOTHING = InboxFilter()
_NUMBERS = ("topic", "team", "owner", "partner")
_WORDS: dict[str, type[StrEnum]] = {
    "view": View,
    "order": Order,
    "status": TicketStatus,
    "priority": Priority,
    "channel": Channel,
}


def read_filter(given: Mapping[str, Any], *, default: View = View.OPEN) -> InboxFilter:
    """Whatever stands in an address or a saved view; odd values are taken as not given."""
    values: dict[str, Any] = {"view": default}
    for name, words in _WORDS.items():
        word = str(given.get(name, ""))
        if word in set(words):
            values[name] = words(word) if name in ("view", "order") else word
    for name in _NUMBERS:
        number = str(given.get(name, ""))
        if number.isascii() and number.isdigit() and len(number) < 19:
            values[name] = int(number)
    for name, width in (("q", 200), ("tag", 60), ("language", 10)):
        # PostgreSQL refuses a text with a NUL in it.
        values[name] = str(given.get(name, "")).replace("\0", "")[:width].strip()
    return InboxFilter(**values)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended."""

    moment: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.moment.timestamp():.6f}_{self.id}"


def read_cursor(text: str) -> Cursor | None:
    moment, _, number = text.partition("_")
    try:
        return Cursor(datetime.fromtimestamp(float(moment), UTC), int(number))
    except (ValueError, OverflowError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class InboxPage:
    tickets: list[Ticket]
    next: Cursor | None


def inbox_page(user: User, chosen: InboxFilter, *, after: Cursor | None, now: datetime) -> InboxPage:
    """One page of the tickets this person sees. The same number of queries whatever stands on it."""
    rows = _ordered(_rows(user, chosen, now), chosen.order, after)
    shown = ("partner", "contact", "owner", "team", "topic")
    tickets = list(rows.select_related(*shown).prefetch_related("tags")[: PAGE_SIZE + 1])
    more = tickets[PAGE_SIZE - 1] if len(tickets) > PAGE_SIZE else None
    where = Cursor(getattr(more, _COLUMN[chosen.order]), more.pk) if more else None
    return InboxPage(tickets[:PAGE_SIZE], where)


def view_counts(user: User, views: Sequence[View], *, now: datetime) -> dict[View, int]:
    """How many tickets stand in each view, at most COUNT_CAP: each query stops there."""
    return {view: _rows(user, InboxFilter(view=view), now).order_by()[:COUNT_CAP].count() for view in views}


def matching_tickets(user: User, chosen: InboxFilter, *, now: datetime) -> QuerySet[Ticket]:
    """Every ticket of a filter: for what is done to all of them."""
    return _rows(user, chosen, now)


def _rows(user: User, chosen: InboxFilter, now: datetime) -> QuerySet[Ticket]:
    rows = visible_one_by_one(user) if _is_walked(user, chosen) else visible_tickets(user)
    rows = rows.filter(merged_into=None)
    rows = rows.filter(_view(chosen.view, user, now))
    for name in ("status", "priority", "channel", "language", "topic", "partner"):
        value = getattr(chosen, name)
        if value not in ("", None):
            rows = rows.filter(**{name: value})
    for name in ("owner", "team"):
        value = getattr(chosen, name)
        if value is not None:
            rows = rows.filter(**({name: value} if value else {f"{name}__isnull": True}))
    if chosen.tag:
        rows = rows.filter(pk__in=TicketTag.objects.filter(tag__name=chosen.tag).values("ticket_id"))
    return _found(rows, chosen.q) if chosen.q else rows


def _is_walked(user: User, chosen: InboxFilter) -> bool:
    """Open tickets are few of all. Among all of them only who sees many comes upon fifty soon."""
    if chosen.q or chosen.partner is not None:
        return False
    if chosen.view is View.ALL:
        return len(visible_tickets(user).values_list("pk", flat=True)[:_MANY]) == _MANY
    return chosen.view in (View.OPEN, View.BREACHING, View.UNASSIGNED, View.WAITING)


def _view(view: View, user: User, now: datetime) -> Q:
    match view:
        case View.MINE:
            return Q(is_open=True, owner=user)
        case View.TEAM:
            return Q(is_open=True, team_id__in=list(user.teams.values_list("pk", flat=True)))
        case View.BREACHING:
            return Q(is_open=True, next_due_at__lt=now + SOON)
        case View.UNASSIGNED:
            return Q(is_open=True, owner=None)
        case View.WAITING:
            return Q(is_open=True, status=TicketStatus.WAITING)
        case View.ASKED:
            teams = list(user.teams.values_list("pk", flat=True))
            asked = SubRequest.objects.filter(team_id__in=teams, state=SubRequestState.ASKED)
            return Q(pk__in=asked.values("ticket_id"))
        case View.MENTIONED:
            unseen = Mention.objects.filter(user=user, seen_at=None)
            return Q(pk__in=unseen.values("message__ticket_id"))
        case View.OPEN:
            return Q(is_open=True)
        case View.ALL:
            return Q()


def _found(rows: QuerySet[Ticket], q: str) -> QuerySet[Ticket]:
    number = q.lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return rows.filter(pk=int(number))
    # Lists instead of subqueries: neither engine estimates how few hits a text search has, and both would
    # walk the whole order of the inbox to check each row against it.
    found = newest_ids(q, ("ticket", "message"), limit=MOST_HITS)
    said_in = Message.objects.filter(pk__in=found["message"]).values_list("ticket_id", flat=True)
    return rows.filter(pk__in=set(found["ticket"]).union(said_in))


_COLUMN = {Order.DUE: "next_due_at", Order.ACTIVITY: "updated_at", Order.AGE: "created_at"}


def _ordered(rows: QuerySet[Ticket], order: Order, after: Cursor | None) -> QuerySet[Ticket]:
    column = _COLUMN[order]
    if order is Order.ACTIVITY:
        if after is not None:
            behind = Q(**{column: after.moment, "pk__lt": after.id})
            rows = rows.filter(Q(**{f"{column}__lt": after.moment}) | behind)
        return rows.order_by(f"-{column}", "-pk")
    if after is not None:
        behind = Q(**{column: after.moment, "pk__gt": after.id})
        rows = rows.filter(Q(**{f"{column}__gt": after.moment}) | behind)
    return rows.order_by(column, "pk")
