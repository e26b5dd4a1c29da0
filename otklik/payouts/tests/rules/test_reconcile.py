from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.payouts.rules.reconcile import (
    UNEXPLAINED,
    NoZone,
    OurLine,
    Reconciliation,
    Standing,
    TheirLine,
    reconcile,
)
from otklik.payouts.rules.schedule import Period
from otklik.payouts.rules.vocabulary import DifferenceKind

K = DifferenceKind
SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30))
MOSCOW = ZoneInfo("Europe/Moscow")
ZERO = Decimal(0)


def ours(key: str, amount: str, day: str = "2026-09-10", **more: object) -> OurLine:
    values = {"currency": "EUR", **more}
    return OurLine(key, date.fromisoformat(day), Decimal(amount), **values)  # type: ignore[arg-type]


def theirs(key: str, amount: str, day: str = "2026-09-10", **more: object) -> TheirLine:
    values = {"currency": "EUR", **more}
    when = datetime.fromisoformat(day) if "T" in day else date.fromisoformat(day)
    return TheirLine(key, when, Decimal(amount), **values)  # type: ignore[arg-type]


def compared(mine: list[OurLine], other: list[TheirLine], currency: str = "EUR") -> Reconciliation:
    return reconcile(mine, other, period=SEPTEMBER, currency=currency, zone=MOSCOW)


def found(mine: list[OurLine], other: list[TheirLine], currency: str = "EUR") -> list[tuple[K, str]]:
    return [(line.kind, str(line.amount)) for line in compared(mine, other, currency).lines]


@pytest.mark.parametrize(
    ("mine", "other", "differences"),
    [
        ([ours("a", "10")], [theirs("a", "10.00")], []),
        ([ours("a", "10")], [theirs(" A ", "10")], []),
        ([], [theirs("a", "10")], [(K.MISSING_HERE, "10")]),
        ([ours("a", "10")], [], [(K.MISSING_THERE, "-10")]),
        ([ours("a", "10")], [theirs("a", "12")], [(K.AMOUNT_DIFFERS, "2")]),
        ([ours("a", "10")], [theirs("a", "9.99")], [(K.ROUNDING, "-0.01")]),
        ([ours("a", "10")], [theirs("a", "9.98")], [(K.AMOUNT_DIFFERS, "-0.02")]),
        ([ours("a", "10", standing=Standing.REJECTED)], [theirs("a", "10")], [(K.REJECTED, "10")]),
        ([ours("a", "10", standing=Standing.ON_HOLD)], [theirs("a", "10")], [(K.ON_HOLD, "10")]),
        ([ours("a", "10", "2026-10-01")], [theirs("a", "10", "2026-09-30")], [(K.OTHER_DAY, "10")]),
        ([ours("a", "10", "2026-09-01")], [theirs("a", "10", "2026-08-31")], [(K.OTHER_DAY, "-10")]),
        ([ours("a", "10", "2026-10-01")], [theirs("a", "10", "2026-10-01")], []),
        ([ours("a", "10", "2026-09-03")], [theirs("a", "10", "2026-09-05")], []),
        ([ours("a", "11", currency="USD")], [theirs("a", "10")], [(K.OTHER_CURRENCY, "10")]),
        ([ours("a", "10")], [theirs("a", "11", currency="USD")], [(K.OTHER_CURRENCY, "-10")]),
        ([ours("a", "10")], [theirs("a", "10")] * 2, [(K.DOUBLED_THERE, "10")]),
        ([ours("a", "10")] * 2, [theirs("a", "10")], [(K.DOUBLED_HERE, "-10")]),
        ([ours("a", "10")] * 2, [theirs("a", "10")] * 2, []),
        ([], [theirs("a", "10")] * 2, [(K.DOUBLED_THERE, "10"), (K.MISSING_HERE, "10")]),
        ([ours("a", "10")] * 2, [], [(K.DOUBLED_HERE, "-10"), (K.MISSING_THERE, "-10")]),
        ([], [theirs("a", "10"), theirs("a", "10", "2026-10-05")], [(K.MISSING_HERE, "10")]),
        # One of ours in two parts of theirs: nothing is doubled.
        ([ours("a", "20")], [theirs("a", "10")] * 2, []),
        ([ours("a", "50"), ours("a", "-5")], [theirs("a", "45")], []),
        # A part was rejected, and the rest agrees.
        (
            [ours("a", "60"), ours("a", "40", standing=Standing.REJECTED)],
            [theirs("a", "100")],
            [(K.REJECTED, "40")],
        ),
        # Two sales, one of them taken back here: that is a rejection and no double.
        (
            [ours("a", "50"), ours("a", "50", standing=Standing.REJECTED)],
            [theirs("a", "50")] * 2,
            [(K.REJECTED, "50")],
        ),
        # What is rejected is no excuse for a difference it does not make.
        (
            [ours("a", "50"), ours("a", "50", standing=Standing.REJECTED)],
            [theirs("a", "51")],
            [(K.AMOUNT_DIFFERS, "1")],
        ),
        (
            [ours("a", "100"), ours("a", "5", standing=Standing.REJECTED)],
            [theirs("a", "90")],
            [(K.AMOUNT_DIFFERS, "-10")],
        ),
        ([ours("a", "50"), ours("a", "20", standing=Standing.REJECTED)], [], [(K.MISSING_THERE, "-50")]),
        # Nothing explains more than there is to explain.
        ([ours("a", "80", standing=Standing.REJECTED)], [theirs("a", "50")], [(K.REJECTED, "50")]),
        (
            [ours("a", "48", "2026-10-01")],
            [theirs("a", "50", "2026-09-30")],
            [(K.OTHER_DAY, "48"), (K.AMOUNT_DIFFERS, "2")],
        ),
        (
            [ours("a", "49.99", "2026-10-01")],
            [theirs("a", "50", "2026-09-30")],
            [(K.OTHER_DAY, "49.99"), (K.ROUNDING, "0.01")],
        ),
        ([ours("a", "0")], [], []),
        ([ours("a", "-10")], [theirs("b", "-10")], [(K.MISSING_THERE, "10"), (K.MISSING_HERE, "-10")]),
    ],
)
def test_every_difference_has_a_name(
    mine: list[OurLine], other: list[TheirLine], differences: list[tuple[K, str]]
) -> None:
    assert found(mine, other) == differences


def test_rounding_is_as_coarse_as_the_currency() -> None:
    mine = [ours("a", "1000", currency="JPY")]
    assert found(mine, [theirs("a", "1001", currency="JPY")], "JPY") == [(K.ROUNDING, "1")]
    mine = [ours("a", "1.000", currency="KWD")]
    assert found(mine, [theirs("a", "1.010", currency="KWD")], "KWD") == [(K.AMOUNT_DIFFERS, "0.010")]


def test_a_sale_shortly_before_midnight_is_on_another_day_there() -> None:
    """21:30 in London on the 30th is half past midnight in Moscow on the 1st of October (summer time)."""
    report = [theirs("a", "10", "2026-09-30T22:30:00+01:00")]
    result = compared([ours("a", "10", "2026-10-01")], report)
    (line,) = result.lines
    assert (line.kind, line.our_day, line.their_day) == (K.OTHER_DAY, date(2026, 10, 1), date(2026, 9, 30))
    assert result.unexplained == 0


def test_sums_by_day_meet_on_our_calendar_where_the_report_has_times() -> None:
    report = [
        theirs("", "10", "2026-09-14T23:30:00+00:00", source="mail"),
        theirs("", "5", "2026-09-15T10:00:00+00:00", source="mail"),
    ]
    assert found([ours("x", "15", "2026-09-15", source="mail")], report) == []


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NoZone):
        compared([], [theirs("a", "10", "2026-09-14T23:30:00")])


def test_a_report_of_sums_is_compared_by_day_and_source() -> None:
    mine = [ours("x", "10", source="mail"), ours("y", "10", source="mail"), ours("z", "5", source="site")]
    report = [theirs("", "20", source="mail"), theirs("", "7", source="site")]
    result = compared(mine, report)
    assert [(line.key, line.kind, line.amount) for line in result.lines] == [
        ("2026-09-10 site", K.AMOUNT_DIFFERS, Decimal(2))
    ]
    assert result.agreed == 1


def test_equal_lines_of_one_day_are_two_sales_where_no_key_tells_them_apart() -> None:
    mine = [ours("x", "20", source="mail")]
    report = [theirs("", "10", source="mail"), theirs(" ", "10", source="mail")]
    assert found(mine, report) == []
    assert found([ours("x", "10", source="mail")], report) == [(K.AMOUNT_DIFFERS, "10")]


def test_the_largest_difference_stands_first_and_kinds_are_summed() -> None:
    result = compared([ours("b", "3")], [theirs("a", "1"), theirs("c", "20"), theirs("b", "3")])
    assert [line.key for line in result.lines] == ["c", "a"]
    assert result.totals == ((K.MISSING_HERE, 2, Decimal(21)),)
    assert (result.ours, result.theirs, result.agreed) == (Decimal(3), Decimal(24), 1)


AMOUNT = st.sampled_from(["-5", "0", "0.01", "5", "5.01", "10", "10", "99.99"]) | st.decimals(
    min_value=-100, max_value=100, places=2
).map(str)
DAY = st.integers(-3, 33).map(lambda days: SEPTEMBER.start + timedelta(days=days))
MOMENT = DAY.flatmap(
    lambda day: st.integers(0, 23).map(lambda hour: datetime(day.year, day.month, day.day, hour, tzinfo=UTC))
)
KEY = st.sampled_from("abcd")
CURRENCY = st.sampled_from(["EUR", "EUR", "EUR", "USD"])
SOURCE = st.sampled_from(["", "mail"])
OURS = st.builds(
    OurLine,
    key=KEY,
    day=DAY,
    amount=AMOUNT.map(Decimal),
    currency=CURRENCY,
    standing=st.sampled_from(Standing),
    source=SOURCE,
)


def report_of(key: st.SearchStrategy[str]) -> st.SearchStrategy[list[TheirLine]]:
    line = st.builds(
        TheirLine, key=key, when=DAY | MOMENT, amount=AMOUNT.map(Decimal), currency=CURRENCY, source=SOURCE
    )
    return st.lists(line, max_size=8)


@given(st.lists(OURS, max_size=8), report_of(KEY) | report_of(st.just("")))
def test_differences_add_up_to_the_cent(mine: list[OurLine], other: list[TheirLine]) -> None:
    result = compared(mine, other)
    our_sum = sum(
        (
            line.amount
            for line in mine
            if line.currency == "EUR"
            and line.standing is Standing.COUNTED
            and SEPTEMBER.start <= line.day <= SEPTEMBER.end
        ),
        ZERO,
    )
    their_sum = ZERO
    for line in other:
        day = line.when.date() if isinstance(line.when, datetime) else line.when
        if line.currency == "EUR" and SEPTEMBER.start <= day <= SEPTEMBER.end:
            their_sum += line.amount
    assert (result.ours, result.theirs) == (our_sum, their_sum)
    assert result.explained + result.unexplained == their_sum - our_sum
    assert result.explained + result.unexplained == sum((one.amount for one in result.lines), ZERO)
    assert sum((total.amount for total in result.totals), ZERO) == their_sum - our_sum
    assert all(line.amount for line in result.lines)
    assert result.unexplained == sum((one.amount for one in result.lines if one.kind in UNEXPLAINED), ZERO)


@given(st.lists(OURS, max_size=8), report_of(KEY), st.randoms())
def test_the_order_of_lines_changes_nothing(
    mine: list[OurLine], other: list[TheirLine], chance: Random
) -> None:
    first = compared(mine, other)
    for lines in (mine, other):
        chance.shuffle(lines)
    second = compared(mine, other)
    assert (first.explained, first.unexplained, first.totals) == (
        second.explained,
        second.unexplained,
        second.totals,
    )


@given(st.lists(OURS, max_size=8, unique_by=lambda line: line.key))
def test_a_report_that_copies_ours_differs_in_nothing(mine: list[OurLine]) -> None:
    counted = [line for line in mine if line.standing is Standing.COUNTED]
    copied = [TheirLine(line.key, line.day, line.amount, line.currency, line.source) for line in counted]
    assert compared(counted, copied).lines == ()
