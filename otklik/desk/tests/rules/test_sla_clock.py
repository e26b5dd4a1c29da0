"""The clocks of a ticket from its beginning to its end, told as what happened to it."""

from __future__ import annotations

from typing import Any

import pytest

from otklik.desk.rules import vocabulary as words
from otklik.desk.rules.sla_clock import (
    Reopening,
    next_due,
)
from otklik.desk.rules.vocabulary import ClockState
from otklik.desk.tests.rules.sla_story import (
    FIRST,
    NEXT,
    RESOLUTION,
    Story,
    moment,
)

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


@pytest.mark.parametrize("reopening", list(Reopening))
def test_a_reply_that_solved_and_was_taken_back_leaves_no_trace(reopening: Reopening) -> None:
    story = Story()
    before = story.clocks()

    story.we_answer("mon 09:55", message=7, status={"before": "new", "after": "solved"})
    story.tell("mon 09:55", words.STATUS_CHANGED, before="new", after="solved", outcome="answered")
    assert story.clock(RESOLUTION).state is ClockState.MET
    story.tell("mon 09:56", words.STATUS_CHANGED, before="solved", after="new", outcome="")
    story.tell("mon 09:56", words.MESSAGE_TAKEN_BACK, message=7)

    assert story.clocks(reopening=reopening) == before


def test_a_status_that_somebody_moved_on_stays_when_the_reply_is_taken_back() -> None:
    story = Story().we_answer("mon 09:30", message=7, status={"before": "new", "after": "waiting"})
    story.tell("mon 09:30", words.STATUS_CHANGED, before="new", after="waiting", outcome="")
    story.becomes("mon 09:31", "on_hold").tell("mon 09:32", words.MESSAGE_TAKEN_BACK, message=7)

    assert story.clock(RESOLUTION).paused_minutes == 1
    assert story.clock(FIRST).state is ClockState.RUNNING


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
