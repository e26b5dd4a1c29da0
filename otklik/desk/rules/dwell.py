"""How long a ticket lay with each department, and how often it was thrown back.

While a department is asked for an answer the ticket lies with it; otherwise with the ticket's team. Time is
elapsed, not business time: the partner waits at night too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Step(StrEnum):
    MOVED = "moved"
    """``team_id`` becomes the ticket's team (also at creation); None: no team."""
    ASKED = "asked"
    ANSWERED = "answered"
    CANCELLED = "cancelled"
    ENDED = "ended"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class TeamEvent:
    """From the ticket's log. ``sub_request_id`` for ASKED, ANSWERED and CANCELLED."""

    step: Step
    at: datetime
    team_id: int | None = None
    sub_request_id: int | None = None


@dataclass(frozen=True, slots=True)
class TeamDwell:
    team_id: int
    held: timedelta
    """As the ticket's team, with no other department asked."""
    asked: timedelta
    """While at least one of its answers was awaited."""

    @property
    def total(self) -> timedelta:
        return self.held + self.asked


@dataclass(frozen=True, slots=True)
class Dwell:
    teams: tuple[TeamDwell, ...]
    """Longest first. Departments asked at the same time each count their whole time."""
    ping_pong: int
    """Returns to a team it had just left (A→B→A), and departments asked again."""
    path: tuple[int, ...]
    """Teams in the order they owned the ticket."""


class _Walk:
    def __init__(self) -> None:
        self.team: int | None = None
        self.asked: dict[int | None, int] = {}
        self.running = True
        self.held: defaultdict[int, timedelta] = defaultdict(timedelta)
        self.waited: defaultdict[int, timedelta] = defaultdict(timedelta)

    def pass_time(self, span: timedelta) -> None:
        if not self.running or span <= timedelta(0):
            return
        for team in set(self.asked.values()):
            self.waited[team] += span
        if not self.asked and self.team is not None:
            self.held[self.team] += span

    def take(self, event: TeamEvent) -> None:
        match event.step:
            case Step.MOVED:
                self.team = event.team_id
            case Step.ASKED if event.team_id is not None:
                self.asked[event.sub_request_id] = event.team_id
            case Step.ANSWERED | Step.CANCELLED:
                self.asked.pop(event.sub_request_id, None)
            case Step.ENDED | Step.REOPENED:
                self.running = event.step is Step.REOPENED


def measure_dwell(events: Iterable[TeamEvent], *, until: datetime) -> Dwell:
    """``events`` of one ticket in any order; equal times keep theirs. Later than ``until`` is left out."""
    ordered = sorted((event for event in events if event.at <= until), key=lambda event: event.at)
    walk = _Walk()
    last: datetime | None = None
    for event in ordered:
        walk.pass_time(event.at - last if last else timedelta(0))
        walk.take(event)
        last = event.at
    if last is not None:
        walk.pass_time(until - last)
    teams = [TeamDwell(team, walk.held[team], walk.waited[team]) for team in {*walk.held, *walk.waited}]
    teams.sort(key=lambda dwell: (-dwell.total, dwell.team_id))
    path = _path(ordered)
    return Dwell(tuple(teams), _returns(path) + _asked_again(ordered), path)


def _path(events: Sequence[TeamEvent]) -> tuple[int, ...]:
    path: list[int] = []
    for event in events:
        if event.step is Step.MOVED and event.team_id is not None and path[-1:] != [event.team_id]:
            path.append(event.team_id)
    return tuple(path)


def _returns(path: Sequence[int]) -> int:
    return sum(before == after for before, after in zip(path, path[2:], strict=False))


def _asked_again(events: Sequence[TeamEvent]) -> int:
    """A question and its answer are work, not ping-pong; the second question to the same department is."""
    taken_back = {event.sub_request_id for event in events if event.step is Step.CANCELLED}
    asked = [e.team_id for e in events if e.step is Step.ASKED and e.sub_request_id not in taken_back]
    return len(asked) - len(set(asked))
