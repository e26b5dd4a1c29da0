"""What the desk gives to analytics, and when: tickets that have ended (``queries/ticket_facts.py``) and the
letters between us and the outside. A ticket that goes on is read from the database by whoever needs it: its
figures change by the hour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from django.db.models import QuerySet

from otklik.analytics.public import ColumnType, FactSource, facts_changed, ids_in, note_facts
from otklik.desk.models import Message, Ticket
from otklik.desk.operations.keeping import SETTING_SAVED
from otklik.desk.queries.lived import tickets_with_words_of
from otklik.desk.queries.ticket_facts import COLUMNS, ticket_rows
from otklik.desk.rules.vocabulary import (
    CALL_LOGGED,
    CALLBACK_DONE,
    CLOCKS_RECOMPUTED,
    LANGUAGE_CHANGED,
    MESSAGE_FACTS,
    MESSAGE_RECEIVED,
    MESSAGE_SENT,
    MESSAGE_TAKEN_BACK,
    NOTE_WRITTEN,
    OWNER_CHANGED,
    PARTNER_SET,
    PRIORITY_CHANGED,
    RATED,
    SLA_BREACHED,
    STATUS_CHANGED,
    SUB_REQUEST_ASKED,
    TEAM_CHANGED,
    TICKET_CREATED,
    TICKET_FACTS,
    TICKET_MERGED,
    TICKET_SPLIT,
    TOPIC_CHANGED,
    Delivery,
    MessageKind,
    TicketStatus,
)
from otklik.events.public import ALL_ORIGINS, DeliveredEvent, Origin, on, on_many
from otklik.kit.among import Among
from otklik.kit.chunks import in_chunks

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
# Each may change what a closed ticket says of itself; most of them nearly always come to open ones.
_CHANGES = (
    STATUS_CHANGED,
    TICKET_MERGED,
    RATED,
    TOPIC_CHANGED,
    TEAM_CHANGED,
    OWNER_CHANGED,
    PRIORITY_CHANGED,
    LANGUAGE_CHANGED,
    PARTNER_SET,
    NOTE_WRITTEN,
    CALL_LOGGED,
    CALLBACK_DONE,
    SUB_REQUEST_ASKED,
    SLA_BREACHED,
)
# The demo is told of once, by its end.
DEMO_LOADED = "demo.loaded"
_ONE_BY_ONE = frozenset({Origin.LIVE, Origin.IMPORT})
# SQLite takes a thousand values in a statement.
CHUNK = 500


def _messages(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for part in in_chunks(ids, CHUNK):
        rows = _written().filter(pk__in=part).order_by("pk")
        for pk, created_at, *said in rows.values_list(
            "id", "created_at", "ticket_id", "kind", "side", "channel", "author_id"
        ):
            yield (pk, created_at, created_at.astimezone(UTC).date(), *said)


def _written() -> QuerySet[Message]:
    """What went between us and the outside by letter."""
    kinds = (MessageKind.INCOMING, MessageKind.AUTO, MessageKind.REPLY)
    return Message.objects.filter(kind__in=kinds).exclude(delivery=Delivery.TAKEN_BACK)


def _closed() -> QuerySet[Ticket]:
    return Ticket.objects.filter(status=TicketStatus.CLOSED)


tickets = FactSource(TICKET_FACTS, COLUMNS, ticket_rows, lambda waiting: ids_in(_closed(), waiting))
messages = FactSource(MESSAGE_FACTS, MESSAGE_COLUMNS, _messages, lambda waiting: ids_in(_written(), waiting))


def _follow(kind: str) -> None:
    @on_many(kind, name=f"desk.ticket_facts:{kind}", origins=_ONE_BY_ONE)
    def follow(events: Sequence[DeliveredEvent]) -> None:
        note_tickets(events)


for _kind in _CHANGES:
    _follow(_kind)


@on_many(CLOCKS_RECOMPUTED, name="desk.recomputed_ticket_facts", origins=_ONE_BY_ONE)
def note_recomputed(events: Sequence[DeliveredEvent]) -> None:
    """Clocks of any ticket were put right."""
    facts_changed(TICKET_FACTS)


def note_tickets(events: Sequence[DeliveredEvent]) -> None:
    """A ticket is a fact once it is closed; one that is opened again is none until the next time."""
    ids = {event.subject("ticket") for event in events}
    opened = {e.subject("ticket") for e in events if e.data.get("before") == TicketStatus.CLOSED}
    closed = set(_closed().filter(pk__in=ids).values_list("pk", flat=True))
    note_facts(TICKET_FACTS, sorted(closed | opened))


@on_many(TICKET_CREATED, name="desk.first_message_facts", origins=_ONE_BY_ONE)
@on_many(MESSAGE_RECEIVED, name="desk.received_message_facts", origins=_ONE_BY_ONE)
@on_many(MESSAGE_SENT, name="desk.sent_message_facts", origins=_ONE_BY_ONE)
def note_messages(events: Sequence[DeliveredEvent]) -> None:
    """The first message of a ticket that we begin is told of twice: by the ticket and as sent. What comes
    while a ticket is closed (an automatic reply, say) counts among its messages."""
    created = [e for e in events if e.kind == TICKET_CREATED and e.data.get("side") != "staff"]
    others = [e for e in events if e.kind != TICKET_CREATED]
    ids = {int(e.data["message"]) for e in (*created, *others) if e.data.get("message")}
    note_facts(MESSAGE_FACTS, sorted(ids))
    if others:
        note_tickets(others)


@on_many(TICKET_SPLIT, name="desk.split_facts", origins=_ONE_BY_ONE)
def note_split(events: Sequence[DeliveredEvent]) -> None:
    note_facts(MESSAGE_FACTS, sorted({pk for event in events for pk in event.data["messages"]}))
    note_tickets(events)
    # What moved may have been said in a ticket that was merged into this one.
    tickets = {event.subject("ticket") for event in events}
    note_facts(TICKET_FACTS, Ticket.objects.filter(merged_into__in=tickets).values_list("pk", flat=True))


@on_many(MESSAGE_TAKEN_BACK, name="desk.taken_back_facts", origins=_ONE_BY_ONE)
def forget_messages(events: Sequence[DeliveredEvent]) -> None:
    note_facts(MESSAGE_FACTS, sorted({int(event.data["message"]) for event in events}))


@on_many("partner.merged", name="desk.ticket_facts_of_merged_partners", origins=_ONE_BY_ONE)
def note_partners(events: Sequence[DeliveredEvent]) -> None:
    """Tickets followed their partner into another one, and have its tiers from then on."""
    partners = {event.subject("partner") for event in events}
    note_facts(TICKET_FACTS, _closed().filter(partner_id__in=partners).values_list("pk", flat=True))


@on_many(SETTING_SAVED, name="desk.ticket_facts_of_languages", origins=_ONE_BY_ONE)
def note_languages(events: Sequence[DeliveredEvent]) -> None:
    """What somebody was found to speak holds for all that they have answered."""
    of_people = [e for e in events if e.subjects and e.subjects[0].noun == "agent_profile"]
    profiles = {e.subjects[0].id for e in of_people if "languages" in e.data["changed"]}
    if profiles:
        tickets = Among(tickets_with_words_of(profiles))
        note_facts(TICKET_FACTS, _closed().filter(pk__in=tickets).values_list("pk", flat=True))


@on("team.removed", name="desk.ticket_facts_of_removed_team", origins=_ONE_BY_ONE)
def note_removed_team(event: DeliveredEvent) -> None:
    """Which tickets it had nobody knows any more."""
    facts_changed(TICKET_FACTS)


@on(DEMO_LOADED, name="desk.facts_of_the_demo", origins=ALL_ORIGINS)
def note_demo(event: DeliveredEvent) -> None:
    """Its hundreds of small changes are one occasion to write everything, not hundreds of jobs."""
    facts_changed(TICKET_FACTS)
    facts_changed(MESSAGE_FACTS)
