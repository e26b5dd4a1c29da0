"""When periods close and when they are paid."""

from __future__ import annotations

import calendar
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from otklik.payouts.rules.vocabulary import Schedule

DAY = timedelta(days=1)
SATURDAY = 6
HALF = 15
QUARTER_MONTHS = 3
MOST_NET_DAYS = 180
MOST_NOTICE_DAYS = 30
# Holidays in a row move a pay day by two weeks at most (the first of January, the lunar new year).
_LOOK_BACK = timedelta(days=31)
_LONGEST_CLOSURE = 31


class NoBusinessDay(Exception):
    """A month without one: the list of holidays is wrong."""


class TermsProblem(StrEnum):
    BAD_DAY = "bad_day"
    BAD_NET_DAYS = "bad_net_days"
    BAD_NOTICE_DAYS = "bad_notice_days"


@dataclass(frozen=True, slots=True)
class Terms:
    """``day``: of a weekly schedule the weekday, 1 Monday to 7 Sunday; of one twice a month the first of the
    two days, 1 to 15 (the second is 15 days later); of the others the day of the month, of a quarterly one in
    the quarter's first month. A month that is too short is paid on its last day.

    ``net_days``: how long after a period's end its earnings can be paid at the earliest.
    """

    schedule: Schedule
    day: int
    net_days: int = 0
    notice_days: int = 3


class PayDay(NamedTuple):
    pay_on: date
    """A business day."""
    nominal: date
    """By the terms, before weekends and holidays."""
    earned_until: date
    """What was earned up to here, this day included, is paid: the end of a period."""


class Period(NamedTuple):
    start: date
    end: date
    """Included."""


_LAST_DAY = {Schedule.WEEKLY: 7, Schedule.TWICE_MONTHLY: HALF, Schedule.MONTHLY: 31, Schedule.QUARTERLY: 31}


def terms_problem(terms: Terms) -> TermsProblem | None:
    if not 1 <= terms.day <= _LAST_DAY[terms.schedule]:
        return TermsProblem.BAD_DAY
    if not 0 <= terms.net_days <= MOST_NET_DAYS:
        return TermsProblem.BAD_NET_DAYS
    if not 0 <= terms.notice_days <= MOST_NOTICE_DAYS:
        return TermsProblem.BAD_NOTICE_DAYS
    return None


def next_payout(terms: Terms, on: date, holidays: Container[date] = ()) -> date:
    """The first day of payment that is not before ``on``. Raises `NoBusinessDay`."""
    return next_pay_day(terms, on, holidays).pay_on


def next_pay_day(terms: Terms, on: date, holidays: Container[date] = ()) -> PayDay:
    """As ``next_payout``, with what it pays. A day that moved from a Saturday over the month's end to Monday
    still pays what the Saturday would have paid."""
    for nominal in _nominal_days(terms, on - _LOOK_BACK):
        pay_on = business_day(nominal, holidays)
        if pay_on >= on:
            return PayDay(pay_on, nominal, earned_until(terms, nominal))
    raise AssertionError("the days of payment never end")


def business_day(day: date, holidays: Container[date] = ()) -> date:
    """The day itself, or the next one that is neither Saturday, Sunday nor holiday."""
    first = day
    while day.isoweekday() >= SATURDAY or day in holidays:
        day += DAY
        if (day - first).days > _LONGEST_CLOSURE:
            raise NoBusinessDay(first)
    return day


def after_business_days(day: date, days: int, holidays: Container[date] = ()) -> date:
    """So many business days later; 0: the next one, if the day itself is none."""
    day = business_day(day, holidays)
    for _ in range(days):
        day = business_day(day + DAY, holidays)
    return day


def earned_until(terms: Terms, nominal: date) -> date:
    """The end of the last period with ``end + net_days <= nominal``. A period that ends on the very day is
    not over, so that 0 net days count as 1."""
    return period_before(terms.schedule, nominal - timedelta(days=max(1, terms.net_days)) + DAY).end


def period_of(schedule: Schedule, day: date) -> Period:
    """The period the day lies in: Monday to Sunday, half a month, a month, a quarter."""
    if schedule is Schedule.WEEKLY:
        start = day - timedelta(days=day.isoweekday() - 1)
        return Period(start, start + timedelta(days=6))
    if schedule is Schedule.TWICE_MONTHLY:
        if day.day <= HALF:
            return Period(day.replace(day=1), day.replace(day=HALF))
        return Period(day.replace(day=HALF + 1), _in_month(day.year, day.month, 31))
    if schedule is Schedule.MONTHLY:
        return Period(day.replace(day=1), _in_month(day.year, day.month, 31))
    first = _quarter_month(day.month)
    return Period(date(day.year, first, 1), _in_month(day.year, first + QUARTER_MONTHS - 1, 31))


def period_before(schedule: Schedule, day: date) -> Period:
    """The last one that is over before the day."""
    return period_of(schedule, period_of(schedule, day).start - DAY)


def _nominal_days(terms: Terms, start: date) -> Iterator[date]:
    """Endless and in order, from about ``start`` on."""
    if terms.schedule is Schedule.WEEKLY:
        day = start + timedelta(days=(terms.day - start.isoweekday()) % 7)
        while True:
            yield day
            day += timedelta(days=7)
    quarterly = terms.schedule is Schedule.QUARTERLY
    year, month = start.year, _quarter_month(start.month) if quarterly else start.month
    while True:
        yield _in_month(year, month, terms.day)
        if terms.schedule is Schedule.TWICE_MONTHLY:
            yield _in_month(year, month, terms.day + HALF)
        month += QUARTER_MONTHS if quarterly else 1
        if month > 12:
            year, month = year + 1, month - 12


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _quarter_month(month: int) -> int:
    return month - (month - 1) % QUARTER_MONTHS
