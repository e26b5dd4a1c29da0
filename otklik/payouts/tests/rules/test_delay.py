from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.payouts.rules.delay import (
    Awaited,
    days_late,
    due_by,
    hold_notices,
    late_payouts,
    payout_notices,
)
from otklik.payouts.rules.holds import HeldPart
from otklik.payouts.rules.vocabulary import HoldState, Notice, PayoutState

TUESDAY = date(2026, 9, 15)
PLANNED = Awaited(7, PayoutState.PLANNED, TUESDAY, TUESDAY, notice_days=3)
HOLD = HeldPart(5, Decimal(30), TUESDAY)
DAYS = st.integers(-40, 40).map(lambda days: TUESDAY + timedelta(days=days))
AWAITED = st.builds(
    Awaited,
    key=st.integers(1, 9),
    state=st.sampled_from(PayoutState),
    expected_on=DAYS,
    original_expected_on=DAYS,
    notice_days=st.integers(0, 10),
    sent_on=st.none() | DAYS,
)


def later(days: int) -> date:
    return TUESDAY + timedelta(days=days)


def told(payout: Awaited, on: date, before: frozenset[str] = frozenset()) -> list[Notice]:
    return [due.notice for due in payout_notices([payout], on, told=before)]


@pytest.mark.parametrize("state", [PayoutState.PLANNED, PayoutState.APPROVED])
def test_a_payout_is_late_on_the_day_after_its_date(state: PayoutState) -> None:
    payout = replace(PLANNED, state=state)
    assert days_late(payout, TUESDAY) == 0
    assert days_late(payout, later(1)) == 1
    assert days_late(payout, later(10)) == 10


def test_money_that_left_in_time_is_late_only_after_the_days_a_bank_takes() -> None:
    """Sent on Tuesday: Friday is still in time. Over a weekend the bank's days are longer."""
    sent = replace(PLANNED, state=PayoutState.SENT, sent_on=TUESDAY)
    assert due_by(sent) == later(3)
    assert days_late(sent, later(3)) == 0
    assert days_late(sent, later(4)) == 4
    assert due_by(replace(sent, sent_on=later(-1), expected_on=later(-1))) == later(2)
    friday = replace(sent, expected_on=later(3), sent_on=later(3))
    assert due_by(friday) == later(8)
    assert due_by(friday, holidays={later(6)}) == later(9)


def test_money_that_left_late_is_late() -> None:
    sent = replace(PLANNED, state=PayoutState.SENT, sent_on=later(2))
    assert days_late(sent, later(2)) == 2


@pytest.mark.parametrize(
    "state", [PayoutState.PAID, PayoutState.FAILED, PayoutState.RETURNED, PayoutState.CANCELLED]
)
def test_what_came_to_an_end_is_not_late_and_nobody_hears_of_it(state: PayoutState) -> None:
    payout = replace(PLANNED, state=state)
    assert days_late(payout, later(30)) == 0
    assert told(payout, TUESDAY) == told(payout, later(30)) == []


def test_the_longest_late_stands_first() -> None:
    older = replace(PLANNED, key=9, expected_on=later(-9))
    assert late_payouts([PLANNED, older], later(1)) == [older, PLANNED]


@pytest.mark.parametrize(
    ("on", "notices"),
    [(-4, []), (-3, [Notice.SOON]), (-1, [Notice.SOON]), (0, [Notice.SOON]), (1, [Notice.DELAYED])],
)
def test_a_partner_hears_before_the_date_and_when_it_passed(on: int, notices: list[Notice]) -> None:
    assert told(PLANNED, later(on)) == notices


def test_each_thing_is_told_once_and_a_new_date_anew() -> None:
    (soon,) = payout_notices([PLANNED], later(-2), told=())
    assert payout_notices([PLANNED], later(-1), told={soon.key}) == []
    (delayed,) = payout_notices([PLANNED], later(1), told={soon.key})
    assert delayed.notice is Notice.DELAYED
    assert payout_notices([PLANNED], later(2), told={soon.key, delayed.key}) == []
    moved = replace(PLANNED, expected_on=later(10))
    known = frozenset({soon.key, delayed.key})
    assert told(moved, later(2), known) == [Notice.MOVED]
    assert told(moved, later(8), known) == [Notice.SOON]
    assert told(moved, later(11), known) == [Notice.DELAYED]


def test_money_on_its_way_is_not_announced_again() -> None:
    sent = replace(PLANNED, state=PayoutState.SENT, sent_on=later(-1))
    assert told(sent, later(0)) == []
    assert told(sent, later(1)) == []
    assert told(sent, later(4)) == [Notice.DELAYED]


@given(st.lists(AWAITED, max_size=5, unique_by=lambda payout: payout.key), DAYS)
def test_telling_the_same_day_twice_tells_nothing_new(payouts: list[Awaited], on: date) -> None:
    dues = payout_notices(payouts, on, told=())
    assert len({due.subject for due in dues}) == len(dues)
    assert payout_notices(payouts, on, told={due.key for due in dues}) == []
    late = {payout.key for payout in late_payouts(payouts, on)}
    assert {due.subject for due in dues if due.notice is Notice.DELAYED} == late


def test_the_story_of_a_hold_is_told_step_by_step() -> None:
    known: set[str] = set()

    def hear(hold: HeldPart, on: date) -> list[Notice]:
        dues = hold_notices([hold], on, told=known)
        known.update(due.key for due in dues)
        return [due.notice for due in dues]

    assert hear(HOLD, later(-5)) == [Notice.HELD]
    assert hear(HOLD, later(-4)) == []
    smaller = replace(HOLD, amount=Decimal(20), version=1)
    assert hear(smaller, later(-3)) == [Notice.HOLD_CHANGED]
    assert hear(replace(HOLD, version=2), later(-2)) == [Notice.HOLD_CHANGED]
    assert hear(replace(HOLD, version=2), TUESDAY) == []
    assert hear(replace(HOLD, version=2), later(1)) == [Notice.HOLD_LATE]
    assert hear(replace(HOLD, version=2), later(2)) == []
    ended = replace(HOLD, version=2, state=HoldState.RELEASED)
    assert hear(ended, later(3)) == [Notice.HOLD_DECIDED]
    assert hear(ended, later(4)) == []


def test_a_hold_that_changed_before_anybody_heard_of_it_is_told_as_it_is_now() -> None:
    changed = replace(HOLD, version=3)
    (due,) = hold_notices([changed], later(-1), told=())
    assert due.notice is Notice.HELD
    assert hold_notices([changed], later(-1), told={due.key}) == []
