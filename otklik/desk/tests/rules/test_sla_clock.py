"""The clocks of a ticket, told as what happened to it. Office hours are Monday to Friday, 9 to 17 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from otklik.desk.rules import vocabulary as words
from otklik.desk.rules.sla_clock import (
    CALENDAR_CHANGED,
    CalendarRef,
    Clock,
    ClockEvent,
    Evening,
    NoticeKind,
    Reopening,
    Target,
    derive_clocks,
    next_due,
    notices_due,
)
from otklik.desk.rules.vocabulary import ClockKind, ClockState
from otklik.kit.calendar import BusinessCalendar, EmptyCalendar, read_calendar

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
    """ "mon 09:30", of the first week of March 2026; "mon2 09:30" is a week later."""
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


# -- first and next response -----------------------------------------------------------------------


def test_a_question_starts_the_first_response_and_the_resolution() -> None:
    story = Story("fri 16:30")

    first, resolution = story.clock(FIRST), story.clock(RESOLUTION)
    assert (first.state, first.due_at) == (ClockState.RUNNING, moment("mon2 09:30"))
    assert (resolution.state, resolution.due_at) == (ClockState.RUNNING, moment("mon2 16:30"))
    assert next_due(story.clocks()) == moment("mon2 09:30")


def test_a_ticket_that_we_began_owes_no_first_response() -> None:
    story = Story(channel="staff", side="staff").we_answer("mon 09:00").partner_writes("mon 10:00")

    assert story.states(FIRST) == []
    assert story.clock(NEXT).due_at == moment("mon 12:00")


def test_a_ticket_begun_by_a_machine_owes_the_first_response_to_the_first_person() -> None:
    story = Story(verdict="bulk")
    assert story.states(FIRST) == []

    story.partner_writes("mon 11:00")
    assert story.clock(FIRST).due_at == moment("mon 12:00")
    assert story.states(NEXT) == []


@pytest.mark.parametrize(
    "data", [{"to_partner": False}, {"kind": "notice"}, {"kind": "note"}, {"kind": "auto"}]
)
def test_neither_a_note_nor_an_automatic_notice_is_an_answer(data: dict[str, Any]) -> None:
    assert Story().we_answer("mon 09:10", **data).clock(FIRST).state is ClockState.RUNNING


def test_an_answer_meets_the_first_response_in_time_or_late() -> None:
    in_time = Story().we_answer("mon 10:00").clock(FIRST)
    late = Story().we_answer("mon 10:01").clock(FIRST)

    assert (in_time.state, in_time.met_at, in_time.elapsed_minutes) == (
        ClockState.MET,
        moment("mon 10:00"),
        60,
    )
    assert (late.state, late.due_at, late.elapsed_minutes) == (ClockState.MET_LATE, moment("mon 10:00"), 61)


def test_a_talk_on_the_phone_is_an_answer_and_a_call_nobody_took_is_none() -> None:
    assert Story().tell("mon 09:20", words.CALL_LOGGED, minutes=4).clock(FIRST).state is ClockState.MET
    missed = Story().tell("mon 09:20", words.CALLBACK_DONE, reached=False)
    assert missed.clock(FIRST).state is ClockState.RUNNING


def test_the_next_response_runs_from_the_first_unanswered_message() -> None:
    story = Story().we_answer("mon 09:30").partner_writes("mon 10:00").partner_writes("mon 11:00")
    assert story.clock(NEXT).due_at == moment("mon 12:00")

    story.we_answer("mon 11:30").partner_writes("mon 14:00")
    assert [(clock.key, clock.state) for clock in story.clocks() if clock.kind is NEXT] == [
        ("1", ClockState.MET),
        ("2", ClockState.RUNNING),
    ]


def test_case_69_no_next_response_begins_before_the_first() -> None:
    story = Story().partner_writes("mon 09:10").partner_writes("mon 12:00").customer_writes("mon 12:30")

    assert story.states(NEXT) == []
    assert story.clock(FIRST).due_at == moment("mon 10:00")


def test_each_outside_side_is_answered_by_what_it_can_read() -> None:
    story = Story(side="customer").we_answer("mon 09:30")
    assert story.clock(FIRST).state is ClockState.RUNNING

    story.partner_writes("mon 09:40").we_answer("mon 09:50", to_partner=False, to_customer=True)
    assert story.clock(FIRST).state is ClockState.MET
    # The partner still waits, and could not be owed a next response before the first was given.
    assert story.clock(NEXT).started_at == moment("mon 09:50")


def test_case_08_out_of_office_moves_no_clock() -> None:
    quiet = Story().we_answer("mon 09:30").becomes("mon 09:30", "waiting")
    before = quiet.clocks()

    quiet.partner_writes("mon 09:31", verdict="auto_reply")

    assert quiet.clocks() == before


def test_a_reply_that_was_taken_back_answered_nobody() -> None:
    story = Story().we_answer("mon 09:30", message=7)
    assert story.clock(FIRST).state is ClockState.MET

    story.tell("mon 09:31", words.MESSAGE_TAKEN_BACK, message=7)
    assert story.clock(FIRST).state is ClockState.RUNNING
    assert story.clock(FIRST).due_at == moment("mon 10:00")

    story.we_answer("mon 09:40", message=7)
    assert story.clock(FIRST).met_at == moment("mon 09:40")


# -- resolution and pauses -------------------------------------------------------------------------


def test_waiting_for_the_partner_stops_the_resolution_and_being_on_hold_does_not() -> None:
    waiting = Story().becomes("mon 10:00", "waiting")
    assert (waiting.clock(RESOLUTION).state, waiting.clock(RESOLUTION).due_at) == (ClockState.PAUSED, None)
    assert waiting.clock(FIRST).state is ClockState.RUNNING

    on_hold = Story().becomes("mon 10:00", "on_hold")
    assert on_hold.clock(RESOLUTION).due_at == moment("mon 17:00")


def test_case_66_solved_straight_from_a_pause() -> None:
    clock = Story().becomes("mon 10:00", "waiting").becomes("mon 12:00", "solved").clock(RESOLUTION)

    assert (clock.state, clock.met_at) == (ClockState.MET, moment("mon 12:00"))
    assert (clock.elapsed_minutes, clock.paused_minutes) == (60, 120)
    assert clock.due_at == moment("tue 11:00")


def test_case_67_a_pause_across_the_weekend_moves_the_deadline_by_its_service_hours() -> None:
    clock = Story("fri 12:00").becomes("fri 16:00", "waiting").becomes("mon2 10:00", "open").clock(RESOLUTION)

    assert clock.paused_minutes == 120
    assert clock.due_at == moment("mon2 14:00")


def test_case_67_a_pause_outside_service_hours_is_none() -> None:
    clock = Story("fri 12:00").becomes("fri 18:00", "waiting").becomes("sun 10:00", "open").clock(RESOLUTION)

    assert clock.paused_minutes == 0
    assert clock.due_at == moment("mon2 12:00")


def test_a_clock_that_is_late_stays_so_in_a_pause() -> None:
    story = Story().becomes("tue 10:00", "waiting")
    assert story.clock(RESOLUTION).state is ClockState.BREACHED
    assert story.clock(RESOLUTION).due_at == moment("mon 17:00")

    story.becomes("wed 10:00", "open").becomes("wed 11:00", "solved")
    assert story.clock(RESOLUTION).state is ClockState.MET_LATE


def test_case_68_a_reopened_ticket_goes_on_with_its_used_time() -> None:
    story = Story().becomes("mon 11:00", "solved").becomes("tue 09:00", "open")

    clock = story.clock(RESOLUTION)
    assert (clock.state, clock.met_at, clock.elapsed_minutes) == (ClockState.RUNNING, None, 120)
    assert clock.due_at == moment("tue 15:00")


def test_case_68_a_reopened_ticket_is_not_late_at_once() -> None:
    story = Story().becomes("mon 16:59", "solved").becomes("fri 09:00", "open")

    assert story.clock(RESOLUTION, grace_minutes=90).due_at == moment("fri 10:30")


def test_case_68_or_a_new_cycle_begins_and_the_old_one_stays_met() -> None:
    story = Story().becomes("mon 16:59", "solved").becomes("fri 09:00", "open")

    old, new = (clock for clock in story.clocks(reopening=Reopening.NEW_CYCLE) if clock.kind is RESOLUTION)
    assert (old.state, old.cycle) == (ClockState.MET, 1)
    assert (new.state, new.cycle, new.due_at) == (ClockState.RUNNING, 2, moment("fri 17:00"))


def test_case_68_a_late_resolution_stays_on_record_and_what_follows_gets_the_grace() -> None:
    story = Story().becomes("wed 10:00", "solved").becomes("wed 11:00", "open")

    old, new = (clock for clock in story.clocks() if clock.kind is RESOLUTION)
    assert old.state is ClockState.MET_LATE
    assert (new.state, new.due_at) == (ClockState.RUNNING, moment("wed 13:00"))


def test_solved_without_an_answer_the_first_response_goes_on_when_it_is_reopened() -> None:
    story = Story().becomes("mon 09:30", "solved")
    assert story.clock(FIRST).state is ClockState.CANCELLED

    story.partner_writes("tue 09:00").becomes("tue 09:00", "open")
    assert story.clock(FIRST, grace_minutes=10).due_at == moment("tue 09:30")
    assert story.states(NEXT) == []


@pytest.mark.parametrize("answered_first", [True, False])
def test_answered_and_solved_in_one_step_is_answered(answered_first: bool) -> None:
    story = Story()
    if answered_first:
        story.we_answer("mon 09:30").becomes("mon 09:30", "solved")
    else:
        story.becomes("mon 09:30", "solved").we_answer("mon 09:30")

    assert [clock.state for clock in story.clocks()] == [ClockState.MET, ClockState.MET]


def test_thanks_after_the_end_owes_nothing_until_the_ticket_is_reopened() -> None:
    story = Story().we_answer("mon 09:30").becomes("mon 09:30", "solved").partner_writes("mon 12:00")
    assert story.states(NEXT) == []

    story.becomes("tue 09:00", "open")
    assert story.clock(NEXT).due_at == moment("tue 11:00")


@pytest.mark.parametrize("outcome", ["spam", "merged"])
def test_what_is_not_owed_is_cancelled(outcome: str) -> None:
    story = Story().tell("mon 09:05", words.SUB_REQUEST_ASKED, sub_request=5, due_minutes=30)

    story.becomes("mon 09:10", "closed", outcome)

    assert {clock.state for clock in story.clocks()} == {ClockState.CANCELLED}
    assert next_due(story.clocks()) is None


def test_spam_by_mistake_is_owed_again() -> None:
    story = Story().becomes("mon 09:10", "closed", "spam").becomes("mon 10:00", "open")

    assert story.clock(FIRST, grace_minutes=0).due_at == moment("mon 10:50")
    assert story.clock(RESOLUTION, reopening=Reopening.NEW_CYCLE).elapsed_minutes == 10


# -- policy, calendar, departments -----------------------------------------------------------------


def test_another_policy_keeps_the_used_time() -> None:
    story = Story().tell("mon 11:00", words.SLA_ASSIGNED, targets={"first_response": 60, "resolution": 240})
    assert story.clock(RESOLUTION).due_at == moment("mon 13:00")

    story.tell("mon 12:00", words.SLA_ASSIGNED, targets={"resolution": 60})
    assert story.clock(RESOLUTION).due_at == moment("mon 12:00")
    # What is no longer promised is no longer owed.
    assert story.clock(FIRST).state is ClockState.CANCELLED


def test_the_same_policy_again_changes_nothing() -> None:
    promise = {"first_response": 60, "resolution": 480}
    story = Story().tell("mon 09:00", words.SLA_ASSIGNED, targets=promise)
    before = story.clocks()

    story.tell("tue 12:00", words.SLA_ASSIGNED, targets=promise)
    assert story.clocks() == before


def test_a_promise_that_comes_late_counts_the_time_already_used() -> None:
    story = Story()
    assert story.clocks({}) == ()

    story.tell("mon 09:30", words.SLA_ASSIGNED, targets={"first_response": 60})
    assert story.clock(FIRST, targets={}).due_at == moment("mon 10:00")


def test_case_70_an_edited_calendar_keeps_used_time_and_counts_the_rest_anew() -> None:
    ref = {"id": 1, "version": 1}
    story = Story().tell("mon 09:00", words.SLA_ASSIGNED, calendar=ref)
    story.tell("mon 12:00", CALENDAR_CHANGED, calendar={"id": 1, "version": 2})

    clock = story.clock(RESOLUTION)
    # Three hours used; one today, four tomorrow by the shorter day.
    assert clock.elapsed_minutes == 180
    assert clock.due_at == moment("tue 13:00")
    assert clock.calendar == CalendarRef(1, 2)


def test_case_70_an_edit_of_another_calendar_is_no_concern() -> None:
    story = Story().tell("mon 09:00", words.SLA_ASSIGNED, calendar={"id": 1, "version": 1})
    before = story.clocks()

    assert story.tell("mon 12:00", CALENDAR_CHANGED, calendar={"id": 2, "version": 5}).clocks() == before


def test_case_71_a_deadline_is_one_instant_for_agents_in_three_zones() -> None:
    due = Story("fri 16:30").clock(FIRST).due_at
    assert due is not None

    shown = [due.astimezone(ZoneInfo(zone)) for zone in ("Europe/Moscow", "Asia/Almaty", "America/New_York")]

    assert len({one.utcoffset() for one in shown}) == 3
    assert {one.astimezone(UTC) for one in shown} == {moment("mon2 09:30")}


def test_case_72_of_merged_tickets_the_earliest_deadline_holds() -> None:
    theirs = [
        {
            "kind": "first_response",
            "started_at": "2026-03-02T08:00:00+00:00",
            "due_at": "2026-03-02T09:45:00+00:00",
        },
        {
            "kind": "resolution",
            "started_at": "2026-03-02T10:00:00+00:00",
            "due_at": "2026-03-03T10:00:00+00:00",
        },
    ]
    story = Story().tell("mon 09:30", words.TICKET_MERGED, role="survivor", other=2, clocks=theirs)

    first = story.clock(FIRST)
    assert (first.due_at, first.started_at) == (moment("mon 09:45"), moment("mon 08:00"))
    assert story.clock(RESOLUTION).due_at == moment("mon 17:00")

    assert story.we_answer("mon 09:50").clock(FIRST).state is ClockState.MET_LATE


def test_case_72_a_deadline_that_is_over_comes_with_the_merge() -> None:
    theirs = [{"kind": "next_response", "started_at": moment("mon 08:00"), "due_at": moment("mon 08:30")}]
    story = Story().tell("mon 09:30", words.TICKET_MERGED, role="survivor", clocks=theirs)

    assert story.clock(FIRST).state is ClockState.BREACHED
    assert story.clock(FIRST).due_at == moment("mon 08:30")


def test_case_72_who_waited_in_the_other_ticket_waits_in_this_one() -> None:
    theirs = [{"kind": "first_response", "started_at": moment("mon 09:20"), "due_at": moment("mon 10:20")}]
    story = Story().we_answer("mon 09:05")
    story.tell("mon 09:30", words.TICKET_MERGED, role="survivor", clocks=theirs)

    clock = story.clock(NEXT)
    assert (clock.state, clock.started_at, clock.due_at) == (
        ClockState.RUNNING,
        moment("mon 09:20"),
        moment("mon 10:20"),
    )


def test_a_ticket_that_was_merged_away_owes_nothing_any_more() -> None:
    story = Story().tell("mon 09:30", words.TICKET_MERGED, role="source", into=2).partner_writes("mon 10:00")

    assert {clock.state for clock in story.clocks()} == {ClockState.CANCELLED}


def test_case_73_another_department_owner_or_priority_resets_nothing() -> None:
    story = Story()
    before = story.clocks()

    for kind in (words.TEAM_CHANGED, words.OWNER_CHANGED, words.PRIORITY_CHANGED, words.TOPIC_CHANGED):
        story.tell("mon 12:00", kind, before=1, after=2)

    assert story.clocks() == before


def test_a_sub_request_has_its_own_minutes_and_calendar() -> None:
    story = Story("fri 16:00")
    story.tell("fri 16:30", words.SUB_REQUEST_ASKED, sub_request=5, team=2, due_minutes=60)
    story.tell(
        "fri 16:30",
        words.SUB_REQUEST_ASKED,
        sub_request=6,
        team=3,
        due_minutes=60,
        calendar={"id": 2, "version": 1},
    )
    five, six = (clock for clock in story.clocks() if clock.kind is SUB)
    assert (five.key, five.due_at) == ("5", moment("mon2 09:30"))
    assert (six.key, six.due_at) == ("6", moment("fri 17:30"))

    story.tell("fri 17:00", words.SUB_REQUEST_ANSWERED, sub_request=6)
    story.tell("fri 17:00", words.SUB_REQUEST_CANCELLED, sub_request=5)
    assert story.states(SUB) == [ClockState.CANCELLED, ClockState.MET]


def test_case_65_a_calendar_without_hours_is_said_to_be_so() -> None:
    with pytest.raises(EmptyCalendar):
        derive_clocks(Story().events, TARGETS, lambda ref: BusinessCalendar("UTC", ((),) * 7))


# -- before the partner's evening ------------------------------------------------------------------


def test_a_deadline_is_kept_before_the_partners_evening() -> None:
    # In Almaty (UTC+5) it is six in the evening at 13:00 UTC.
    almaty = Evening("Asia/Almaty", time(18))
    story = Story("mon 11:00")
    targets = {FIRST: Target(180)}

    assert story.clock(FIRST, targets=targets).due_at == moment("mon 14:00")
    assert story.clock(FIRST, targets=targets, evening=almaty).due_at == moment("mon 13:00")


def test_an_evening_that_leaves_less_than_half_of_the_time_is_not_promised() -> None:
    almaty = Evening("Asia/Almaty", time(18))

    assert Story("mon 12:00").clock(FIRST, targets={FIRST: Target(180)}, evening=almaty).due_at == moment(
        "mon 15:00"
    )
    # Already past six there, and still the same day.
    assert Story("mon 14:00").clock(FIRST, targets={FIRST: Target(60)}, evening=almaty).due_at == moment(
        "mon 15:00"
    )


def test_a_deadline_in_the_partners_night_is_there_in_their_morning() -> None:
    tokyo = Evening("Asia/Tokyo", time(18))

    assert Story("mon 10:00").clock(FIRST, targets={FIRST: Target(360)}, evening=tokyo).due_at == moment(
        "mon 16:00"
    )


# -- notices ---------------------------------------------------------------------------------------

WARNING = {FIRST: Target(60, warn_at_percent=80), RESOLUTION: Target(480, warn_minutes_before=30)}


def test_a_warning_comes_while_there_is_still_time() -> None:
    story = Story("mon 09:00")
    first, resolution = (story.clock(kind, targets=WARNING) for kind in (FIRST, RESOLUTION))
    assert (first.warn_at, resolution.warn_at) == (moment("mon 09:48"), moment("mon 16:30"))

    def sent(at: str, already: set[tuple[str, NoticeKind]]) -> list[tuple[str, NoticeKind]]:
        notices = notices_due(story.clocks(WARNING), already, moment(at), OFFICE)
        return [(notice.clock, notice.kind) for notice in notices]

    warning, breach = (("first_response:1", kind) for kind in (NoticeKind.WARNING, NoticeKind.BREACH))
    assert sent("mon 09:47", set()) == []
    assert sent("mon 09:48", set()) == [warning]
    assert sent("mon 09:50", {warning}) == []
    assert sent("mon 10:01", {warning}) == [breach]
    assert sent("mon 10:02", {warning, breach}) == []
    # Nobody was awake to warn: a breach is told as a breach.
    assert sent("mon 10:30", set()) == [breach]


def test_case_74_a_breach_is_told_once_and_within_service_hours() -> None:
    story = Story("fri 16:00")
    breach = ("first_response:1", NoticeKind.BREACH)

    assert notices_due(story.clocks(), set(), moment("fri 17:30"), OFFICE) == ()
    assert notices_due(story.clocks(), set(), moment("sat 12:00"), OFFICE) == ()
    [notice] = notices_due(story.clocks(), set(), moment("mon2 09:00"), OFFICE)
    assert (notice.clock, notice.kind) == breach
    assert notice.due_at == moment("fri 17:00")

    story.tell("mon2 09:00", words.SLA_BREACHED, clock=notice.clock, due=notice.due_at.isoformat())
    assert story.clock(FIRST).state is ClockState.BREACHED
    assert notices_due(story.clocks(), {breach}, moment("mon2 09:01"), OFFICE) == ()


def test_what_has_ended_needs_no_notice() -> None:
    story = Story().we_answer("mon 11:00").becomes("mon 12:00", "solved")

    assert notices_due(story.clocks(WARNING), set(), moment("tue 12:00"), OFFICE) == ()
