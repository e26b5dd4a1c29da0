"""Tells what happened to a ticket, so that its clocks can be asked.

Office hours are Monday to Friday, 9 to 17 UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from otklik.desk.rules import vocabulary as words
from otklik.desk.rules.sla_clock import (
    Clock,
    ClockEvent,
    Target,
    derive_clocks,
)
from otklik.desk.rules.vocabulary import ClockKind, ClockState
from otklik.kit.calendar import read_calendar

FIRST, NEXT, RESOLUTION, SUB = (
    ClockKind.FIRST_RESPONSE,
    ClockKind.NEXT_RESPONSE,
    ClockKind.RESOLUTION,
    ClockKind.SUB_REQUEST,
)
OFFICE = read_calendar({"zone": "UTC", "weekly": {"mon-fri": ["09:00-17:00"]}})
SHORT = read_calendar({"zone": "UTC", "weekly": {"mon-fri": ["09:00-13:00"]}})
ALWAYS = read_calendar({"zone": "UTC", "weekly": {"mon-sun": ["00:00-24:00"]}})
TARGETS = {FIRST: Target(60), NEXT: Target(120), RESOLUTION: Target(480)}
CALENDARS = {None: OFFICE, (1, 1): OFFICE, (1, 2): SHORT, (2, 1): ALWAYS}


def moment(text: str) -> datetime:
    """Of the first week of March 2026, such as "mon 09:30"; "mon2 09:30" is a week later."""
    day, clock = text.split()
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(day[:3]) + 7 * (int(day[3:] or 1) - 1)
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, 2, hour, minute, tzinfo=UTC) + timedelta(days=days)


class Story:
    """A log that is written in order."""

    def __init__(self, at: str = "mon 09:00", **data: Any) -> None:
        self.events: list[ClockEvent] = []
        self.tell(
            at, words.TICKET_CREATED, **{"channel": "email", "status": "new", "side": "partner", **data}
        )

    def tell(self, at: str, kind: str, /, **data: Any) -> Story:
        self.events.append(ClockEvent(kind, moment(at), len(self.events) + 1, data))
        return self

    def partner_writes(self, at: str, **data: Any) -> Story:
        return self.tell(at, words.MESSAGE_RECEIVED, **{"side": "partner", "verdict": "person", **data})

    def customer_writes(self, at: str) -> Story:
        return self.partner_writes(at, side="customer")

    def we_answer(self, at: str, **data: Any) -> Story:
        return self.tell(at, words.MESSAGE_SENT, **{"message": 1, "to_partner": True, **data})

    def becomes(self, at: str, status: str, outcome: str = "") -> Story:
        return self.tell(at, words.STATUS_CHANGED, after=status, outcome=outcome)

    def clocks(self, targets: dict[ClockKind, Target] | None = None, **more: Any) -> tuple[Clock, ...]:
        return derive_clocks(
            self.events, TARGETS if targets is None else targets, CALENDARS.__getitem__, **more
        )

    def clock(self, kind: ClockKind, **more: Any) -> Clock:
        [clock] = [clock for clock in self.clocks(**more) if clock.kind is kind]
        return clock

    def states(self, kind: ClockKind, **more: Any) -> list[ClockState]:
        return [clock.state for clock in self.clocks(**more) if clock.kind is kind]
