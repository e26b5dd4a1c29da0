"""Deadlines, owners, what may be asked and what may be closed: as tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from otklik.kit.calendar import BusinessCalendar, Window, around_the_clock
from otklik.loop.rules.closing import Work, closing_problems, owes_word, state_of
from otklik.loop.rules.deadlines import Standing, deadlines, lateness, may_escalate, was_in_time
from otklik.loop.rules.guard import Relation, refusals
from otklik.loop.rules.owners import NobodyToOwn, Staff, escalates_to, owner_of
from otklik.loop.rules.vocabulary import (
    AlertState,
    ClosingProblem,
    Flow,
    GuardReason,
    Lateness,
    Outcome,
    OwnerReason,
    OwnerWay,
)

FRIDAY = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
WEEK = ((Window(9 * 60, 18 * 60),),) * 5 + ((), ())
OFFICE = BusinessCalendar("UTC", WEEK)


def test_hours_are_those_of_the_office() -> None:
    due_at, escalates_at = deadlines(OFFICE, FRIDAY, 48, 8)
    # 2 hours on Friday, then five days of nine, then one hour.
    assert due_at == datetime(2026, 3, 16, 10, 0, tzinfo=UTC)
    assert escalates_at == datetime(2026, 3, 16, 18, 0, tzinfo=UTC)
    assert deadlines(around_the_clock(), FRIDAY, 48, 0) == ((FRIDAY + timedelta(hours=48),) * 2)


def test_an_emptied_calendar_leaves_nobody_without_a_deadline() -> None:
    empty = BusinessCalendar("UTC", ((),) * 7)
    assert deadlines(empty, FRIDAY, 48, 8).due_at == FRIDAY + timedelta(hours=48)


@pytest.mark.parametrize(
    ("hours", "more", "told"),
    [
        (-30, {}, Lateness.IN_TIME),
        (-24, {}, Lateness.SOON),
        (0, {}, Lateness.OVERDUE),
        (9, {"escalated_at": FRIDAY}, Lateness.ESCALATED),
        (9, {"first_contact_at": FRIDAY}, Lateness.DONE),
        (9, {"closed_at": FRIDAY}, Lateness.DONE),
        # Sleeping moves no deadline.
        (9, {"snoozed_until": FRIDAY + timedelta(days=9)}, Lateness.OVERDUE),
    ],
)
def test_how_late_an_alert_is(hours: int, more: dict[str, datetime], told: Lateness) -> None:
    assert lateness(Standing(FRIDAY, **more), FRIDAY + timedelta(hours=hours)) is told


def test_it_escalates_once_while_nobody_has_spoken_to_them_and_it_does_not_sleep() -> None:
    later = FRIDAY + timedelta(hours=8)
    assert may_escalate(Standing(FRIDAY), later, later)
    assert not may_escalate(Standing(FRIDAY), later, FRIDAY)
    for name in ("escalated_at", "first_contact_at", "closed_at"):
        assert not may_escalate(Standing(FRIDAY, **{name: FRIDAY}), later, later)
    assert not may_escalate(Standing(FRIDAY, snoozed_until=later + timedelta(hours=1)), later, later)
    assert may_escalate(Standing(FRIDAY, snoozed_until=later), later, later)


def test_a_first_word_is_in_time_to_the_minute() -> None:
    assert was_in_time(Standing(FRIDAY)) is None
    assert was_in_time(Standing(FRIDAY, first_contact_at=FRIDAY)) is True
    assert was_in_time(Standing(FRIDAY, first_contact_at=FRIDAY + timedelta(seconds=1))) is False


ALL = frozenset(range(1, 9))
STAFF = Staff(ALL, 1, 2, (3,), 4, (5, 6), (7,))


@pytest.mark.parametrize(
    ("way", "able", "owner"),
    [
        (OwnerWay.MANAGER, ALL, (1, OwnerReason.MANAGER)),
        (OwnerWay.MANAGER, ALL - {1}, (4, OwnerReason.FALLBACK)),
        (OwnerWay.PERSON, ALL, (2, OwnerReason.NAMED)),
        (OwnerWay.PERSON, ALL - {2}, (1, OwnerReason.MANAGER)),
        (OwnerWay.TEAM, ALL, (3, OwnerReason.TEAM_LEAD)),
        (OwnerWay.TEAM, ALL - {1, 3, 4}, (5, OwnerReason.HEAD)),
        (OwnerWay.MANAGER, ALL - {1, 4}, (3, OwnerReason.TEAM_LEAD)),
        (OwnerWay.MANAGER, frozenset({6, 7}), (6, OwnerReason.HEAD)),
        (OwnerWay.PERSON, frozenset({7}), (7, OwnerReason.ADMINISTRATOR)),
    ],
)
def test_somebody_owns_it_whoever_is_missing(way: OwnerWay, able: frozenset[int], owner: object) -> None:
    staff = Staff(able, 1, 2, (3,), 4, (5, 6), (7,))
    assert owner_of(way, staff) == owner


def test_only_where_nobody_may_do_the_work_nobody_owns_it() -> None:
    with pytest.raises(NobodyToOwn):
        owner_of(OwnerWay.MANAGER, Staff(frozenset(), 1, 2, (3,), 4, (5,), (7,)))


def test_it_escalates_to_somebody_else() -> None:
    assert escalates_to(1, 2, STAFF) == 2
    assert escalates_to(3, None, STAFF) == 5
    assert escalates_to(7, None, Staff(frozenset({7}), administrators=(7,))) is None


@pytest.mark.parametrize(
    ("relation", "reason"),
    [
        (Relation(10, disputes=1), GuardReason.DISPUTE),
        (Relation(10, holds=1), GuardReason.HOLD),
        (Relation(10, critical_tickets=2), GuardReason.CRITICAL_TICKET),
        (Relation(10, open_alerts=1), GuardReason.OPEN_ALERT),
        (Relation(8), GuardReason.NO_PROMOTER),
        (Relation(None), GuardReason.NO_PROMOTER),
        (Relation(9, consent_withdrawn=True), GuardReason.CONSENT_WITHDRAWN),
        (Relation(9, is_gone=True), GuardReason.GONE),
    ],
)
def test_nobody_is_asked_while_we_owe_them(relation: Relation, reason: GuardReason) -> None:
    assert refusals(relation) == (reason,)


def test_a_promoter_whom_we_owe_nothing_may_be_asked_and_all_reasons_are_told() -> None:
    assert refusals(Relation(9)) == ()
    of_the_past = {GuardReason.UNDER_WAY, GuardReason.ASKED_LATELY, GuardReason.DECLINED}
    all_at_once = {*refusals(Relation(3, 1, 1, 1, 1, True, True)), *refusals(Relation(9, score_days=366))}
    assert all_at_once == set(GuardReason) - of_the_past


@pytest.mark.parametrize(
    ("outcome", "causes", "work", "problems"),
    [
        (None, 0, Work(), {ClosingProblem.NO_OUTCOME, ClosingProblem.NO_ROOT_CAUSE}),
        (Outcome.MENDED, 0, Work(1), {ClosingProblem.NO_ROOT_CAUSE}),
        (None, 1, Work(1), {ClosingProblem.NO_OUTCOME}),
        (Outcome.MENDED, 1, Work(), {ClosingProblem.NOBODY_SPOKE}),
        (Outcome.MENDED, 1, Work(2, 1), {ClosingProblem.PROMISE_OPEN}),
        (Outcome.NOT_REACHED, 1, Work(), set()),
        (Outcome.NOT_OURS, 1, Work(), set()),
        (Outcome.EXPLAINED, 2, Work(1), set()),
    ],
)
def test_nothing_closes_without_outcome_and_root_cause(outcome, causes, work, problems) -> None:  # type: ignore[no-untyped-def]
    assert set(closing_problems(outcome, causes, work)) == problems


def test_the_state_follows_from_what_was_done() -> None:
    states = [state_of(work) for work in (Work(), Work(1), Work(1, 1), Work(0, 1))]
    assert states == [AlertState.OPEN, AlertState.CONTACTED, AlertState.WAITING, AlertState.WAITING]


@pytest.mark.parametrize(
    ("outcome", "flow", "known", "owed"),
    [
        (Outcome.MENDED, Flow.DETRACTOR, True, True),
        (Outcome.NOT_POSSIBLE, Flow.PASSIVE, True, True),
        (Outcome.THANKED, Flow.PROMOTER, True, False),
        (Outcome.NOT_REACHED, Flow.DETRACTOR, True, False),
        (Outcome.MENDED, Flow.MENTION, False, False),
        (None, Flow.DETRACTOR, True, False),
    ],
)
def test_who_still_has_to_hear_what_was_done(outcome, flow, known, owed) -> None:  # type: ignore[no-untyped-def]
    assert owes_word(outcome, flow, has_partner=known, was_told=False) is owed
    assert not owes_word(outcome, flow, has_partner=known, was_told=True)
