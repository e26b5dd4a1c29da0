"""Whatever happens to a ticket, its clocks follow from the log alone and do not contradict themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.desk.rules import vocabulary as words
from otklik.desk.rules.sla_clock import (
    CALENDAR_CHANGED,
    MOVES_CLOCKS,
    ClockEvent,
    Evening,
    Reopening,
    Target,
    derive_clocks,
)
from otklik.desk.rules.vocabulary import ClockKind, ClockState, TicketStatus
from otklik.kit.calendar import between, is_open, read_calendar

WEEK = read_calendar({"zone": "Europe/Berlin", "weekly": {"mon-fri": ["09:00-12:00", "13:00-17:00"]}})
CALENDARS = {
    None: WEEK,
    (1, 1): WEEK,
    (1, 2): read_calendar({"zone": "Asia/Almaty", "weekly": {"mon-sat": ["10:00-14:00"]}}),
}
TARGETS = {
    ClockKind.FIRST_RESPONSE: Target(60, warn_at_percent=80),
    ClockKind.NEXT_RESPONSE: Target(120),
    ClockKind.RESOLUTION: Target(600),
    ClockKind.SUB_REQUEST: Target(90),
}
# The clocks go forward in this week.
START = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
STATUSES = [status.value for status in TicketStatus]
STANDING = (TicketStatus.WAITING, TicketStatus.SOLVED, TicketStatus.CLOSED)

sides = st.sampled_from(["partner", "customer"])
messages = st.integers(1, 4)
ordinary = st.one_of(
    st.tuples(
        st.just(words.MESSAGE_RECEIVED),
        st.fixed_dictionaries(
            {"side": sides, "verdict": st.sampled_from(["person", "person", "auto_reply"])}
        ),
    ),
    st.tuples(
        st.just(words.MESSAGE_SENT),
        st.fixed_dictionaries(
            {"message": messages, "to_partner": st.booleans(), "to_customer": st.booleans()}
        ),
    ),
    st.tuples(st.just(words.MESSAGE_TAKEN_BACK), st.fixed_dictionaries({"message": messages})),
    st.tuples(
        st.just(words.STATUS_CHANGED),
        st.fixed_dictionaries(
            {"after": st.sampled_from(STATUSES), "outcome": st.sampled_from(["", "", "spam"])}
        ),
    ),
    st.tuples(st.just(words.SUB_REQUEST_ASKED), st.just({"sub_request": 5, "due_minutes": 45})),
    st.tuples(st.just(words.SUB_REQUEST_ANSWERED), st.just({"sub_request": 5})),
    st.tuples(st.just(words.SLA_BREACHED), st.just({})),
    st.tuples(st.just(words.TEAM_CHANGED), st.just({"before": 1, "after": 2})),
)
upheaval = st.one_of(
    st.tuples(
        st.just(words.SLA_ASSIGNED),
        st.fixed_dictionaries(
            {
                "targets": st.sampled_from(
                    [{"resolution": 60}, {"first_response": 300, "resolution": 900}, {}]
                ),
                "calendar": st.fixed_dictionaries({"id": st.just(1), "version": st.integers(1, 2)}),
            }
        ),
    ),
    st.tuples(st.just(CALENDAR_CHANGED), st.just({"calendar": {"id": 1, "version": 2}})),
    st.tuples(
        st.just(words.TICKET_MERGED),
        st.fixed_dictionaries(
            {
                "role": st.sampled_from(["survivor", "survivor", "source"]),
                "clocks": st.sampled_from(list(ClockKind)).map(
                    lambda kind: [
                        {"kind": kind.value, "started_at": START, "due_at": START + timedelta(hours=30)}
                    ]
                ),
            }
        ),
    ),
)


@st.composite
def logs(draw: st.DrawFn, steps: st.SearchStrategy[Any]) -> list[ClockEvent]:
    first = {
        "status": draw(st.sampled_from(["new", "waiting"])),
        "side": draw(st.sampled_from(["partner", "staff"])),
    }
    events = [ClockEvent(words.TICKET_CREATED, START, 1, first)]
    at = START
    for number, (kind, data) in enumerate(draw(st.lists(steps, max_size=12)), start=2):
        at += timedelta(minutes=draw(st.integers(0, 1500)))
        events.append(ClockEvent(kind, at, number, data))
    return events


options = st.fixed_dictionaries(
    {
        "reopening": st.sampled_from(list(Reopening)),
        "grace_minutes": st.sampled_from([0, 60]),
        "evening": st.sampled_from([None, Evening("Asia/Almaty")]),
    }
)


@settings(max_examples=60, deadline=None)
@given(events=logs(ordinary | upheaval), more=options, data=st.data())
def test_case_75_deriving_again_gives_the_same_however_the_log_is_handed_over(
    events: list[ClockEvent], more: dict[str, Any], data: st.DataObject
) -> None:
    clocks = derive_clocks(events, TARGETS, CALENDARS.__getitem__, **more)
    at = data.draw(st.integers(0, len(events)))
    moving = [event for event in events if event.kind in MOVES_CLOCKS]

    for again in (events, events[at:] + events[:at], data.draw(st.permutations(events)), moving):
        assert derive_clocks(again, TARGETS, CALENDARS.__getitem__, **more) == clocks


@settings(max_examples=80, deadline=None)
@given(events=logs(ordinary | upheaval), more=options)
def test_no_clock_contradicts_itself(events: list[ClockEvent], more: dict[str, Any]) -> None:
    clocks = derive_clocks(events, TARGETS, CALENDARS.__getitem__, **more)

    assert len({clock.name for clock in clocks if clock.kind is not ClockKind.SUB_REQUEST}) == len(
        [clock for clock in clocks if clock.kind is not ClockKind.SUB_REQUEST]
    )
    for clock in clocks:
        assert (clock.met_at is not None) == (clock.state in (ClockState.MET, ClockState.MET_LATE))
        assert clock.due_at is None or clock.due_at >= clock.started_at
        assert clock.started_at <= clock.as_of <= events[-1].at
        if clock.state in (ClockState.RUNNING, ClockState.PAUSED):
            assert clock.ended_at is None
        if clock.state is ClockState.RUNNING:
            assert clock.due_at is not None
            assert clock.due_at >= clock.as_of
        if clock.state is ClockState.PAUSED:
            assert clock.due_at is None
        if clock.state is ClockState.MET:
            assert clock.due_at is not None
            assert clock.met_at is not None
            assert clock.met_at <= clock.due_at
        if clock.warn_at is not None and clock.due_at is not None:
            assert clock.as_of <= clock.warn_at <= clock.due_at
    for kind in (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION):
        assert sum(clock.ended_at is None for clock in clocks if clock.kind is kind) <= 1


@settings(max_examples=60, deadline=None)
@given(events=logs(ordinary), more=options)
def test_what_is_used_and_what_is_paused_are_together_the_open_time(
    events: list[ClockEvent], more: dict[str, Any]
) -> None:
    for clock in derive_clocks(events, TARGETS, CALENDARS.__getitem__, **more):
        assert clock.used + clock.paused == between(WEEK, clock.started_at, clock.as_of)


@settings(max_examples=20, deadline=None)
@given(events=logs(ordinary))
def test_a_resolution_uses_the_open_minutes_in_which_the_ticket_was_ours(events: list[ClockEvent]) -> None:
    cycles = [
        clock
        for clock in derive_clocks(events, TARGETS, CALENDARS.__getitem__)
        if clock.kind is ClockKind.RESOLUTION
    ]
    if len(cycles) == 1:
        assert cycles[0].used == timedelta(minutes=minutes_that_were_ours(events, cycles[0].as_of))


def minutes_that_were_ours(events: Sequence[ClockEvent], until: datetime) -> int:
    """Counted by looking at the ticket and the clock on the wall every minute."""
    status, count, at, rest = TicketStatus.NEW, 0, START, list(events)
    while at < until:
        while rest and rest[0].at <= at:
            event = rest.pop(0)
            if event.kind in (words.TICKET_CREATED, words.STATUS_CHANGED):
                status = TicketStatus(event.data.get("after") or event.data["status"])
        count += status not in STANDING and is_open(WEEK, at)
        at += timedelta(minutes=1)
    return count
