"""What clocks are derived from: the log of each ticket, and the calendars it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from otklik.desk.queries.promises import read_calendars
from otklik.desk.rules.sla_clock import CALENDAR_CHANGED, MOVES_CLOCKS, CalendarRef, ClockEvent
from otklik.desk.rules.vocabulary import SLA_ASSIGNED, SLA_BREACHED, SLA_WARNED, TICKET_CREATED
from otklik.events.public import LoggedEvent, Origin, logged
from otklik.kit.calendar import BusinessCalendar, around_the_clock

_READ = (MOVES_CLOCKS | {SLA_WARNED}) - {CALENDAR_CHANGED}


@dataclass(slots=True)
class TicketLog:
    """``terms``: what was assigned last; ``told``: when each notice went out, by (kind of event, clock)."""

    events: list[ClockEvent] = field(default_factory=list)
    terms: Mapping[str, Any] | None = None
    told: dict[tuple[str, str], datetime] = field(default_factory=dict)
    created_at: datetime | None = None
    recorded_at: datetime | None = None
    origin: str = Origin.LIVE

    def add(self, kind: str, at: datetime, pk: int, data: Mapping[str, Any]) -> None:
        if kind == SLA_ASSIGNED:
            self.terms = data
        if kind in (SLA_WARNED, SLA_BREACHED):
            self.told.setdefault((kind, str(data.get("name", ""))), at)
        if kind in MOVES_CLOCKS:
            self.events.append(ClockEvent(kind, at, pk, data))

    def calendar_refs(self) -> list[CalendarRef]:
        return [
            CalendarRef.read(event.data["calendar"]) for event in self.events if event.data.get("calendar")
        ]


def read_logs(ids: Sequence[int]) -> dict[int, TicketLog]:
    logs: dict[int, TicketLog] = defaultdict(TicketLog)
    for line in logged("ticket", ids, kinds=_READ):
        one = logs[line.object_id]
        one.add(line.kind, line.happened_at, line.id, line.data)
        if line.kind == TICKET_CREATED:
            one.created_at, one.recorded_at = line.happened_at, line.recorded_at
            one.origin = line.origin
    return logs


def with_calendar_changes(logs: Iterable[TicketLog]) -> Mapping[CalendarRef, BusinessCalendar]:
    """Puts into each log what happened to its calendars, and reads all of them: two queries, none where no
    calendar is named."""
    named = [(one, refs) for one in logs if (refs := one.calendar_refs())]
    ids = sorted({ref.id for _, refs in named for ref in refs})
    changes: dict[int, list[LoggedEvent]] = defaultdict(list)
    if ids:
        for line in logged("calendar", ids, kinds=[CALENDAR_CHANGED]):
            changes[line.object_id].append(line)
    wanted: set[CalendarRef] = set()
    for one, refs in named:
        wanted |= set(refs)
        for pk in {ref.id for ref in refs} & set(changes):
            for line in changes[pk]:
                one.add(line.kind, line.happened_at, line.id, line.data)
                wanted.add(CalendarRef.read(line.data["calendar"]))
    return read_calendars(wanted)


def calendars_for(
    one: TicketLog, known: Mapping[CalendarRef, BusinessCalendar]
) -> Mapping[CalendarRef | None, BusinessCalendar]:
    """Until the log names a calendar the first one it will name holds: a ticket from before there were
    policies has not been waiting through the nights."""
    first = next(
        (
            CalendarRef.read(e.data["calendar"])
            for e in one.events
            if e.kind == SLA_ASSIGNED and e.data.get("calendar")
        ),
        None,
    )
    fallback = known.get(first, around_the_clock()) if first is not None else around_the_clock()
    calendars: dict[CalendarRef | None, BusinessCalendar] = dict(known.items())
    return calendars | {None: fallback}
