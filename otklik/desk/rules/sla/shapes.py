"""What goes into the clocks and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from otklik.desk.rules.vocabulary import ClockKind, ClockState
from otklik.kit.calendar import BusinessCalendar, Evening

MINUTE = timedelta(minutes=1)


class ClockEvent(NamedTuple):
    """A row of the log: what `at` is in it is when it happened. `id` orders what happened at one instant."""

    kind: str
    at: datetime
    id: int
    data: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Target:
    """Minutes of business time. The warning comes when `warn_at_percent` of them are used, or when
    `warn_minutes_before` are left; with neither there is none."""

    minutes: float
    warn_at_percent: float | None = None
    warn_minutes_before: float | None = None

    def left_at_warning(self, promised: timedelta) -> timedelta | None:
        if self.warn_minutes_before is not None:
            return timedelta(minutes=self.warn_minutes_before)
        if self.warn_at_percent is not None:
            return promised * (1 - self.warn_at_percent / 100)
        return None


class Reopening(StrEnum):
    """What a reopened ticket's clock of the resolution does."""

    CONTINUE = "continue"
    """It goes on with the time already used, but with the grace at least."""
    NEW_CYCLE = "new_cycle"
    """A new one begins with its whole time."""


class CalendarRef(NamedTuple):
    id: int
    version: int

    @classmethod
    def read(cls, value: Any) -> CalendarRef:
        """As it stands in the log: {"id": 3, "version": 2}."""
        return cls(int(value["id"]), int(value["version"]))


def read_evening(value: Any) -> Evening | None:
    """As it stands in the log: {"zone": "Asia/Almaty"} or nothing."""
    return Evening(str(value["zone"])) if value else None


Calendars = Callable[[CalendarRef | None], BusinessCalendar]
"""None asks for the calendar that holds until the log names one: for no time at all where the policy is
assigned in the instant of the creation."""


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise as the log says it stands. `due_at` is an instant, the same for whoever looks."""

    kind: ClockKind
    key: str
    """Tells clocks of one kind apart: the cycle, or the sub-request."""
    state: ClockState
    started_at: datetime
    due_at: datetime | None
    """None in a pause. Of an ended clock: when it was due, or would have been."""
    warn_at: datetime | None
    met_at: datetime | None
    ended_at: datetime | None
    """Met, or cancelled, or given up when the ticket was solved."""
    missed_at: datetime | None
    """The first deadline that passed unmet before an event that touched the clock: it stays, though more time
    was given since, or nothing is promised any more."""
    used: timedelta
    """Business time, counted up to `as_of`: its last start, pause, change or end."""
    paused: timedelta
    """Business time too: a pause outside service hours is none."""
    as_of: datetime
    cycle: int
    calendar: CalendarRef | None

    @property
    def name(self) -> str:
        """Of this clock within its ticket, as events and notices call it."""
        return f"{self.kind}:{self.key}"

    @property
    def elapsed_minutes(self) -> float:
        return self.used / MINUTE

    @property
    def paused_minutes(self) -> float:
        return self.paused / MINUTE
