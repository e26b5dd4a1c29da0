"""One clock while the log is being read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from otklik.desk.rules.sla.shapes import CalendarRef, Clock, Target
from otklik.desk.rules.vocabulary import ClockKind, ClockState, Side
from otklik.kit.calendar import Stopwatch

NOTHING = timedelta(0)


class End(StrEnum):
    MET = "met"
    GIVEN_UP = "given_up"
    """Solved without the answer that was owed: it goes on if the ticket is reopened."""
    CANCELLED = "cancelled"
    """Spam, or withdrawn: not owed, unless somebody says it was a mistake."""
    MERGED = "merged"


@dataclass(slots=True)
class Track:
    kind: ClockKind
    key: str
    cycle: int
    started_at: datetime
    watch: Stopwatch
    target: Target | None
    calendar: CalendarRef | None
    side: Side | None = None
    """Who waits for the answer; None until it is known: any outside party."""
    follows_ticket: bool = True
    """Uses the calendar of the ticket, not one of its own."""
    end: End | None = None
    ended_at: datetime | None = None
    was_promised: bool = False

    @property
    def is_running(self) -> bool:
        return self.end is None

    @property
    def is_over(self) -> bool:
        """For good. A resolution that was met can be reopened."""
        return self.end is End.MERGED or (self.end is End.MET and self.kind is not ClockKind.RESOLUTION)

    @property
    def is_late(self) -> bool:
        return self.watch.is_late

    def stop(self, end: End, at: datetime) -> None:
        self.watch = self.watch.stop(at)
        self.end, self.ended_at = end, at

    def go_on(self, at: datetime, grace: timedelta = NOTHING) -> None:
        self.end = self.ended_at = None
        self.watch = self.watch.go_on(at, at_least=grace)

    def retarget(self, target: Target | None, at: datetime) -> None:
        """What a merge or a reopening gave or took beside the target stays."""
        before, self.target = self.target, target
        if target is None:
            self.was_promised |= self.watch.promised is not None
            self.watch = self.watch.promise(None, at)
            return
        minutes = timedelta(minutes=target.minutes)
        if self.watch.promised is None or before is None:
            self.watch = self.watch.promise(minutes, at)
        elif before.minutes != target.minutes:
            change = minutes - timedelta(minutes=before.minutes)
            self.watch = self.watch.promise(self.watch.promised + change, at)

    def clock(self) -> Clock | None:
        """None where nothing was ever promised."""
        if self.watch.promised is None and not self.was_promised:
            return None
        state = self._state()
        return Clock(
            kind=self.kind,
            key=self.key,
            state=state,
            started_at=self.started_at,
            due_at=self.watch.due,
            warn_at=self._warn_at() if state is ClockState.RUNNING else None,
            met_at=self.ended_at if state in (ClockState.MET, ClockState.MET_LATE) else None,
            # What is no longer promised ends without an event of its own.
            ended_at=self.ended_at or (self.watch.as_of if state is ClockState.CANCELLED else None),
            missed_at=self.watch.missed,
            used=self.watch.used,
            paused=self.watch.paused,
            as_of=self.watch.as_of,
            cycle=self.cycle,
            calendar=self.calendar,
        )

    def _state(self) -> ClockState:
        if self.watch.promised is None or self.end in (End.CANCELLED, End.MERGED):
            return ClockState.CANCELLED
        if self.end is End.MET:
            return ClockState.MET_LATE if self.is_late else ClockState.MET
        if self.is_late:
            return ClockState.BREACHED
        if self.end is End.GIVEN_UP:
            return ClockState.CANCELLED
        return ClockState.RUNNING if self.watch.runs else ClockState.PAUSED

    def _warn_at(self) -> datetime | None:
        if self.target is None or self.watch.promised is None:
            return None
        left = self.target.left_at_warning(self.watch.promised)
        return None if left is None else self.watch.when_left(left)
