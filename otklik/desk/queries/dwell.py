"""With which departments a ticket has lain, from its log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.desk.models import Ticket
from otklik.desk.rules.dwell import Step, TeamEvent, measure_dwell
from otklik.desk.rules.vocabulary import (
    OPEN_STATUSES,
    STATUS_CHANGED,
    SUB_REQUEST_ANSWERED,
    SUB_REQUEST_ASKED,
    SUB_REQUEST_CANCELLED,
    TEAM_CHANGED,
    TICKET_CREATED,
)
from otklik.events.public import LoggedEvent, logged
from otklik.identity.public import Team

_STEPS = {
    SUB_REQUEST_ASKED: Step.ASKED,
    SUB_REQUEST_ANSWERED: Step.ANSWERED,
    SUB_REQUEST_CANCELLED: Step.CANCELLED,
}
_READ = (*_STEPS, TICKET_CREATED, TEAM_CHANGED, STATUS_CHANGED)


@dataclass(frozen=True, slots=True)
class TeamTime:
    """``held``: as the ticket's team; ``asked``: while an answer of theirs was awaited."""

    name: str
    held: timedelta
    asked: timedelta


@dataclass(frozen=True, slots=True)
class TicketDwell:
    """Longest first. ``ping_pong``: how often it came back to where it had been."""

    teams: list[TeamTime]
    ping_pong: int


def dwell_of(ticket: Ticket, *, at: datetime) -> TicketDwell:
    """Two queries, however long the log."""
    events = [step for line in logged("ticket", [ticket.pk], kinds=_READ) for step in _steps(line)]
    found = measure_dwell(events, until=at)
    ids = [team.team_id for team in found.teams]
    names = dict(Team.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    teams = [TeamTime(names.get(t.team_id, f"#{t.team_id}"), t.held, t.asked) for t in found.teams if t.total]
    return TicketDwell(teams, found.ping_pong)


def _steps(line: LoggedEvent) -> Iterator[TeamEvent]:
    data, at = line.data, line.happened_at
    if line.kind == TICKET_CREATED:
        yield TeamEvent(Step.MOVED, at, data.get("team"))
    elif line.kind == TEAM_CHANGED:
        yield TeamEvent(Step.MOVED, at, data.get("after"))
    elif line.kind == STATUS_CHANGED:
        was, is_open = (data.get(end) in OPEN_STATUSES for end in ("before", "after"))
        if was is not is_open:
            yield TeamEvent(Step.REOPENED if is_open else Step.ENDED, at)
    else:
        yield TeamEvent(_STEPS[line.kind], at, data.get("team"), data.get("sub_request"))
