"""What partners lived through at our desk, of many partners at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from django.db.models import Min, Q

from otklik.desk.models import AgentProfile, Clock, Message, Ticket
from otklik.desk.rules.handling import answers_in
from otklik.desk.rules.lived import (
    DATA_READ,
    PROMISED,
    READ_FROM_LOG,
    ClockRun,
    Happening,
    LivedTicket,
    StaffReply,
    TicketNow,
    languages_of,
    lived_ticket,
)
from otklik.desk.rules.vocabulary import MESSAGE_TAKEN_BACK, MessageKind, Side
from otklik.events.public import histories
from otklik.kit.among import Among
from otklik.kit.raw import as_moment, raw

Levels = Mapping[int, Mapping[str, int]]


def first_tickets(program_ids: Iterable[int]) -> dict[int, datetime]:
    """When the first ticket of each of these programs was made; programs without one are left out. One
    query."""
    rows = Ticket.objects.filter(program_id__in=set(program_ids)).values("program_id")
    return dict(rows.annotate(first=Min("created_at")).values_list("program_id", "first"))


def lived_through(
    partner_ids: Collection[int], *, since: datetime, until: datetime
) -> dict[int, list[LivedTicket]]:
    """By partner: tickets that were there at some moment between the two, each with its whole history. Five
    queries, however many tickets; hand over some hundreds of partners at a time."""
    tickets = _tickets(partner_ids, since, until)
    logs = _logs(tickets)
    clocks = _clocks(tickets)
    levels = _levels()
    replies = _replies(tickets, logs, levels)
    found: dict[int, list[LivedTicket]] = defaultdict(list)
    for pk, ticket in tickets.items():
        lived = lived_ticket(ticket, logs.get(pk, ()), clocks.get(pk, ()), replies.get(pk, ()), levels)
        if lived is not None:
            found[ticket.partner_id].append(lived)
    return found


def tickets_with_words_of(profile_ids: Iterable[int]) -> list[int]:
    """Where the people of these profiles wrote anything. One query."""
    people = AgentProfile.objects.filter(pk__in=set(profile_ids)).values("user_id")
    rows = Message.objects.filter(author_id__in=people)
    return list(rows.order_by().values_list("ticket_id", flat=True).distinct())


def _tickets(partner_ids: Collection[int], since: datetime, until: datetime) -> dict[int, TicketNow]:
    # One that is opened again loses the day it was closed on: whatever was closed before is over.
    rows = Ticket.objects.filter(
        Q(closed_at=None) | Q(closed_at__gte=since), partner_id__in=Among(partner_ids), created_at__lte=until
    )
    columns = [raw(name) if name.endswith("_at") else name for name in TicketNow._fields]
    found = {}
    for values in rows.values_list(*columns).iterator(chunk_size=2000):
        ticket = TicketNow._make(values)
        made, closed = as_moment(ticket.created_at), as_moment(ticket.closed_at)
        found[ticket.id] = ticket._replace(created_at=cast(datetime, made), closed_at=closed)
    return found


def _logs(tickets: Iterable[int]) -> dict[int, list[Happening]]:
    lines = histories("ticket", tickets, kinds=READ_FROM_LOG)
    return {
        pk: [Happening(line.kind, line.happened_at, _kept(line.data)) for line in of_one]
        for pk, of_one in groupby(lines, key=lambda line: line.object_id)
    }


def _kept(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Why somebody was chosen stands there as well, and is most of it."""
    return {name: data[name] for name in DATA_READ if name in data}


def _clocks(tickets: Iterable[int]) -> dict[int, list[ClockRun]]:
    rows = Clock.objects.filter(ticket_id__in=Among(tickets), kind__in=PROMISED)
    columns = ("kind", "state", raw("due_at"), raw("ended_at"), raw("missed_at"), "used_seconds")
    found: dict[int, list[ClockRun]] = defaultdict(list)
    for pk, kind, state, due_at, ended_at, missed_at, used in rows.values_list(
        "ticket_id", *columns
    ).iterator(chunk_size=2000):
        moments = as_moment(due_at), as_moment(ended_at), as_moment(missed_at)
        found[pk].append(ClockRun(kind, state, *moments, used))
    return found


def _levels() -> Levels:
    return dict(AgentProfile.objects.values_list("user_id", "languages"))


def _replies(
    tickets: Mapping[int, TicketNow], logs: Mapping[int, Sequence[Happening]], levels: Levels
) -> dict[int, list[StaffReply]]:
    """Of those whom one of these tickets may be foreign to; most have none."""
    languages = {pk: languages_of(ticket, logs.get(pk, ())) for pk, ticket in tickets.items()}
    strangers = {
        language: {user for user, known in levels.items() if answers_in(language, known) is False}
        for language in set().union(*languages.values())
    }
    asked = [pk for pk, spoken in languages.items() if any(strangers[language] for language in spoken)]
    authors = set().union(*strangers.values())
    rows = Message.objects.filter(
        ticket_id__in=Among(asked), kind=MessageKind.REPLY, side=Side.STAFF, author_id__in=Among(authors)
    )
    # The log and not the message: an erasure keeps from leaving what was an answer all the same.
    lines = (line for pk in asked for line in logs.get(pk, ()) if line.kind == MESSAGE_TAKEN_BACK)
    rows = rows.exclude(pk__in=Among(line.data["message"] for line in lines))
    found: dict[int, list[StaffReply]] = defaultdict(list)
    for pk, author, at in _written(
        rows.values_list("ticket_id", "author_id", raw("happened_at"), raw("created_at"))
    ):
        found[pk].append(StaffReply(author, at))
    return found


def _written(rows: Iterable[tuple[int, int, datetime, datetime]]) -> Iterator[tuple[int, int, datetime]]:
    """A letter is dated when it leaves, which may be later than it was read here; what is brought in is
    stored later than it was written. The earlier of both never changes."""
    for pk, author, happened_at, created_at in rows:
        yield pk, author, cast(datetime, as_moment(min(happened_at, created_at)))
