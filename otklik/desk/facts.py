"""Ended tickets and their messages as rows for analytics: surrogate ids, closed-list words and counts. No
subject, text, name or address, because segments outlive an erasure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from typing import Any

from django.db.models import Count, QuerySet

from otklik.analytics.public import ColumnType, FactSource, facts_changed, note_facts
from otklik.desk.models import Clock, DepartmentStay, Message, Rating, Ticket
from otklik.desk.rules.vocabulary import (
    MESSAGE_RECEIVED,
    MESSAGE_SENT,
    MESSAGE_TAKEN_BACK,
    RATED,
    STATUS_CHANGED,
    TICKET_CREATED,
    TICKET_MERGED,
    TICKET_SPLIT,
    ClockKind,
    ClockState,
    Delivery,
    MessageKind,
    TicketStatus,
)
from otklik.events.public import ALL_ORIGINS, DeliveredEvent, Origin, on, on_many

TICKETS, MESSAGES = "tickets", "messages"
TICKET_COLUMNS = (
    ("id", ColumnType.BIG),
    ("created_at", ColumnType.INSTANT),
    ("day", ColumnType.DAY),
    ("program", ColumnType.BIG),
    ("partner", ColumnType.BIG),
    ("tier", ColumnType.WORD),
    ("topic", ColumnType.BIG),
    ("team", ColumnType.BIG),
    ("owner", ColumnType.BIG),
    ("channel", ColumnType.WORD),
    ("priority", ColumnType.WORD),
    ("outcome", ColumnType.WORD),
    # Minutes of business time; empty where nothing was promised, or it was never given.
    ("first_response", ColumnType.BIG),
    ("resolution", ColumnType.BIG),
    ("breaches", ColumnType.SMALL),
    ("reopened", ColumnType.SMALL),
    ("messages", ColumnType.BIG),
    # How often it came back to a department that had it before.
    ("came_back", ColumnType.SMALL),
    ("rating", ColumnType.SMALL),
)
MESSAGE_COLUMNS = (
    ("id", ColumnType.BIG),
    ("created_at", ColumnType.INSTANT),
    ("day", ColumnType.DAY),
    ("ticket", ColumnType.BIG),
    ("kind", ColumnType.WORD),
    ("side", ColumnType.WORD),
    ("channel", ColumnType.WORD),
    ("author", ColumnType.BIG),
)
_TICKET = (
    "id",
    "created_at",
    "program_id",
    "partner_id",
    "partner__tier",
    "topic_id",
    "team_id",
    "owner_id",
    "channel",
    "priority",
    "outcome",
    "reopened_count",
    "message_count",
)
_GIVEN = (ClockState.MET, ClockState.MET_LATE)
_LATE = (ClockState.BREACHED, ClockState.MET_LATE)
# The demo is told of once, by its end.
DEMO_LOADED = "demo.loaded"
_ONE_BY_ONE = frozenset({Origin.LIVE, Origin.IMPORT})
# SQLite takes a thousand values in a statement.
CHUNK = 500


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _tickets(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for part in _parts(ids):
        used, late = _clocks(part)
        back = _counts(DepartmentStay.objects.filter(ticket_id__in=part, came_back=True))
        ratings = dict(Rating.objects.filter(ticket_id__in=part).values_list("ticket_id", "value"))
        rows = Ticket.objects.filter(pk__in=part, status=TicketStatus.CLOSED).order_by("pk")
        for pk, created_at, *said, reopened, messages in rows.values_list(*_TICKET):
            yield (
                pk,
                created_at,
                created_at.astimezone(UTC).date(),
                *(word or "" if place == 2 else word for place, word in enumerate(said)),
                used.get((pk, ClockKind.FIRST_RESPONSE.value)),
                used.get((pk, ClockKind.RESOLUTION.value)),
                late.get(pk, 0),
                reopened,
                messages,
                back.get(pk, 0),
                ratings.get(pk),
            )


def _clocks(ids: Sequence[int]) -> tuple[dict[tuple[int, str], int], dict[int, int]]:
    """Minutes used by ticket and kind, of several cycles the first; breaches by ticket."""
    rows = Clock.objects.filter(ticket_id__in=ids).order_by("-pk")
    used = {
        (ticket, kind): seconds // 60
        for ticket, kind, state, seconds in rows.values_list("ticket_id", "kind", "state", "used_seconds")
        if state in _GIVEN
    }
    return used, _counts(Clock.objects.filter(ticket_id__in=ids, state__in=_LATE))


def _counts(rows: QuerySet[Any]) -> dict[int, int]:
    return dict(rows.values("ticket_id").annotate(n=Count("pk")).values_list("ticket_id", "n"))


def _messages(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for part in _parts(ids):
        rows = _written().filter(pk__in=part).order_by("pk")
        for pk, created_at, *said in rows.values_list(
            "id", "created_at", "ticket_id", "kind", "side", "channel", "author_id"
        ):
            yield (pk, created_at, created_at.astimezone(UTC).date(), *said)


def _written() -> QuerySet[Message]:
    """What went between us and the outside by letter."""
    kinds = (MessageKind.INCOMING, MessageKind.AUTO, MessageKind.REPLY)
    return Message.objects.filter(kind__in=kinds).exclude(delivery=Delivery.TAKEN_BACK)


def _all(rows: QuerySet[Any], waiting: QuerySet[Any]) -> Iterator[list[int]]:
    last = 0
    while ids := list(
        rows.filter(pk__gt=last).exclude(pk__in=waiting).order_by("pk").values_list("pk", flat=True)[:10_000]
    ):
        yield ids
        last = ids[-1]


tickets = FactSource(
    TICKETS,
    TICKET_COLUMNS,
    _tickets,
    lambda waiting: _all(Ticket.objects.filter(status=TicketStatus.CLOSED), waiting),
)
messages = FactSource(MESSAGES, MESSAGE_COLUMNS, _messages, lambda waiting: _all(_written(), waiting))


@on_many(STATUS_CHANGED, name="desk.ticket_facts", origins=_ONE_BY_ONE)
def note_ended(events: Sequence[DeliveredEvent]) -> None:
    """A ticket is a fact once it is closed; one that is opened again is none until then."""
    if any(event.data.get("before") == TicketStatus.CLOSED for event in events):
        facts_changed(TICKETS)
    note_facts(TICKETS, _of(e for e in events if e.data.get("after") == TicketStatus.CLOSED))


@on_many(TICKET_MERGED, name="desk.merged_ticket_facts", origins=_ONE_BY_ONE)
def note_merged(events: Sequence[DeliveredEvent]) -> None:
    """The source ended here, or had ended before and has another outcome now. Written anew, either way."""
    facts_changed(TICKETS)


@on_many(RATED, name="desk.rated_ticket_facts", origins=_ONE_BY_ONE)
def note_rating(events: Sequence[DeliveredEvent]) -> None:
    if Ticket.objects.filter(pk__in=_of(events), status=TicketStatus.CLOSED).exists():
        facts_changed(TICKETS)


@on_many(TICKET_CREATED, name="desk.first_message_facts", origins=_ONE_BY_ONE)
@on_many(MESSAGE_RECEIVED, name="desk.received_message_facts", origins=_ONE_BY_ONE)
@on_many(MESSAGE_SENT, name="desk.sent_message_facts", origins=_ONE_BY_ONE)
def note_messages(events: Sequence[DeliveredEvent]) -> None:
    """The first message of a ticket that we begin is told of twice: by the ticket and as sent."""
    created = [e for e in events if e.kind == TICKET_CREATED and e.data.get("side") != "staff"]
    others = [e for e in events if e.kind != TICKET_CREATED]
    note_facts(
        MESSAGES, sorted({int(e.data["message"]) for e in (*created, *others) if e.data.get("message")})
    )


@on_many(TICKET_SPLIT, name="desk.split_facts", origins=_ONE_BY_ONE)
@on_many(MESSAGE_TAKEN_BACK, name="desk.taken_back_facts", origins=_ONE_BY_ONE)
def forget_messages(events: Sequence[DeliveredEvent]) -> None:
    facts_changed(MESSAGES)


@on(DEMO_LOADED, name="desk.facts_of_the_demo", origins=ALL_ORIGINS)
def note_demo(event: DeliveredEvent) -> None:
    """Its hundreds of small changes are one occasion to write everything, not hundreds of jobs."""
    facts_changed(TICKETS)
    facts_changed(MESSAGES)


def _of(events: Iterable[DeliveredEvent]) -> list[int]:
    return sorted({event.subject("ticket") for event in events})
