"""Tickets, three messages each, as rows of every table that an installation would have written of them.

The events are those that the operations record, in their order, and the clocks are what the product derives
from these events: ``otklik sla recompute`` finds no difference. A chunk depends on its number alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np

from otklik.desk.rules import vocabulary as words
from otklik.desk.rules.vocabulary import ClockState
from otklik.search.rules.terms import kind_term
from tests.bench.desk_cast import Cast
from tests.bench.desk_texts import SENTENCES, Sentence

RARE = "xylophanolith"
DAYS = 720
OPEN_SHARE, MERGED_SHARE = 0.04, 0.01
LONG_THREAD, LONG_TICKET = 50_000, 17
# Ids of a ticket's events are the next ones after so many for each ticket before it.
EVENTS_OF_A_TICKET = 16
_SEED = 23
_OF_A_TICKET, _OF_A_MESSAGE = kind_term("ticket"), kind_term("message")
_TOLD_AFTER = timedelta(minutes=1)

Row = tuple[object, ...]
COLUMNS: dict[str, str] = {
    "desk_ticket": (
        "id, program_id, partner_id, contact_id, requester_name, requester_address, customer_id, subject, "
        "status, outcome, priority, priority_rank, priority_by_hand, priority_reasons, topic_id, team_id, "
        "owner_id, owner_since, channel, mailbox_id, language, policy_id, created_at, updated_at, "
        "last_incoming_at, last_outgoing_at, first_replied_at, awaiting_us_since, solved_at, closed_at, "
        "reopened_count, message_count, is_open, next_due_at, next_due_kind, breached_at, clocks_paused, "
        "merged_into_id, follow_up_of_id, public_key, created_key, version"
    ),
    "desk_message": (
        'id, ticket_id, kind, side, channel, visible_to_partner, visible_to_customer, author_id, contact_id, '
        'customer_id, from_name, from_address, "to", cc, subject, text, quote, signature, html, language, '
        "verdict, message_id, delivery, send_at, delivery_note, attempts, call, key, happened_at, created_at"
    ),
    "desk_participant": "ticket_id, side, contact_id, customer_id, name, address, is_copied, since",
    "desk_mailreference": "ticket_id, digest, is_own",
    "desk_clock": (
        "ticket_id, kind, key, state, started_at, due_at, warn_at, ended_at, missed_at, used_seconds, "
        "paused_seconds, warned_at, escalated_at"
    ),
    "search_document": "id, kind, object_id, program_id, title, title_key, note, updated_at",
    "search_index": "rowid, terms",
    "events_event": (
        "id, kind, version, happened_at, recorded_at, origin, actor_kind, actor_id, data, batch_id"
    ),
    "events_eventsubject": "event_id, noun, object_id, happened_at",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    program: int
    name: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    name: str
    address: str
    company: int
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What all tickets share. ``promises``: what SLA_ASSIGNED says, by priority."""

    tickets: int
    cast: Cast
    people: Sequence[Person]
    companies: Mapping[int, Company]
    sentences: Sequence[Sentence]
    rare: frozenset[int]
    long_thread: bool
    promises: Mapping[str, Mapping[str, Any]]
    calendars: Mapping[Any, Any]
    now: datetime
    last_event: int
    last_document: int


@dataclass(slots=True)
class _Ticket:
    number: int
    moments: list[datetime]
    status: str
    reply: int
    """Which of the three messages is ours."""
    merged: bool
    person: Person
    owner: int | None
    priority: str
    said: list[int]
    dice: int
    at: list[str]
    """The moments as both engines' columns take them."""
    events: list[tuple[str, datetime, Mapping[str, Any]]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.status != "closed"


def rows_of(given: Given, first: int, last: int) -> dict[str, list[Row]]:
    """Tickets ``first`` … ``last`` - 1, the older the lower their number."""
    rows: dict[str, list[Row]] = {table: [] for table in COLUMNS}
    for ticket in _tickets(given, first, last):
        subject = f"{given.sentences[ticket.said[0]].text[:60]} {ticket.number}"
        ticket.events = _events(given, ticket)
        _messages(given, ticket, subject, rows)
        if ticket.number == LONG_TICKET and given.long_thread:
            _lengthen(given, ticket, rows)
        _document(given, ticket, subject, rows)
        derived = _derived(given, ticket)
        _ticket(given, ticket, subject, derived.ticket, rows)
        _clocks(derived, rows)
        _log(given, ticket, rows)
    return rows


def _tickets(given: Given, first: int, last: int) -> Iterator[_Ticket]:
    count, cast = last - first, given.cast
    draw = np.random.default_rng([_SEED, first])
    share = np.arange(first, last) / given.tickets
    # Two days for the conversation of the last one.
    start = int((given.now - timedelta(days=DAYS)).timestamp())
    created = start + (share * (DAYS - 2) * 86_400).astype("int64") + draw.integers(0, 3_000, count)
    second = created + draw.integers(600, 40_000, count)
    third = second + draw.integers(600, 90_000, count)
    # Most open ones are new, some are old.
    is_open = draw.random(count) < np.where(share > 0.97, 0.9, 0.0) * OPEN_SHARE / 0.03 + 0.004
    merged = draw.random(count) < MERGED_SHARE
    people = draw.integers(0, len(given.people), count)
    said = draw.integers(0, SENTENCES, (count, 10))
    dices = draw.integers(0, 1_000_000, count)
    columns = (created, second, third, is_open, merged, people, said, dices)
    for number, facts in enumerate(zip(*(column.tolist() for column in columns), strict=True), first):
        *seconds, open_, merge, person, sentences, dice = facts
        moments = [datetime.fromtimestamp(one, UTC) for one in seconds]
        is_long = number == LONG_TICKET
        status = ("new", "open", "open", "waiting", "on_hold")[dice % 5] if open_ else "closed"
        status = "open" if is_long else status
        owner = None if status == "new" and dice % 3 else cast.agents[dice % len(cast.agents)]
        replied_last = status in ("waiting", "on_hold") or (status == "closed" and dice % 2 == 1)
        yield _Ticket(
            number,
            moments,
            status,
            2 if replied_last and not is_long else 1,
            merge and number > 100 and not open_ and not is_long,
            given.people[person],
            owner,
            "low" if open_ and dice // 11 % 3 else "normal",
            sentences,
            dice,
            [str(moment)[:19] for moment in moments],
        )


def _messages(given: Given, ticket: _Ticket, subject: str, rows: dict[str, list[Row]]) -> None:
    person = ticket.person
    program = given.companies[person.company].program
    note = f"#{ticket.number} {subject}"[:250]
    rows["desk_participant"].append(
        (
            ticket.number,
            "partner",
            person.id,
            None,
            person.name,
            person.address,
            True,
            _text(ticket.moments[0]),
        )
    )
    for place, at in enumerate(ticket.at):
        number, reply = ticket.number * 3 - 2 + place, place == ticket.reply
        said = [given.sentences[k] for k in ticket.said[1 + place * 3 : 4 + place * 3]]
        rare = RARE if reply and ticket.number in given.rare else ""
        text = f"{' '.join([one.text for one in said])} INV-{number} {rare}".strip()
        rows["desk_message"].append(
            _message(number, ticket.number, reply, ticket.owner, person, subject, text, at)
        )
        digest = hashlib.sha256(f"m{number}@bench.example".encode()).digest()[:16]
        rows["desk_mailreference"].append((ticket.number, digest, True))
        document = given.last_document + 4 * ticket.number - 3 + place
        title, key = said[0].text[:120], said[0].key[:120]
        rows["search_document"].append((document, "message", number, program, title, key, note, at))
        terms = [term for one in said for term in one.terms]
        terms += [f"inv{number}", str(number), *([rare] if rare else [])]
        if not reply:
            terms += person.terms
        rows["search_index"].append((document, f"{' '.join(dict.fromkeys(terms))} {_OF_A_MESSAGE}"))


def _lengthen(given: Given, ticket: _Ticket, rows: dict[str, list[Row]]) -> None:
    """One ticket that nobody could keep apart: they write and we answer, every minute, in turn."""
    begun, number = given.now - timedelta(days=40), given.tickets * 3
    for place in range(1, LONG_THREAD - 2):
        moment, reply = begun + timedelta(minutes=place), place % 2 == 1
        text, at = "The check has failed.", _text(moment)
        owner = given.cast.agents[0]
        said = _message(number + place, ticket.number, reply, owner, ticket.person, "Alarm", text, at)
        rows["desk_message"].append(said)
        ticket.events.append(_message_event(number + place, reply, moment))


def _message(
    number: int, ticket: int, reply: bool, owner: int | None, person: Person, subject: str, text: str,
    at: str | None,
) -> Row:  # fmt: skip
    return (
        number, ticket, "reply" if reply else "incoming", "staff" if reply else "partner", "email",
        True, False, owner if reply else None, None if reply else person.id, None,
        "" if reply else person.name, "" if reply else person.address, "[]", "[]", subject, text, "", "", "",
        "ru", "person", f"m{number}@bench.example", "sent" if reply else "", None, "", 0, None, None, at, at,
    )  # fmt: skip


def _document(given: Given, ticket: _Ticket, subject: str, rows: dict[str, list[Row]]) -> None:
    person, first = ticket.person, given.sentences[ticket.said[0]]
    company = given.companies[person.company]
    document = given.last_document + 4 * ticket.number
    title = (subject, f"{first.key[:60]} {ticket.number}", f"#{ticket.number} · {company.name}")
    rows["search_document"].append((document, "ticket", ticket.number, company.program, *title, ticket.at[0]))
    terms = [*first.terms, str(ticket.number), *person.terms, *company.terms]
    terms.append(person.address.replace("@", "").replace(".", ""))
    rows["search_index"].append((document, f"{' '.join(dict.fromkeys(terms))} {_OF_A_TICKET}"))


def _events(given: Given, ticket: _Ticket) -> list[tuple[str, datetime, Mapping[str, Any]]]:
    first, moments = ticket.number * 3 - 2, ticket.moments
    created = {
        "channel": "email", "status": "new", "priority": ticket.priority, "topic": None, "team": None,
        "owner": ticket.owner, "sla_policy": given.cast.policy, "follow_up_of": None, "message": first,
        "side": "partner", "verdict": "person",
    }  # fmt: skip
    told: list[tuple[str, datetime, Mapping[str, Any]]] = [
        (words.TICKET_CREATED, moments[0], created),
        (words.SLA_ASSIGNED, moments[0], given.promises[ticket.priority]),
        *(_message_event(first + place, place == ticket.reply, moments[place]) for place in (1, 2)),
    ]
    if ticket.status != "new":
        changed = {"before": "new", "after": ticket.status, "outcome": "" if ticket.is_open else "answered"}
        told.append((words.STATUS_CHANGED, moments[2], changed))
    return told


def _message_event(number: int, reply: bool, at: datetime) -> tuple[str, datetime, Mapping[str, Any]]:
    if reply:
        sent = {"message": number, "first": True, "to_partner": True, "to_customer": False}
        return words.MESSAGE_SENT, at, sent
    received = {
        "message": number, "side": "partner", "channel": "email", "verdict": "person", "kind": "incoming",
    }  # fmt: skip
    return words.MESSAGE_RECEIVED, at, received


def _derived(given: Given, ticket: _Ticket) -> Any:
    """By the product's own rule. What is open and late, or nearly, has been told of."""
    derived = _derive(given, ticket.number, ticket.events)
    if not ticket.is_open:
        return derived
    for clock in derived.clocks:
        if clock.state is not ClockState.RUNNING or clock.due_at is None:
            continue
        data = {"clock": clock.kind.value, "name": clock.name, "due": clock.due_at.isoformat()}
        for kind, at in ((words.SLA_WARNED, clock.warn_at), (words.SLA_BREACHED, clock.due_at)):
            if at is not None and at + _TOLD_AFTER < given.now:
                ticket.events.append((kind, at + _TOLD_AFTER, data))
    return _derive(given, ticket.number, ticket.events)


def _derive(given: Given, number: int, events: Sequence[tuple[str, datetime, Mapping[str, Any]]]) -> Any:
    from otklik.desk.operations.clock_rows import copy_to_ticket
    from otklik.desk.queries.clock_log import TicketLog
    from otklik.desk.queries.derived import Derived, clocks_of

    log = TicketLog()
    for place, (kind, at, data) in enumerate(events):
        log.add(kind, at, place, data)
    stub: Any = SimpleNamespace(
        pk=number, next_due_at=None, next_due_kind="", breached_at=None, clocks_paused=False, policy_id=None
    )
    derived = Derived(stub, log, clocks_of(log, given.calendars, name=str(number)))
    copy_to_ticket(derived)
    return derived


def _ticket(given: Given, ticket: _Ticket, subject: str, due: Any, rows: dict[str, list[Row]]) -> None:
    n, cast, dice, person = ticket.number, given.cast, ticket.dice, ticket.person
    created, second, third = ticket.at
    incoming, outgoing = (second, third) if ticket.reply == 2 else (third, second)
    ended = None if ticket.is_open else third
    rows["desk_ticket"].append((
        n, given.companies[person.company].program, person.company, person.id, person.name, person.address,
        None, subject, ticket.status, "" if ticket.is_open else "answered", ticket.priority,
        2 if ticket.priority == "normal" else 3, False, "[]", cast.topics[dice % len(cast.topics)],
        cast.teams[dice // 7 % len(cast.teams)], ticket.owner, created if ticket.owner else None,
        ("email", "form", "phone")[dice % 3], cast.mailbox, ("ru", "en")[dice % 2], cast.policy,
        created, third, incoming, outgoing, outgoing,
        third if ticket.is_open and ticket.reply == 1 else None, ended, ended, 0,
        LONG_THREAD if n == LONG_TICKET and given.long_thread else 3, ticket.is_open,
        _text(due.next_due_at), due.next_due_kind, _text(due.breached_at), due.clocks_paused,
        n - 3 if ticket.merged else None, None,
        hashlib.blake2b(str(n).encode(), digest_size=16).hexdigest(), None, 3,
    ))  # fmt: skip


def _clocks(derived: Any, rows: dict[str, list[Row]]) -> None:
    from otklik.desk.operations.clock_rows import expected_rows

    for key, row in expected_rows([derived]).items():
        rows["desk_clock"].append(
            (*key, *(_text(value) if isinstance(value, datetime) else value for value in row))
        )


def _log(given: Given, ticket: _Ticket, rows: dict[str, list[Row]]) -> None:
    first = given.last_event + EVENTS_OF_A_TICKET * ticket.number - EVENTS_OF_A_TICKET
    for number, (kind, moment, data) in enumerate(ticket.events, first + 1):
        # Of the long thread: behind those of all others.
        behind = EVENTS_OF_A_TICKET * given.tickets if number > first + EVENTS_OF_A_TICKET else 0
        _event(number + behind, kind, _text(moment), data, ticket, rows)


def _event(
    number: int,
    kind: str,
    at: str | None,
    data: Mapping[str, Any],
    ticket: _Ticket,
    rows: dict[str, list[Row]],
) -> None:
    rows["events_event"].append((number, kind, 1, at, at, "live", "system", None, json.dumps(data), None))
    subjects = rows["events_eventsubject"]
    subjects.append((number, "ticket", ticket.number, at))
    if kind != words.SLA_ASSIGNED:
        subjects.append((number, "partner", ticket.person.company, at))
        subjects.append((number, "contact", ticket.person.id, at))


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else str(moment.replace(tzinfo=None))
