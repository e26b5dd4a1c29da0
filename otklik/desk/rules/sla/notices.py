"""Which warnings and escalations are to be sent now."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from otklik.desk.rules.vocabulary import ClockState
from otklik.kit.calendar import BusinessCalendar, is_open


class NoticeKind(StrEnum):
    WARNING = "warning"
    BREACH = "breach"


class Owed(Protocol):
    """A clock as derived, or as stored."""

    @property
    def name(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def warn_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...


class Notice(NamedTuple):
    clock: str
    """`Clock.name`."""
    kind: NoticeKind
    due_at: datetime


def notices_due(
    clocks: Iterable[Owed],
    already: Collection[tuple[str, NoticeKind]],
    now: datetime,
    calendar: BusinessCalendar,
) -> tuple[Notice, ...]:
    """For clocks of one calendar. Each notice once in the life of its clock, and only while the calendar is
    open: what falls due at the end of a Friday is told on Monday morning. `already` holds (name of the clock,
    kind) of those sent. A breach that nobody was warned of in time is told as a breach alone."""
    if not is_open(calendar, now):
        return ()
    found = ((clock, _kind(clock, now)) for clock in clocks)
    return tuple(
        Notice(clock.name, kind, clock.due_at)
        for clock, kind in found
        if kind is not None and clock.due_at is not None and (clock.name, kind) not in already
    )


def _kind(clock: Owed, now: datetime) -> NoticeKind | None:
    if clock.state not in (ClockState.RUNNING, ClockState.BREACHED) or clock.ended_at is not None:
        return None
    if clock.due_at is not None and clock.due_at < now:
        return NoticeKind.BREACH
    if clock.warn_at is not None and clock.warn_at <= now:
        return NoticeKind.WARNING
    return None
