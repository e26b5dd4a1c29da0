"""Promises that change while they run: policies, calendars, merges, sub-requests; and who is told."""

from __future__ import annotations

from datetime import UTC, time
from zoneinfo import ZoneInfo

import pytest

from otklik.desk.rules import vocabulary as words
from otklik.desk.rules.sla_clock import (
    CALENDAR_CHANGED,
    CalendarRef,
    Evening,
    NoticeKind,
    Target,
    derive_clocks,
    notices_due,
)
from otklik.desk.rules.vocabulary import ClockState
from otklik.desk.tests.rules.sla_story import (
    FIRST,
    NEXT,
    OFFICE,
    RESOLUTION,
    SUB,
    TARGETS,
    Story,
    moment,
)
from otklik.kit.calendar import BusinessCalendar, EmptyCalendar

# -- policy, calendar, departments -----------------------------------------------------------------


def test_another_policy_keeps_the_used_time() -> None:
    story = Story().tell("mon 11:00", words.SLA_ASSIGNED, targets={"first_response": 60, "resolution": 240})
    assert story.clock(RESOLUTION).due_at == moment("mon 13:00")

    story.tell("mon 12:00", words.SLA_ASSIGNED, targets={"resolution": 60})
    assert story.clock(RESOLUTION).due_at == moment("mon 12:00")
    # What is no longer promised is no longer owed.
    assert story.clock(FIRST).state is ClockState.CANCELLED


@pytest.mark.parametrize(
    ("targets", "state"),
    [({"first_response": 600}, ClockState.RUNNING), ({"resolution": 480}, ClockState.CANCELLED)],
)
def test_what_had_passed_unmet_before_stays_on_record(targets: dict[str, int], state: ClockState) -> None:
    in_time = Story().tell("mon 10:00", words.SLA_ASSIGNED, targets=targets)
    late = Story().tell("mon 10:01", words.SLA_ASSIGNED, targets=targets)

    assert [story.clock(FIRST).state for story in (in_time, late)] == [state, state]
    assert [story.clock(FIRST).missed_at for story in (in_time, late)] == [None, moment("mon 10:00")]
    assert late.we_answer("mon 12:00").clock(FIRST).missed_at == moment("mon 10:00")


def test_what_passes_while_nothing_is_owed_is_not_missed() -> None:
    story = Story().becomes("mon 09:30", "closed", "spam").becomes("tue 12:00", "open")
    assert story.we_answer("tue 12:01").clock(FIRST).missed_at is None


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
