from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.payouts.rules.schedule import (
    NoBusinessDay,
    Period,
    Terms,
    TermsProblem,
    after_business_days,
    business_day,
    earned_until,
    next_pay_day,
    next_payout,
    period_before,
    period_of,
    terms_problem,
)
from otklik.payouts.rules.vocabulary import Schedule

WEEKLY, TWICE, MONTHLY, QUARTERLY = Schedule
DAYS = st.dates(date(2023, 1, 1), date(2032, 12, 31))
TERMS = st.one_of(
    st.builds(Terms, st.just(WEEKLY), st.integers(1, 7), st.integers(0, 90)),
    st.builds(Terms, st.just(TWICE), st.integers(1, 15), st.integers(0, 90)),
    st.builds(Terms, st.sampled_from([MONTHLY, QUARTERLY]), st.integers(1, 31), st.integers(0, 90)),
)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("terms", "on", "pay_on", "until"),
    [
        # 15 September 2026 is a Tuesday.
        (Terms(MONTHLY, 15), "2026-09-01", "2026-09-15", "2026-08-31"),
        (Terms(MONTHLY, 15), "2026-09-15", "2026-09-15", "2026-08-31"),
        (Terms(MONTHLY, 15), "2026-09-16", "2026-10-15", "2026-09-30"),
        (Terms(MONTHLY, 15, 30), "2026-09-01", "2026-09-15", "2026-07-31"),
        (Terms(MONTHLY, 30, 30), "2026-10-01", "2026-10-30", "2026-09-30"),
        # The 31st of a month that has none, and of February.
        (Terms(MONTHLY, 31), "2026-04-01", "2026-04-30", "2026-03-31"),
        (Terms(MONTHLY, 30), "2028-02-01", "2028-02-29", "2028-01-31"),
        # 31 October 2026 is a Saturday: paid on Monday in November, and what it pays does not change.
        (Terms(MONTHLY, 31), "2026-10-30", "2026-11-02", "2026-09-30"),
        (Terms(MONTHLY, 31), "2026-11-01", "2026-11-02", "2026-09-30"),
        (Terms(MONTHLY, 31), "2026-11-03", "2026-11-30", "2026-10-31"),
        (Terms(MONTHLY, 1), "2026-12-31", "2027-01-01", "2026-12-31"),
        (Terms(WEEKLY, 5), "2026-09-14", "2026-09-18", "2026-09-13"),
        (Terms(WEEKLY, 7), "2026-09-19", "2026-09-21", "2026-09-13"),
        (Terms(WEEKLY, 1, 7), "2026-09-15", "2026-09-21", "2026-09-13"),
        (Terms(TWICE, 5), "2026-09-06", "2026-09-07", "2026-08-31"),
        (Terms(TWICE, 5), "2026-09-08", "2026-09-21", "2026-09-15"),
        (Terms(TWICE, 5), "2026-09-22", "2026-10-05", "2026-09-30"),
        (Terms(TWICE, 15), "2027-02-16", "2027-03-01", "2027-02-15"),
        (Terms(QUARTERLY, 10), "2026-08-01", "2026-10-12", "2026-09-30"),
        (Terms(QUARTERLY, 10, 30), "2026-08-01", "2026-10-12", "2026-06-30"),
    ],
)
def test_the_next_day_of_payment(terms: Terms, on: str, pay_on: str, until: str) -> None:
    found = next_pay_day(terms, day(on))
    assert (found.pay_on, found.earned_until) == (day(pay_on), day(until))


def test_holidays_move_a_payout_to_the_day_after_them() -> None:
    holidays = {date(2027, 1, 1) + timedelta(days=n) for n in range(8)}
    assert next_payout(Terms(MONTHLY, 1), day("2026-12-31"), holidays) == day("2027-01-11")
    assert next_payout(Terms(MONTHLY, 1), day("2027-01-09"), holidays) == day("2027-01-11")
    assert next_payout(Terms(MONTHLY, 1), day("2027-01-12"), holidays) == day("2027-02-01")


def test_a_calendar_without_a_business_day_is_told_and_not_searched_for_ever() -> None:
    class Always:
        def __contains__(self, day: object) -> bool:
            return True

    with pytest.raises(NoBusinessDay):
        business_day(day("2026-09-15"), Always())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-09-17", 1, "2026-09-18"),
        ("2026-09-18", 1, "2026-09-21"),
        ("2026-09-18", 3, "2026-09-23"),
        ("2026-09-19", 0, "2026-09-21"),
        ("2026-09-19", 1, "2026-09-22"),
    ],
)
def test_business_days_skip_weekends(start: str, days: int, end: str) -> None:
    assert after_business_days(day(start), days) == day(end)


@given(TERMS, DAYS, st.sets(st.dates(date(2023, 1, 1), date(2033, 1, 31)), max_size=40))
def test_a_day_of_payment_is_a_business_day_and_pays_whole_periods_that_are_over(
    terms: Terms, on: date, holidays: set[date]
) -> None:
    found = next_pay_day(terms, on, holidays)
    assert found.pay_on >= on
    assert found.pay_on.isoweekday() <= 5
    assert found.pay_on not in holidays
    assert found.nominal <= found.pay_on
    assert found.earned_until < found.nominal
    assert (found.nominal - found.earned_until).days >= terms.net_days
    assert period_of(terms.schedule, found.earned_until).end == found.earned_until
    following = period_of(terms.schedule, found.earned_until + timedelta(days=1))
    assert (found.nominal - following.end).days < max(1, terms.net_days)


@given(TERMS, DAYS)
def test_no_day_between_is_forgotten(terms: Terms, on: date) -> None:
    """Asked again on every day, the answer never jumps over the one given before."""
    answer = next_payout(terms, on)
    assert next_payout(terms, on + (answer - on) / 2) == answer
    assert next_payout(terms, answer) == answer
    assert next_payout(terms, answer + timedelta(days=1)) > answer


@given(TERMS, DAYS)
def test_every_period_is_paid_sooner_or_later_and_once(terms: Terms, on: date) -> None:
    """From one payment to the next the paid days only move forwards."""
    first = next_pay_day(terms, on)
    second = next_pay_day(terms, first.pay_on + timedelta(days=1))
    assert second.nominal > first.nominal
    assert second.earned_until >= first.earned_until
    assert earned_until(terms, first.nominal) == first.earned_until


@pytest.mark.parametrize(
    ("schedule", "on", "start", "end"),
    [
        (WEEKLY, "2026-01-01", "2025-12-29", "2026-01-04"),
        (TWICE, "2026-02-15", "2026-02-01", "2026-02-15"),
        (TWICE, "2028-02-16", "2028-02-16", "2028-02-29"),
        (MONTHLY, "2026-02-28", "2026-02-01", "2026-02-28"),
        (QUARTERLY, "2026-12-31", "2026-10-01", "2026-12-31"),
        (QUARTERLY, "2026-05-15", "2026-04-01", "2026-06-30"),
    ],
)
def test_periods(schedule: Schedule, on: str, start: str, end: str) -> None:
    assert period_of(schedule, day(on)) == Period(day(start), day(end))


@given(st.sampled_from(Schedule), DAYS)
def test_periods_leave_no_gap_and_share_no_day(schedule: Schedule, on: date) -> None:
    period = period_of(schedule, on)
    assert period.start <= on <= period.end
    assert period_of(schedule, period.start) == period_of(schedule, period.end) == period
    assert period_of(schedule, period.end + timedelta(days=1)).start == period.end + timedelta(days=1)
    assert period_before(schedule, on).end == period.start - timedelta(days=1)


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        (Terms(WEEKLY, 7), None),
        (Terms(WEEKLY, 8), TermsProblem.BAD_DAY),
        (Terms(TWICE, 16), TermsProblem.BAD_DAY),
        (Terms(MONTHLY, 31), None),
        (Terms(MONTHLY, 0), TermsProblem.BAD_DAY),
        (Terms(QUARTERLY, 32), TermsProblem.BAD_DAY),
        (Terms(MONTHLY, 1, -1), TermsProblem.BAD_NET_DAYS),
        (Terms(MONTHLY, 1, 181), TermsProblem.BAD_NET_DAYS),
        (Terms(MONTHLY, 1, 0, -1), TermsProblem.BAD_NOTICE_DAYS),
        (Terms(MONTHLY, 1, 0, 31), TermsProblem.BAD_NOTICE_DAYS),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(terms: Terms, problem: TermsProblem | None) -> None:
    assert terms_problem(terms) is problem
