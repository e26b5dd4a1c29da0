"""What a partner lived through in one ticket, each thing at the instant it happened: whoever asks of a moment
in the past gets the same, however much has happened since.

Outcome and beginning are told as they are known today: what turned out to be spam, or the same matter as
another ticket, was so from the start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from otklik.desk.rules import vocabulary as words
from otklik.desk.rules.handling import Move, answers_in, hand_overs
from otklik.desk.rules.vocabulary import OPEN_STATUSES, UNSERVED, ClockKind, ClockState, Verdict

READ_FROM_LOG = (
    words.TICKET_CREATED,
    words.STATUS_CHANGED,
    words.OWNER_CHANGED,
    words.TEAM_CHANGED,
    words.TOPIC_CHANGED,
    words.LANGUAGE_CHANGED,
    words.MESSAGE_TAKEN_BACK,
)
DATA_READ = ("before", "after", "outcome", "verdict", "topic", "team", "message")
# A question to a department is promised among ourselves, not to the partner.
PROMISED = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION)
_RESPONSES = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)
_ANSWERED = (ClockState.MET, ClockState.MET_LATE)
# Its due time, once it is over, passed unmet. That of a clock that runs passes by itself, whether or not
# anybody has looked; that of one that ended in time or was called off before never does.
_LATE_BY_ITSELF = (ClockState.RUNNING, ClockState.BREACHED, ClockState.MET_LATE)
# Answered, or not promised any more.
_NOT_OWED = (*_ANSWERED, ClockState.CANCELLED)
# The least that a later instant is later by.
_NEXT = timedelta(microseconds=1)


class Span(NamedTuple):
    """``until`` None: it goes on. It lasts up to that instant and not at it."""

    since: datetime
    until: datetime | None


class Since(NamedTuple):
    """What held from then on: an id, or None for none."""

    at: datetime
    value: int | None


class Wait(NamedTuple):
    answered_at: datetime
    hours: float
    """Of business time."""


class ClockRun(NamedTuple):
    kind: str
    state: str
    due_at: datetime | None
    ended_at: datetime | None
    missed_at: datetime | None
    used_seconds: int

    @property
    def broken_at(self) -> datetime | None:
        """The time that passes unmet. What was missed stays missed, whatever more time the clock was given
        since, and though nothing may be promised any more."""
        if self.kind not in PROMISED:
            return None
        return self.missed_at or (self.due_at if self.state in _LATE_BY_ITSELF else None)


class Happening(NamedTuple):
    """A line of the ticket's log."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


class TicketNow(NamedTuple):
    """As its row says."""

    id: int
    partner_id: int
    contact_id: int | None
    channel: str
    outcome: str
    status: str
    created_at: datetime
    closed_at: datetime | None
    topic_id: int | None
    team_id: int | None
    language: str


class StaffReply(NamedTuple):
    author_id: int
    at: datetime


class LivedTicket(NamedTuple):
    """``broken``: first instants after promised times that passed unmet. ``unanswered``: while it was open
    and we were late with an answer. ``foreign``: replies of people who do not speak its language. ``topics``
    and ``teams`` begin with the ticket."""

    id: int
    partner_id: int
    contact_id: int | None
    channel: str
    open: tuple[Span, ...]
    topics: tuple[Since, ...]
    teams: tuple[Since, ...]
    waits: tuple[Wait, ...]
    broken: tuple[datetime, ...]
    unanswered: tuple[Span, ...]
    reopened: tuple[datetime, ...]
    handed_over: tuple[datetime, ...]
    foreign: tuple[datetime, ...]


def lived_ticket(
    ticket: TicketNow,
    log: Sequence[Happening],
    clocks: Sequence[ClockRun],
    replies: Sequence[StaffReply],
    levels: Mapping[int, Mapping[str, int]],
) -> LivedTicket | None:
    """None for what nobody lived through: spam, a ticket merged into another, one begun by a machine.

    ``log``: lines of READ_FROM_LOG, oldest first. ``levels``: what is known of the languages of who replied.
    """
    told: dict[str, list[Happening]] = defaultdict(list)
    for line in log:
        told[line.kind].append(line)
    made = told[words.TICKET_CREATED][0].data if words.TICKET_CREATED in told else {}
    if ticket.outcome in UNSERVED or (made.get("verdict") or Verdict.PERSON) != Verdict.PERSON:
        return None
    topics, teams = told[words.TOPIC_CHANGED], told[words.TEAM_CHANGED]
    spans = _open_spans(ticket, told[words.STATUS_CHANGED])
    return LivedTicket(
        ticket.id,
        ticket.partner_id,
        ticket.contact_id,
        ticket.channel,
        spans,
        _course(ticket, topics, made.get("topic", ticket.topic_id)),
        _course(ticket, teams, made.get("team", ticket.team_id)),
        tuple(wait for wait in _waits(clocks) if not _is_over(ticket, wait.answered_at)),
        _lived(ticket, (due + _NEXT for clock in clocks if (due := clock.broken_at) is not None)),
        tuple(_unanswered(clocks, spans)),
        _lived(ticket, reopenings(log)),
        _lived(ticket, _hand_overs(told[words.OWNER_CHANGED], teams)),
        _lived(ticket, _foreign(ticket, told[words.LANGUAGE_CHANGED], replies, levels)),
    )


def _lived(ticket: TicketNow, moments: Iterable[datetime]) -> tuple[datetime, ...]:
    return tuple(moment for moment in moments if not _is_over(ticket, moment))


def _is_over(ticket: TicketNow, moment: datetime) -> bool:
    """Who has a closed ticket is our own matter. It is told by the same day as whoever asks leaves closed
    tickets out by: else a moment would count for some who ask and not for others."""
    return ticket.closed_at is not None and moment > ticket.closed_at


def _open_spans(ticket: TicketNow, changes: Sequence[Happening]) -> tuple[Span, ...]:
    first = changes[0].data["before"] if changes else ticket.status
    since = ticket.created_at if first in OPEN_STATUSES else None
    found = []
    for line in changes:
        is_open = line.data["after"] in OPEN_STATUSES
        if since is None and is_open:
            since = line.at
        elif since is not None and not is_open:
            found.append(Span(since, line.at))
            since = None
    if since is not None:
        found.append(Span(since, None))
    # Closed in the instant it was brought in: it was there all the same.
    return tuple(found) or (Span(ticket.created_at, ticket.created_at),)


def _course(ticket: TicketNow, changes: Sequence[Happening], made: int | None) -> tuple[Since, ...]:
    """By the log, which still names what was removed since."""
    first = changes[0].data["before"] if changes else made
    return (Since(ticket.created_at, first), *(Since(line.at, line.data["after"]) for line in changes))


def _waits(clocks: Iterable[ClockRun]) -> Iterator[Wait]:
    for clock in clocks:
        if clock.kind in _RESPONSES and clock.state in _ANSWERED and clock.ended_at is not None:
            yield Wait(clock.ended_at, clock.used_seconds / 3600)


def _unanswered(clocks: Iterable[ClockRun], spans: Sequence[Span]) -> Iterator[Span]:
    """Solved without the answer that was owed, the partner is not waiting; opened again, they are."""
    for clock in clocks:
        due = clock.broken_at
        if due is None or clock.kind not in _RESPONSES:
            continue
        until = clock.ended_at if clock.state in _NOT_OWED else None
        late = Span(due + _NEXT, until)
        for span in spans:
            since = max(late.since, span.since)
            ends = [end for end in (late.until, span.until) if end is not None]
            if not ends or since < min(ends):
                yield Span(since, min(ends) if ends else None)


def reopenings(log: Sequence[Happening]) -> Iterator[datetime]:
    """By lines of STATUS_CHANGED and MESSAGE_TAKEN_BACK. None where spam turned out not to be any, nor where
    a message was taken back with its status."""
    undone = {line.at for line in log if line.kind == words.MESSAGE_TAKEN_BACK}
    outcome = ""
    for line in log:
        if line.kind != words.STATUS_CHANGED:
            continue
        came_back = line.data["before"] not in OPEN_STATUSES and line.data["after"] in OPEN_STATUSES
        if came_back and outcome not in UNSERVED and line.at not in undone:
            yield line.at
        outcome = line.data.get("outcome") or ""


def _hand_overs(*changes: Sequence[Happening]) -> list[datetime]:
    """Of owners and of teams: another person and another team in one step are one hand-over."""
    return sorted({at for of_one in changes for at in hand_overs(map(_move, of_one))})


def _move(line: Happening) -> Move:
    return Move(line.at, line.data["before"], line.data["after"])


def _foreign(
    ticket: TicketNow,
    changes: Sequence[Happening],
    replies: Sequence[StaffReply],
    levels: Mapping[int, Mapping[str, int]],
) -> Iterator[datetime]:
    if not replies:
        return
    first = changes[0].data["before"] if changes else ticket.language
    course = [(ticket.created_at, first), *((line.at, line.data["after"]) for line in changes)]
    for reply in replies:
        language = [value for at, value in course if at <= reply.at][-1:] or [first]
        if answers_in(language[0], levels.get(reply.author_id, {})) is False:
            yield reply.at


def languages_of(ticket: TicketNow, log: Sequence[Happening]) -> set[str]:
    """All that it ever had."""
    changes = [line for line in log if line.kind == words.LANGUAGE_CHANGED]
    return {ticket.language, *(line.data["before"] for line in changes)} - {""}
