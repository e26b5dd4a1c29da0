"""One clock and what happened to it, for `otklik sla due`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import itemgetter

from otklik.kit.calendar import BusinessCalendar, Stopwatch, started

MINUTE = timedelta(minutes=1)


class UnknownStep(ValueError):
    """No kind of event that a clock knows."""


class Step(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    SOLVED = "solved"
    REOPENED = "reopened"
    """Goes on with the time already used; the time between counts as a pause."""
    CANCELLED = "cancelled"

    @classmethod
    def read(cls, value: object) -> Step:
        try:
            return cls(str(value))
        except ValueError:
            raise UnknownStep(value) from None


class State(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MET_LATE = "met_late"
    BREACHED = "breached"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Course:
    zone: str
    due: datetime | None
    elapsed_minutes: float
    """Business minutes up to the last event, as are those paused."""
    paused_minutes: float
    state: State


class BeforeTheStart(Exception):
    """An event from before the clock started."""


def follow(
    calendar: BusinessCalendar, start: datetime, minutes: float, steps: Iterable[tuple[datetime, Step]]
) -> Course:
    """What changes nothing is passed over: a pause in a pause, whatever follows the end but a reopening.
    Raises `EmptyCalendar`, `BeyondTheTimetable`, `BeforeTheStart`."""
    watch = started(calendar, start, timedelta(minutes=minutes))
    end: Step | None = None
    for at, step in sorted(steps, key=itemgetter(0)):
        if at < start:
            raise BeforeTheStart(at)
        if end is None:
            watch = _next(watch, step, at)
            end = step if step in (Step.SOLVED, Step.CANCELLED) else None
        elif step is Step.REOPENED:
            # What was late stays late.
            watch, end = watch.resume(at) if watch.is_late else watch.go_on(at), None
    return Course(calendar.zone, watch.due, watch.used / MINUTE, watch.paused / MINUTE, _state(watch, end))


def _next(watch: Stopwatch, step: Step, at: datetime) -> Stopwatch:
    if step is Step.PAUSE:
        return watch.pause(at)
    if step is Step.RESUME:
        return watch.resume(at)
    return watch.up_to(at) if step is Step.REOPENED else watch.stop(at)


def _state(watch: Stopwatch, end: Step | None) -> State:
    if end is Step.CANCELLED:
        return State.CANCELLED
    if end is Step.SOLVED:
        return State.MET_LATE if watch.is_late else State.MET
    if watch.is_late:
        return State.BREACHED
    return State.RUNNING if watch.runs else State.PAUSED
