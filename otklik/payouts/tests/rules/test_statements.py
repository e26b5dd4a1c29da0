from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.payouts.rules.schedule import Period, period_of
from otklik.payouts.rules.statements import (
    Posted,
    digest_of,
    draw_statement,
    periods_due,
    statement_number,
)
from otklik.payouts.rules.vocabulary import EntryKind, Schedule

WEEKLY, TWICE, MONTHLY, QUARTERLY = Schedule
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30))
ZERO = Decimal(0)
AMOUNTS = st.decimals(min_value=-10_000, max_value=10_000, places=4)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def posted(key: int, amount: str, earned_on: date, kind: EntryKind = EntryKind.EARNED) -> Posted:
    return Posted(key, kind, Decimal(amount), earned_on)


ENTRIES = st.lists(st.tuples(st.sampled_from(EntryKind), AMOUNTS, DAYS), max_size=25).map(
    lambda some: [Posted(key, *one) for key, one in enumerate(some)]
)


def test_a_statement_carries_the_balance_on() -> None:
    entries = [
        posted(4, "30", date(2026, 9, 30)),
        posted(3, "-12.50", date(2026, 9, 7), EntryKind.CHARGEBACK),
        posted(2, "100", date(2026, 9, 7)),
        posted(1, "5", date(2026, 8, 31)),
        posted(5, "1", date(2026, 9, 1)),
        posted(9, "77", date(2026, 10, 1)),
    ]
    drawn = draw_statement(entries, SEPTEMBER, opening=Decimal("50"))
    assert [entry.key for entry in drawn.entries] == [1, 5, 2, 3, 4]
    assert drawn.closing == Decimal("173.50")
    assert drawn.late == 1
    assert drawn.sums == (
        (EntryKind.EARNED, 4, Decimal(136)),
        (EntryKind.CHARGEBACK, 1, Decimal("-12.50")),
    )


def test_a_statement_without_a_line_still_says_the_balance() -> None:
    drawn = draw_statement([], SEPTEMBER, opening=Decimal("-3"))
    assert (drawn.opening, drawn.closing, drawn.entries, drawn.sums) == (Decimal(-3), Decimal(-3), (), ())


@given(ENTRIES, st.lists(st.integers(1, 40), min_size=1, max_size=12), st.randoms())
def test_whatever_comes_late_every_entry_stands_on_one_statement(
    entries: list[Posted], lengths: list[int], chance: Random
) -> None:
    """Entries arrive in any order while statements are being issued; nothing is lost and nothing twice."""
    arriving = list(entries)
    chance.shuffle(arriving)
    unlisted: list[Posted] = []
    seen: list[int] = []
    opening, start = ZERO, date(2026, 1, 1)
    for length in [*lengths, 400]:
        take = len(arriving) if length == 400 else len(arriving) // 2
        unlisted += [arriving.pop() for _ in range(take)]
        period = Period(start, start + timedelta(days=length - 1))
        drawn = draw_statement(unlisted, period, opening=opening)
        assert drawn.closing - drawn.opening == sum((one.amount for one in drawn.sums), ZERO)
        seen += [entry.key for entry in drawn.entries]
        unlisted = [entry for entry in unlisted if entry not in drawn.entries]
        opening, start = drawn.closing, period.end + timedelta(days=1)
    assert sorted(seen) == [entry.key for entry in entries]
    assert opening == sum((entry.amount for entry in entries), ZERO)


@given(ENTRIES, AMOUNTS, st.randoms())
def test_a_digest_knows_lines_and_not_their_order(
    entries: list[Posted], opening: Decimal, chance: Random
) -> None:
    other = list(entries)
    chance.shuffle(other)
    assert digest_of(other, opening + Decimal("0.0000")) == digest_of(entries, opening)
    assert digest_of(entries, opening + 1) != digest_of(entries, opening)
    if entries:
        assert digest_of(entries[1:], opening) != digest_of(entries, opening)
        first = entries[0]
        moved = Posted(first.key, first.kind, first.amount, first.earned_on + timedelta(days=1))
        assert digest_of([moved, *entries[1:]], opening) != digest_of(entries, opening)


@pytest.mark.parametrize(
    ("schedule", "on", "number"),
    [
        (MONTHLY, date(2026, 9, 15), "2026-09/123-EUR"),
        (TWICE, date(2026, 9, 15), "2026-09a/123-EUR"),
        (TWICE, date(2026, 9, 16), "2026-09b/123-EUR"),
        (QUARTERLY, date(2026, 9, 15), "2026-Q3/123-EUR"),
        (WEEKLY, date(2027, 1, 1), "2026-W53/123-EUR"),
    ],
)
def test_a_statement_has_a_number_people_can_say(schedule: Schedule, on: date, number: str) -> None:
    assert statement_number(schedule, period_of(schedule, on), 123, "EUR") == number


@given(st.sampled_from(Schedule), DAYS, DAYS)
def test_two_periods_have_two_numbers(schedule: Schedule, one: date, other: date) -> None:
    first, second = period_of(schedule, one), period_of(schedule, other)
    same = statement_number(schedule, first, 1, "EUR") == statement_number(schedule, second, 1, "EUR")
    assert same is (first == second)


def test_statements_begin_with_the_first_entry_and_end_before_today() -> None:
    due = periods_due(MONTHLY, None, date(2026, 7, 20), date(2026, 9, 30))
    assert [period.start for period in due] == [date(2026, 7, 1), date(2026, 8, 1)]
    assert periods_due(MONTHLY, date(2026, 8, 31), date(2026, 7, 20), date(2026, 9, 30)) == []
    assert periods_due(MONTHLY, date(2026, 8, 31), date(2026, 7, 20), date(2026, 10, 1)) == [SEPTEMBER]


def test_a_schedule_that_changes_within_a_period_leaves_no_gap_and_no_day_twice() -> None:
    """Weekly up to Sunday 13 September, monthly from then on."""
    (rest,) = periods_due(MONTHLY, date(2026, 9, 13), date(2026, 7, 1), date(2026, 10, 1))
    assert rest == (date(2026, 9, 14), date(2026, 9, 30))
    assert statement_number(MONTHLY, rest, 1, "EUR") == "2026-09-14--2026-09-30/1-EUR"


@given(st.sampled_from(Schedule), st.none() | DAYS, DAYS, DAYS)
def test_periods_due_follow_each_other(
    schedule: Schedule, last_end: date | None, first_day: date, on: date
) -> None:
    due = periods_due(schedule, last_end, first_day, on)
    assert all(period.start <= period.end < on for period in due)
    for former, later in pairwise(due):
        assert later.start == former.end + timedelta(days=1)
    if due and last_end is not None:
        assert due[0].start == last_end + timedelta(days=1)
    last = due[-1].end if due else last_end
    assert last is None or period_of(schedule, last + timedelta(days=1)).end >= on - timedelta(days=1)
