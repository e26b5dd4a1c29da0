"""The clocks of a ticket, derived from its log.

`derive_clocks(events, targets, calendars)` is a pure function: the same log gives the same clocks, whenever
and however often it is asked, in whatever order the events are handed over. Whoever stores the result stores
the `Clock`s as they are and derives again after each event whose kind is in `MOVES_CLOCKS`; the others move
nothing.

What it goes by in an event's data, beside what `vocabulary` lists:

- `TICKET_CREATED`: `side` of who asked, `verdict`. Without a side a ticket of channel "staff" is ours and
  owes no first response; any other owes it to the first side that writes. One begun by a machine owes it to
  the first person.
- `MESSAGE_SENT`: `kind`. Only "reply" (the default) and "call" answer anybody; a notice or a note does not.
  `status` {before, after} that came with it, so that taking it back can undo that too.
- `TICKET_MERGED` with role "survivor": `clocks`, a list of {kind, key, side, started_at, due_at} of the
  running clocks of the other ticket. With role "source" all clocks end.
- `SLA_ASSIGNED`: `targets` {kind: minutes or {minutes, warn_at_percent, warn_minutes_before}} and `calendar`
  {id, version}. The `targets` argument holds until then, and lends its warnings to bare minutes. Where it has
  them, `reopening`, `grace_minutes` and `evening` ({zone} or None) hold from then on, too.
- `SUB_REQUEST_ASKED`: `calendar` {id, version} where the department has its own.
- `CALENDAR_CHANGED`: `calendar` {id, version}. It belongs to the calendar; hand it in with the events of
  every ticket that has a running clock by it.

A clock is "breached" where the log shows it: some event that touched the clock, `SLA_BREACHED` among them,
came after its deadline. Between the deadline and that event a viewer compares `due_at` with the time.

`notices_due` says what to send now, `next_due` when the next deadline falls. Raises `EmptyCalendar`
(`otklik.kit.calendar`) where a calendar gives no deadline at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from otklik.desk.rules import vocabulary as words
from otklik.desk.rules.sla.course import CALENDAR_CHANGED, Course
from otklik.desk.rules.sla.notices import Notice, NoticeKind, notices_due
from otklik.desk.rules.sla.shapes import CalendarRef, Calendars, Clock, ClockEvent, Reopening, Target
from otklik.desk.rules.vocabulary import ClockKind, ClockState
from otklik.kit.calendar import Evening

__all__ = [
    "CALENDAR_CHANGED",
    "MOVES_CLOCKS",
    "CalendarRef",
    "Calendars",
    "Clock",
    "ClockEvent",
    "Evening",
    "Notice",
    "NoticeKind",
    "Reopening",
    "Target",
    "derive_clocks",
    "next_due",
    "notices_due",
]

MOVES_CLOCKS = frozenset(
    (
        words.TICKET_CREATED,
        words.MESSAGE_RECEIVED,
        words.MESSAGE_SENT,
        words.MESSAGE_TAKEN_BACK,
        words.CALL_LOGGED,
        words.CALLBACK_DONE,
        words.STATUS_CHANGED,
        words.TICKET_MERGED,
        words.SUB_REQUEST_ASKED,
        words.SUB_REQUEST_ANSWERED,
        words.SUB_REQUEST_CANCELLED,
        words.SLA_ASSIGNED,
        words.SLA_BREACHED,
        CALENDAR_CHANGED,
    )
)


def derive_clocks(
    events: Sequence[ClockEvent],
    targets: Mapping[ClockKind, Target],
    calendars: Calendars,
    *,
    reopening: Reopening = Reopening.CONTINUE,
    grace_minutes: float = 120,
    evening: Evening | None = None,
) -> tuple[Clock, ...]:
    """In the order in which they began. `grace_minutes` is the least a reopened clock gets; `evening` is the
    partner's, where deadlines are to be kept before it (sub-requests are our own business and are not)."""
    course = Course(
        targets,
        calendars,
        reopening=reopening,
        grace=timedelta(minutes=grace_minutes),
        evening=evening,
    )
    for event in _that_happened(sorted(events, key=attrgetter("at", "id"))):
        course.take(event)
    return tuple(clock for track in course.tracks if (clock := track.clock()) is not None)


def _that_happened(events: list[ClockEvent]) -> Iterable[ClockEvent]:
    """Without the messages that were taken back: nobody has read them, so they answered nobody."""
    if not any(event.kind == words.MESSAGE_TAKEN_BACK for event in events):
        return events
    sent: dict[object, int] = {}
    gone: set[int] = set()
    for position, event in enumerate(events):
        if event.kind == words.MESSAGE_SENT:
            sent[event.data.get("message")] = position
        elif event.kind == words.MESSAGE_TAKEN_BACK and event.data.get("message") in sent:
            message = sent[event.data.get("message")]
            gone |= {message, *_there_and_back(events, message, position)}
    return (event for position, event in enumerate(events) if position not in gone)


def _there_and_back(events: list[ClockEvent], sent: int, taken_back: int) -> Iterable[int]:
    """The change of status that came with the message and the one that undid it. Left in, they would look
    like a solution and a reopening with its grace."""
    status = events[sent].data.get("status")
    if status is None:
        return ()
    way = (status["before"], status["after"])
    between = range(sent + 1, taken_back)
    there = [at for at in between if events[at].at == events[sent].at and _way(events[at]) == way]
    back = [at for at in between if events[at].at == events[taken_back].at and _way(events[at]) == way[::-1]]
    return (there[0], back[-1]) if there and back else ()


def _way(event: ClockEvent) -> tuple[object, object] | None:
    if event.kind != words.STATUS_CHANGED:
        return None
    return event.data.get("before"), event.data.get("after")


def next_due(clocks: Iterable[Clock]) -> datetime | None:
    """The nearest deadline of a running clock."""
    return min(
        (clock.due_at for clock in clocks if clock.state is ClockState.RUNNING and clock.due_at is not None),
        default=None,
    )
