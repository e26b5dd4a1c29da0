"""The inbox: which tickets stand in a view, in which order, a page at a time.

Pages go on behind the last row of the one before (its order value and id), so the thousandth page costs what
the first does. Counts stop at a cap for the same reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.utils import timezone

from otklik.desk.access import visible_one_by_one, visible_tickets
from otklik.desk.models import NEVER_DUE, Mention, Message, SubRequest, Ticket, TicketTag
from otklik.desk.queries.inbox_filter import InboxFilter, Order, View, counted_ones, narrowed_by_time
from otklik.desk.rules.vocabulary import SubRequestState, TicketStatus
from otklik.identity.public import Right, User
from otklik.kit.among import Among
from otklik.search.public import ids_among, newest_ids

PAGE_SIZE = 50
# "99+" says enough: whoever has more than that does not need the number to the one.
COUNT_CAP = 100
SOON = timedelta(hours=1)
# As many hits as a search looks at before the other filters, the newest; the rest is found by another word.
MOST_HITS = 5_000
# From so many on hits may be missing: older ones, and words that only begin so.
_PERHAPS_CUT = 1_000
# So few that each is looked at then.
_FEW, _FEW_MESSAGES = 300, 2_000
# Of tickets somebody sees, or of a program: from so many on a list of all of them is walked.
_MANY = 2_000
# Changed by one click; each of them is an event of its own.
MOST_AT_ONCE = 500


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
class TicketLine:
    """What a row of the list tells. A ticket is fifty columns, and with those it belongs to two hundred: to
    make objects of them all took longer than everything else about the page."""

    id: int
    subject: str
    status: str
    priority: str
    channel: str
    requester_name: str
    requester_address: str
    next_due_at: datetime
    updated_at: datetime
    created_at: datetime
    awaiting_us_since: datetime | None
    partner: str | None
    contact: str | None
    owner: str | None
    team: str | None
    topic_key: str | None
    topic_names: Mapping[str, str] | None
    tags: tuple[str, ...]

    @property
    def due_at(self) -> datetime | None:
        return None if self.next_due_at == NEVER_DUE else self.next_due_at


# In the order of TicketLine's fields.
_SHOWN = (
    *("pk", "subject", "status", "priority", "channel", "requester_name", "requester_address", "next_due_at"),
    *("updated_at", "created_at", "awaiting_us_since", "partner__name", "contact__name", "owner__name"),
    *("team__name", "topic__key", "topic__names"),
)


@dataclass(frozen=True, slots=True)
class InboxPage:
    tickets: list[TicketLine]
    next: Cursor | None


def inbox_page(user: User, chosen: InboxFilter, *, after: Cursor | None, now: datetime) -> InboxPage:
    """One page of the tickets this person sees. The same number of queries whatever stands on it."""
    rows = _ordered(_rows(_Reader(user, now), chosen), chosen.order, after)
    found: list[Any] = list(rows.values_list(*_SHOWN)[: PAGE_SIZE + 1])
    tags = _tags([row[0] for row in found])
    lines = [TicketLine(*(*row, tags.get(row[0], ()))) for row in found]
    more = lines[PAGE_SIZE - 1] if len(lines) > PAGE_SIZE else None
    where = Cursor(getattr(more, _COLUMN[chosen.order]), more.id) if more else None
    return InboxPage(lines[:PAGE_SIZE], where)


def _tags(ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    rows = TicketTag.objects.filter(ticket_id__in=ids).order_by("tag__name")
    found: dict[int, tuple[str, ...]] = {}
    for pk, name in rows.values_list("ticket_id", "tag__name"):
        found[pk] = (*found.get(pk, ()), name)
    return found


def view_counts(user: User, views: Sequence[View], *, now: datetime) -> dict[View, int]:
    """How many tickets stand in each view, at most COUNT_CAP: each count stops there. One query for all of
    them, and one more for the reader's teams."""
    reader = _Reader(user, now)
    counted = [_capped_count(_rows(reader, InboxFilter(view=view))) for view in views]
    with connection.cursor() as cursor:
        # Put together by hand: as subqueries of the ORM they took twice as long to write as to answer.
        sql = ", ".join(count for count, _ in counted)
        cursor.execute(f"SELECT {sql}", [value for _, values in counted for value in values])
        return dict(zip(views, cursor.fetchone(), strict=True))


def _capped_count(rows: QuerySet[Ticket]) -> tuple[str, Sequence[Any]]:
    try:
        sql, values = rows.values("pk")[:COUNT_CAP].query.sql_with_params()
    except EmptyResultSet:
        return "0", ()  # by its nature: my team's, where I am in none
    return f"(SELECT COUNT(*) FROM ({sql}) capped)", values  # noqa: S608 - the ORM's own words


def matching_tickets(user: User, chosen: InboxFilter, *, now: datetime) -> QuerySet[Ticket]:
    """Every ticket of a filter: for what is done to all of them."""
    return _rows(_Reader(user, now), chosen)


class _Reader:
    """Whose inbox is read, and when. What takes a query to know about them is asked once."""

    def __init__(self, user: User, now: datetime) -> None:
        self.user, self.now = user, now

    @cached_property
    def teams(self) -> list[int]:
        return list(self.user.teams.values_list("pk", flat=True))

    @cached_property
    def visible(self) -> QuerySet[Ticket]:
        return visible_tickets(self.user)

    @cached_property
    def seen(self) -> QuerySet[Ticket]:
        return self.visible.filter(merged_into=None)

    @cached_property
    def walked(self) -> QuerySet[Ticket]:
        return visible_one_by_one(self.user).filter(merged_into=None)

    @cached_property
    def sees_many(self) -> bool:
        if self.user.may(Right.SEE_ALL_TICKETS):
            return False  # both ways are the same then
        return self.visible.values("pk")[:_MANY].count() == _MANY


def _rows(reader: _Reader, chosen: InboxFilter) -> QuerySet[Ticket]:
    rows = reader.walked if _is_walked(reader, chosen) else reader.seen
    narrow: dict[str, Any] = {}
    for name in ("status", "priority", "channel", "language", "partner"):
        value = getattr(chosen, name)
        if value not in ("", None):
            narrow[name] = value
    for name in ("owner", "team", "topic"):
        value = getattr(chosen, name)
        if value is not None:
            narrow |= {name: value} if value else {f"{name}__isnull": True}
    if chosen.broken:
        narrow["breached_at__isnull"] = False
    # The days that the page shows are those of the zone it is drawn in.
    began = narrowed_by_time(chosen, timezone.get_current_timezone())
    rows = rows.filter(_view(chosen.view, reader), _program(chosen), began, **narrow)
    if chosen.counted:
        rows = rows.filter(counted_ones())
    if chosen.tag:
        rows = rows.filter(pk__in=TicketTag.objects.filter(tag__name=chosen.tag).values("ticket_id"))
    return _found(reader, rows, chosen) if chosen.q else rows


def _program(chosen: InboxFilter) -> Q:
    """Most tickets may be of one program. Then they are walked in their own order with a look at each (no
    index answers a CASE), instead of gathered and sorted to show fifty of them."""
    if chosen.program is None:
        return Q()
    of_program = Q(program=chosen.program)
    is_in_order = chosen.order is Order.AGE or chosen.view is not View.ALL
    has_days = chosen.began_from is not None or chosen.began_to is not None
    if is_in_order or has_days or Ticket.objects.filter(of_program)[:_MANY].count() < _MANY:
        return of_program
    return Q(Case(When(of_program, then=Value(True)), default=Value(False), output_field=BooleanField()))


def _is_walked(reader: _Reader, chosen: InboxFilter) -> bool:
    """Open tickets are few, and so are the hits of a search. Among all tickets only who sees many comes upon
    fifty soon."""
    if chosen.q:
        return True
    if chosen.partner is not None:
        return False
    if chosen.view is View.ALL:
        return reader.sees_many
    return chosen.view in (View.OPEN, View.BREACHING, View.UNASSIGNED, View.WAITING)


def _view(view: View, reader: _Reader) -> Q:
    match view:
        case View.MINE:
            return Q(is_open=True, owner=reader.user)
        case View.TEAM:
            return Q(is_open=True, team_id__in=reader.teams)
        case View.BREACHING:
            return Q(is_open=True, next_due_at__lt=reader.now + SOON)
        case View.UNASSIGNED:
            return Q(is_open=True, owner=None)
        case View.WAITING:
            return Q(is_open=True, status=TicketStatus.WAITING)
        case View.ASKED:
            asked = SubRequest.objects.filter(team_id__in=reader.teams, state=SubRequestState.ASKED)
            return Q(pk__in=asked.values("ticket_id"))
        case View.MENTIONED:
            unseen = Mention.objects.filter(user=reader.user, seen_at=None)
            return Q(pk__in=unseen.values("message__ticket_id"))
        case View.OPEN:
            return Q(is_open=True)
        case View.ALL:
            return Q()


def _found(reader: _Reader, rows: QuerySet[Ticket], chosen: InboxFilter) -> QuerySet[Ticket]:
    number = chosen.q.lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        return rows.filter(pk=int(number))
    # Lists instead of subqueries: neither engine estimates how few hits a text search has, and both would
    # walk the whole order of the inbox to check each row against it.
    found = newest_ids(chosen.q, ("ticket", "message"), limit=MOST_HITS)
    if len(found["ticket"]) + len(found["message"]) >= _PERHAPS_CUT:
        few = _all_of_few(_rows(reader, replace(chosen, q="")), chosen.q)
        if few is not None:
            return rows.filter(pk__in=few)
    said_in = Message.objects.filter(pk__in=Among(found["message"])).values_list("ticket_id", flat=True)
    return rows.filter(pk__in=Among(set(found["ticket"]).union(said_in.distinct())))


def _all_of_few(rows: QuerySet[Ticket], q: str) -> set[int] | None:
    """Where there are few tickets to look through, their own hits may lie behind the newest ones of the whole
    desk, and each is looked at instead. None where they or their messages are many."""
    tickets = list(rows.values_list("pk", flat=True)[: _FEW + 1])
    if len(tickets) > _FEW:
        return None
    said = Message.objects.filter(ticket_id__in=tickets).values_list("pk", "ticket_id")
    messages = dict(said[: _FEW_MESSAGES + 1])
    if len(messages) > _FEW_MESSAGES:
        return None
    return {*ids_among(q, "ticket", tickets), *(messages[pk] for pk in ids_among(q, "message", messages))}


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
