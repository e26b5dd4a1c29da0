"""Reads the log of one ticket, event by event, and keeps its clocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from otklik.desk.rules import vocabulary as words
from otklik.desk.rules.sla.shapes import (
    CalendarRef,
    Calendars,
    ClockEvent,
    Reopening,
    Target,
    read_evening,
)
from otklik.desk.rules.sla.track import End, Track
from otklik.desk.rules.vocabulary import (
    Channel,
    ClockKind,
    MessageKind,
    Outcome,
    Side,
    TicketStatus,
    Verdict,
)
from otklik.kit.calendar import Evening, started

CALENDAR_CHANGED = "calendar.changed"  # calendar {id, version}; of the calendar, not of one ticket
DONE = (TicketStatus.SOLVED, TicketStatus.CLOSED)
OUTSIDE = (Side.PARTNER, Side.CUSTOMER)
RESPONSES = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)
OF_THE_TICKET = (*RESPONSES, ClockKind.RESOLUTION)
BY_PEOPLE = (MessageKind.REPLY, MessageKind.CALL)
NOT_OWED = (Outcome.SPAM, Outcome.MERGED)


class Course:
    def __init__(
        self,
        targets: Mapping[ClockKind, Target],
        calendars: Calendars,
        *,
        reopening: Reopening,
        grace: timedelta,
        evening: Evening | None,
    ) -> None:
        self.tracks: list[Track] = []
        # Without those that are over for good: a thread of thousands has few others.
        self._open: list[Track] = []
        self._cycles: Counter[ClockKind] = Counter()
        self._targets = dict(targets)
        self._calendars = calendars
        self._reopening = reopening
        self._grace = grace
        self._evening = evening
        self._ref: CalendarRef | None = None
        self._status = TicketStatus.NEW
        self._is_merged = False
        # Begun by a machine: the first response is owed to the first person.
        self._awaits_person = False
        # Sides that wrote while no clock could begin: before the first response, or after the end.
        self._waiting: dict[Side, datetime] = {}
        self._steps: dict[str, Callable[[Mapping[str, Any], datetime], None]] = {
            words.TICKET_CREATED: self._created,
            words.MESSAGE_RECEIVED: self._received,
            words.MESSAGE_SENT: self._sent,
            words.CALL_LOGGED: self._spoken,
            words.CALLBACK_DONE: self._spoken,
            words.STATUS_CHANGED: self._status_changed,
            words.TICKET_MERGED: self._merged,
            words.SUB_REQUEST_ASKED: self._asked,
            words.SUB_REQUEST_ANSWERED: self._answered,
            words.SUB_REQUEST_CANCELLED: self._withdrawn,
            words.SLA_ASSIGNED: self._assigned,
            words.SLA_BREACHED: self._breached,
            CALENDAR_CHANGED: self._calendar_changed,
        }

    def take(self, event: ClockEvent) -> None:
        step = self._steps.get(event.kind)
        if step is not None and not self._is_merged:
            step(event.data, event.at)

    # -- beginnings --------------------------------------------------------------------------------

    def _created(self, data: Mapping[str, Any], at: datetime) -> None:
        self._status = TicketStatus(data.get("status", TicketStatus.NEW))
        resolution = self._begin(ClockKind.RESOLUTION, at)
        if self._status is TicketStatus.WAITING:
            resolution.watch = resolution.watch.pause(at)
        side = data.get("side") or (Side.STAFF if data.get("channel") == Channel.STAFF else None)
        if side is not None and side not in OUTSIDE:
            return
        if _is_by_person(data):
            self._begin(ClockKind.FIRST_RESPONSE, at, side=None if side is None else Side(side))
        else:
            self._awaits_person = True

    def _begin(self, kind: ClockKind, at: datetime, *, side: Side | None = None) -> Track:
        self._cycles[kind] += 1
        cycle = self._cycles[kind]
        target = self._targets.get(kind)
        promised = None if target is None else timedelta(minutes=target.minutes)
        watch = started(self._calendars(self._ref), at, promised, evening=self._evening)
        track = Track(kind, str(cycle), cycle, at, watch, target, self._ref, side)
        self._add(track)
        return track

    def _add(self, track: Track) -> None:
        self.tracks.append(track)
        self._open = [*(one for one in self._open if not one.is_over), track]

    def _received(self, data: Mapping[str, Any], at: datetime) -> None:
        side = data.get("side", Side.PARTNER)
        if not _is_by_person(data) or side not in OUTSIDE:
            return
        if self._awaits_person and self._status not in DONE:
            self._awaits_person = False
            self._begin(ClockKind.FIRST_RESPONSE, at, side=Side(side))
        first = self._first_response()
        if first is not None and first.side is None:
            first.side = Side(side)
        self._waiting.setdefault(Side(side), at)
        self._begin_next_responses(at)

    def _begin_next_responses(self, at: datetime) -> None:
        """For everybody who waits for an answer and has no clock, once a next response can be owed."""
        if not self._waiting:
            return
        answered_by = {track.side for track in self._responses()}
        for side in [side for side in self._waiting if side in answered_by]:
            del self._waiting[side]
        if self._status in DONE or self._first_response() is not None:
            return
        for side in self._waiting:
            self._begin(ClockKind.NEXT_RESPONSE, at, side=side)
        self._waiting.clear()

    # -- answers -----------------------------------------------------------------------------------

    def _sent(self, data: Mapping[str, Any], at: datetime) -> None:
        if data.get("kind", MessageKind.REPLY) not in BY_PEOPLE:
            return
        sides = {
            side
            for side, key in ((Side.PARTNER, "to_partner"), (Side.CUSTOMER, "to_customer"))
            if data.get(key)
        }
        self._reach(sides, at)

    def _spoken(self, data: Mapping[str, Any], at: datetime) -> None:
        """A conversation on the phone is an answer."""
        if data.get("reached", True):
            self._reach({Side(data.get("side", Side.PARTNER))}, at)

    def _reach(self, sides: set[Side], at: datetime) -> None:
        if not sides:
            return
        for side in sides:
            self._waiting.pop(side, None)
        for track in self._open:
            if track.kind not in RESPONSES or not (track.side is None or track.side in sides):
                continue
            if track.end is End.GIVEN_UP and not track.is_late:
                track.go_on(at)
            if track.end in (None, End.GIVEN_UP):
                track.stop(End.MET, at)
        self._begin_next_responses(at)

    # -- status ------------------------------------------------------------------------------------

    def _status_changed(self, data: Mapping[str, Any], at: datetime) -> None:
        before, self._status = self._status, TicketStatus(data["after"])
        if self._status in DONE:
            self._finish(data.get("outcome"), at)
            return
        if before in DONE:
            self._reopen(at)
        for track in self._running(ClockKind.RESOLUTION):
            is_waiting = self._status is TicketStatus.WAITING
            track.watch = track.watch.pause(at) if is_waiting else track.watch.resume(at)

    def _finish(self, outcome: str | None, at: datetime) -> None:
        if outcome in NOT_OWED:
            self._stop(End.CANCELLED, self._running(), at)
            self._waiting.clear()
            return
        self._stop(End.MET, self._running(ClockKind.RESOLUTION), at)
        self._stop(End.GIVEN_UP, self._responses(), at)
        if self._status is TicketStatus.CLOSED:
            self._stop(End.CANCELLED, self._running(ClockKind.SUB_REQUEST), at)

    def _reopen(self, at: datetime) -> None:
        for track in [track for track in self._open if track.kind in RESPONSES]:
            if track.end not in (End.GIVEN_UP, End.CANCELLED):
                continue
            if not track.is_late:
                self._go_on(track, at)
            elif track.side is not None:
                # What was late stays on record; the answer is owed all the same.
                self._waiting.setdefault(track.side, at)
        self._reopen_resolution(at)
        self._begin_next_responses(at)

    def _reopen_resolution(self, at: datetime) -> None:
        last = [track for track in self._open if track.kind is ClockKind.RESOLUTION][-1:]
        does_continue = self._reopening is Reopening.CONTINUE
        if last and not last[0].is_late and (does_continue or last[0].end is End.CANCELLED):
            self._go_on(last[0], at)
            return
        track = self._begin(ClockKind.RESOLUTION, at)
        if does_continue and track.target is not None:
            track.watch = track.watch.promise(self._grace, at)

    def _go_on(self, track: Track, at: datetime) -> None:
        """By the calendar and the targets of now."""
        if track.follows_ticket:
            self._change_calendar(track, self._ref, at)
        track.retarget(self._targets.get(track.kind), at)
        track.go_on(at, self._grace)

    # -- merging -----------------------------------------------------------------------------------

    def _merged(self, data: Mapping[str, Any], at: datetime) -> None:
        if data.get("role") == "source":
            self._stop(End.MERGED, self._running(), at)
            self._is_merged = True
            return
        for one in data.get("clocks", ()):
            if one.get("due_at") is not None:
                self._adopt(one, at)

    def _adopt(self, one: Mapping[str, Any], at: datetime) -> None:
        """A clock of the ticket that was merged into this one: of two the earlier deadline holds."""
        kind = ClockKind(one["kind"])
        due, begun = _moment(one["due_at"]), _moment(one["started_at"])
        tracks = list(self._responses() if kind in RESPONSES else self._running(kind))
        if kind is ClockKind.SUB_REQUEST or not tracks:
            if self._status in DONE:
                return
            tracks = [self._take_over(kind, one, at)]
        for track in tracks:
            before = track.watch.up_to(at)
            track.watch = before.no_later_than(due, at)
            if track.watch != before:
                track.started_at = min(begun, track.started_at)

    def _take_over(self, kind: ClockKind, one: Mapping[str, Any], at: datetime) -> Track:
        """A clock that this ticket has none like: its deadline is all that is promised."""
        if kind in RESPONSES:
            track = self._begin(ClockKind.NEXT_RESPONSE, at, side=Side(one.get("side", Side.PARTNER)))
        else:
            track = self._begin(kind, at)
        if kind is ClockKind.SUB_REQUEST:
            track.key = str(one.get("key", track.key))
        track.watch = track.watch.promise(None, at)
        return track

    # -- sub-requests ------------------------------------------------------------------------------

    def _asked(self, data: Mapping[str, Any], at: datetime) -> None:
        rule = self._targets.get(ClockKind.SUB_REQUEST)
        minutes = data.get("due_minutes") or (rule.minutes if rule else None)
        own = data.get("calendar")
        ref = CalendarRef.read(own) if own else self._ref
        target = None
        if minutes is not None:
            target = Target(
                float(minutes),
                rule.warn_at_percent if rule else None,
                rule.warn_minutes_before if rule else None,
            )
        promised = None if target is None else timedelta(minutes=target.minutes)
        key = str(data["sub_request"])
        self._add(
            Track(
                ClockKind.SUB_REQUEST,
                key,
                1,
                at,
                started(self._calendars(ref), at, promised),
                target,
                ref,
                follows_ticket=not own,
            )
        )

    def _answered(self, data: Mapping[str, Any], at: datetime) -> None:
        self._stop(End.MET, self._sub_request(data), at)

    def _withdrawn(self, data: Mapping[str, Any], at: datetime) -> None:
        self._stop(End.CANCELLED, self._sub_request(data), at)

    def _sub_request(self, data: Mapping[str, Any]) -> Iterator[Track]:
        key = str(data["sub_request"])
        return (track for track in self._running(ClockKind.SUB_REQUEST) if track.key == key)

    # -- policy and calendar -----------------------------------------------------------------------

    def _assigned(self, data: Mapping[str, Any], at: datetime) -> None:
        self._take_terms(data, at)
        if data.get("calendar"):
            self._ref = CalendarRef.read(data["calendar"])
            for track in self._running():
                if track.follows_ticket:
                    self._change_calendar(track, self._ref, at)
        if "targets" in data:
            given = data["targets"]
            self._targets = {ClockKind(kind): self._target(ClockKind(kind), given[kind]) for kind in given}
            for track in self._running():
                if track.kind in OF_THE_TICKET:
                    track.retarget(self._targets.get(track.kind), at)

    def _take_terms(self, data: Mapping[str, Any], at: datetime) -> None:
        """What else the policy says: about reopening from now on, about evenings for what is running too."""
        self._reopening = Reopening(data.get("reopening", self._reopening))
        if "grace_minutes" in data:
            self._grace = timedelta(minutes=data["grace_minutes"])
        if "evening" not in data:
            return
        self._evening = read_evening(data["evening"])
        for track in self._running():
            if track.kind in OF_THE_TICKET and track.watch.evening != self._evening:
                now = track.watch.up_to(at)
                track.watch = now._replace(evening=self._evening).use(now.calendar, at)

    def _target(self, kind: ClockKind, value: Any) -> Target:
        """Minutes alone keep the warning they had."""
        if isinstance(value, Mapping):
            return Target(value["minutes"], value.get("warn_at_percent"), value.get("warn_minutes_before"))
        known = self._targets.get(kind)
        return Target(
            float(value),
            known.warn_at_percent if known else None,
            known.warn_minutes_before if known else None,
        )

    def _calendar_changed(self, data: Mapping[str, Any], at: datetime) -> None:
        ref = CalendarRef.read(data["calendar"])
        if self._ref is not None and self._ref.id == ref.id:
            self._ref = ref
        for track in self._running():
            if track.calendar is not None and track.calendar.id == ref.id:
                self._change_calendar(track, ref, at)

    def _change_calendar(self, track: Track, ref: CalendarRef | None, at: datetime) -> None:
        if track.calendar != ref:
            track.watch = track.watch.use(self._calendars(ref), at)
            track.calendar = ref

    def _breached(self, data: Mapping[str, Any], at: datetime) -> None:
        """The log has reached this instant: what was due before it is late, whichever clock was named."""
        for track in self._running():
            track.watch = track.watch.up_to(at)

    # -- which clocks ------------------------------------------------------------------------------

    def _running(self, kind: ClockKind | None = None) -> Iterator[Track]:
        return (track for track in self._open if track.is_running and kind in (None, track.kind))

    def _responses(self) -> Iterator[Track]:
        return (track for track in self._open if track.is_running and track.kind in RESPONSES)

    def _first_response(self) -> Track | None:
        return next(self._running(ClockKind.FIRST_RESPONSE), None)

    @staticmethod
    def _stop(end: End, tracks: Iterable[Track], at: datetime) -> None:
        for track in list(tracks):
            track.stop(end, at)


def _is_by_person(data: Mapping[str, Any]) -> bool:
    return (data.get("verdict") or Verdict.PERSON) == Verdict.PERSON


def _moment(value: datetime | str) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
