from __future__ import annotations

import datetime as dt
from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otklik.kit.money import LARGEST
from otklik.kit.tabular import Cell
from otklik.payouts.labels import line_problem_text
from otklik.payouts.rules.balance import LARGEST_SUM
from otklik.payouts.rules.file_lines import EntryRow, Known, KnownEntry, KnownPayout, PayoutRow
from otklik.payouts.rules.file_rows import MOST_PROBLEMS, Checked, FileLine, check_file
from otklik.payouts.rules.vocabulary import (
    EntryKind,
    LineProblem,
    MoneyFileKind,
    PayoutProblem,
    PayoutState,
)

P = LineProblem
ENTRIES, PAYOUTS = MoneyFileKind
AURORA, BOREALIS = 11, 12
KNOWN = Known(partners={"p-1": AURORA, "p-2": BOREALIS}, on=date(2026, 9, 15), zone=ZoneInfo("Europe/Moscow"))
ENTRY = ("key", "partner", "amount", "currency", "earned_on")
PAYOUT = ("key", "partner", "amount", "currency", "state", "expected_on")
GOOD: tuple[Cell, ...] = ("a", "P-1", "10.50", "EUR", "2026-09-01")
GOOD_PAYOUT: tuple[Cell, ...] = ("a", "P-1", "10.50", "EUR", "planned", "2026-09-20")


def entries(*rows: tuple[Cell, ...], columns: tuple[str, ...] = ENTRY, known: Known = KNOWN) -> Checked:
    lines = [FileLine(number, row) for number, row in enumerate(rows, 2)]
    return check_file(ENTRIES, columns, lines, known)


def payouts(*rows: tuple[Cell, ...], columns: tuple[str, ...] = PAYOUT, known: Known = KNOWN) -> Checked:
    lines = [FileLine(number, row) for number, row in enumerate(rows, 2)]
    return check_file(PAYOUTS, columns, lines, known)


def wrong(checked: Checked) -> list[tuple[int, str, LineProblem]]:
    assert checked.rows == () or not checked.problems
    return [(one.line, one.column, one.problem) for one in checked.problems]


def with_cell(row: tuple[Cell, ...], place: int, cell: Cell) -> tuple[Cell, ...]:
    return (*row[:place], cell, *row[place + 1 :])


def test_a_file_of_entries_is_read_to_the_cent() -> None:
    checked = entries(
        ("a", "P-1", "1 234,50", "eur", "01.09.2026", "earned", "newsletter", ""),
        (17.0, "p-2", 0.0125, "USD", dt.date(2026, 9, 2), "bonus", "", " more  than asked "),
        ("c", "P-1", "-34,50", "EUR", "2026-09-03", "chargeback", "", ""),
        columns=(*ENTRY, "kind", "source", "note"),
    )
    assert checked.problems == ()
    assert checked.rows[0] == EntryRow(
        2, "a", AURORA, Decimal("1234.50"), "EUR", EntryKind.EARNED, date(2026, 9, 1), "newsletter", ""
    )
    second = checked.rows[1]
    assert isinstance(second, EntryRow)
    assert (second.key, second.amount, second.note) == ("17", Decimal("0.0125"), "more than asked")
    assert checked.totals == {"EUR": Decimal("1200.00"), "USD": Decimal("0.0125")}


@pytest.mark.parametrize(
    ("place", "cell", "column", "problem"),
    [
        (0, "", "key", P.MISSING),
        (0, "k" * 121, "key", P.TOO_LONG),
        (1, None, "partner", P.MISSING),
        (1, "P-3", "partner", P.UNKNOWN_PARTNER),
        (2, "", "amount", P.MISSING),
        (2, "ten", "amount", P.NOT_A_NUMBER),
        (2, "1.00001", "amount", P.TOO_MANY_DIGITS),
        (2, "9" * 15, "amount", P.TOO_LARGE),
        (2, "0.00", "amount", P.ZERO),
        (2, "-10.50", "amount", P.WRONG_SIGN),
        (2, "(10.50)", "amount", P.WRONG_SIGN),
        (2, dt.date(2026, 9, 1), "amount", P.NOT_A_NUMBER),
        (2, True, "amount", P.NOT_A_NUMBER),
        (3, "", "currency", P.MISSING),
        (3, "EURO", "currency", P.UNKNOWN_CURRENCY),
        (3, "RUR", "currency", P.UNKNOWN_CURRENCY),
        (3, "€", "currency", P.UNKNOWN_CURRENCY),
        (4, "", "earned_on", P.MISSING),
        (4, "soon", "earned_on", P.BAD_DATE),
        (4, "2026-02-30", "earned_on", P.BAD_DATE),
        (4, "2026-09-16", "earned_on", P.IN_THE_FUTURE),
        (4, "03/04/2026", "earned_on", P.AMBIGUOUS_DATE),
    ],
)
def test_one_wrong_cell_refuses_the_file_and_is_named(
    place: int, cell: Cell, column: str, problem: LineProblem
) -> None:
    checked = entries(("b", *GOOD[1:]), with_cell(GOOD, place, cell))
    assert wrong(checked) == [(3, column, problem)]
    assert checked.rows == ()


def test_all_that_is_wrong_with_a_line_is_told_at_once() -> None:
    checked = entries(("", "P-9", "ten", "EUR", "soon"))
    assert [column for _, column, _ in wrong(checked)] == ["key", "partner", "amount", "earned_on"]
    assert [one.value for one in checked.problems] == ["", "P-9", "ten", "soon"]


def test_a_row_that_is_cut_off_is_not_filled_up() -> None:
    assert wrong(entries(GOOD[:4])) == [(2, "", P.RAGGED)]
    assert wrong(entries((*GOOD, "more"))) == [(2, "", P.RAGGED)]


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        (ENTRY[1:], (1, "key", P.MISSING)),
        ((*ENTRY, "kinde"), (1, "kinde", P.UNKNOWN_COLUMN)),
        ((*ENTRY, " Amount "), (1, "amount", P.COLUMN_TWICE)),
        ((*ENTRY, "paid_on"), (1, "paid_on", P.UNKNOWN_COLUMN)),
    ],
)
def test_a_misspelt_column_is_no_missing_one(columns: tuple[str, ...], problem: tuple[int, str, P]) -> None:
    assert wrong(entries(GOOD, columns=columns)) == [problem]


def test_a_kind_that_is_left_blank_or_made_here_is_refused() -> None:
    columns = (*ENTRY, "kind")
    assert wrong(entries((*GOOD, ""), columns=columns)) == [(2, "kind", P.MISSING)]
    for kind in ("payout", "adjustment", "reversal", "commission"):
        assert wrong(entries((*GOOD, kind), columns=columns)) == [(2, "kind", P.UNKNOWN_KIND)]
    assert wrong(entries((*GOOD, "chargeback"), columns=columns)) == [(2, "amount", P.WRONG_SIGN)]


def test_an_empty_file_is_refused() -> None:
    assert wrong(entries()) == [(0, "", P.NO_LINES)]
    assert wrong(entries((None,) * 5, ("",) * 5)) == [(0, "", P.NO_LINES)]


def test_a_key_that_stands_twice_is_refused_though_the_lines_are_the_same() -> None:
    assert wrong(entries(GOOD, GOOD)) == [(3, "key", P.DOUBLED_KEY)]
    assert entries(GOOD, ("A", *GOOD[1:])).problems == ()


def test_the_decimal_mark_is_learnt_only_where_the_whole_column_agrees() -> None:
    doubtful = ("b", "P-1", "1,234", "EUR", "2026-09-01")
    (_, second) = entries(GOOD, doubtful).rows
    assert second.amount == 1234
    comma = ("a", "P-1", "10,50", "EUR", "2026-09-01")
    (_, second) = entries(comma, doubtful).rows
    assert second.amount == Decimal("1.234")
    mixed = entries(GOOD, ("c", *comma[1:]), doubtful)
    assert wrong(mixed) == [(4, "amount", P.AMBIGUOUS_AMOUNT)]


def test_days_and_months_are_told_apart_by_the_whole_column() -> None:
    told = ("b", "P-1", "10.50", "EUR", "25/08/2026")
    (first, _) = entries(with_cell(GOOD, 4, "03/04/2026"), told).rows
    assert isinstance(first, EntryRow)
    assert first.earned_on == date(2026, 4, 3)
    both = ("c", "P-1", "10.50", "EUR", "08/25/2026")
    for lines in ((told, both), (told, ("d", *told[1:]), both)):
        problems = wrong(entries(with_cell(GOOD, 4, "03/04/2026"), *lines))
        assert problems[0] == (2, "earned_on", P.AMBIGUOUS_DATE)


def test_a_time_with_a_zone_is_counted_on_our_day() -> None:
    (row,) = entries(with_cell(GOOD, 4, "2026-09-01T22:30:00Z")).rows
    assert isinstance(row, EntryRow)
    assert row.earned_on == date(2026, 9, 2)
    (row,) = entries(with_cell(GOOD, 4, dt.datetime(2026, 9, 1, 22, 30))).rows  # noqa: DTZ001  # a cell has none
    assert isinstance(row, EntryRow)
    assert row.earned_on == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("total", "currency", "problems"),
    [
        ("21.00", "EUR", []),
        ("21.00", "", []),
        ("21.01", "EUR", [(4, "amount", P.TOTAL_DIFFERS)]),
        ("21.00", "USD", [(4, "amount", P.TOTAL_DIFFERS)]),
        ("", "EUR", [(4, "amount", P.MISSING)]),
    ],
)
@pytest.mark.parametrize("word", ["Total", "ИТОГО:", "Grand total"])
def test_a_line_of_totals_has_to_be_right(
    word: str, total: str, currency: str, problems: list[tuple[int, str, P]]
) -> None:
    checked = entries(GOOD, ("b", *GOOD[1:]), (word, "", total, currency, ""))
    assert wrong(checked) == problems
    assert len(checked.rows) == (0 if problems else 2)


def test_a_key_may_be_called_total() -> None:
    (row,) = entries(("total", *GOOD[1:])).rows
    assert row.key == "total"


def test_a_total_of_several_currencies_says_which_one_it_means() -> None:
    dollars = ("b", "P-1", "5", "USD", "2026-09-01")
    assert wrong(entries(GOOD, dollars, ("Total", "", "15.50", "", ""))) == [(4, "currency", P.MISSING)]
    totals = (("Total", "", "10.50", "EUR", ""), ("Total", "", "5", "USD", ""))
    assert len(entries(GOOD, dollars, *totals).rows) == 2


def test_totals_told_beside_the_file_cover_every_currency_of_it() -> None:
    right = replace(KNOWN, totals={"EUR": Decimal("10.5")})
    assert entries(GOOD, known=right).problems == ()
    for totals in ({"EUR": Decimal("10.51")}, {"USD": Decimal("10.50")}):
        found = entries(GOOD, known=replace(KNOWN, totals=totals))
        assert {problem for _, _, problem in wrong(found)} == {P.TOTAL_DIFFERS}
    dollars = ("b", "P-1", "5", "USD", "2026-09-01")
    (missed,) = entries(GOOD, dollars, known=right).problems
    assert (missed.problem, missed.value) == (P.TOTAL_DIFFERS, "0 USD")


def test_a_file_that_comes_again_changes_nothing() -> None:
    before = KnownEntry(AURORA, Decimal("10.5000"), "EUR", EntryKind.EARNED, date(2026, 9, 1))
    known = replace(KNOWN, entries={"a": before})
    again = entries(GOOD, ("b", *GOOD[1:]), known=known)
    assert ([row.key for row in again.rows], again.same) == (["b"], 1)
    assert again.totals == {"EUR": Decimal("21.00")}


@pytest.mark.parametrize(
    ("place", "cell", "column"),
    [(1, "P-2", "partner"), (2, "10.51", "amount"), (3, "USD", "currency"), (4, "2026-09-02", "earned_on")],
)
def test_a_known_line_that_says_something_else_refuses_the_file(place: int, cell: Cell, column: str) -> None:
    before = KnownEntry(AURORA, Decimal("10.50"), "EUR", EntryKind.EARNED, date(2026, 9, 1))
    known = replace(KNOWN, entries={"a": before})
    assert wrong(entries(with_cell(GOOD, place, cell), known=known)) == [(2, column, P.CHANGED)]


def test_a_file_of_payouts_tells_their_state() -> None:
    columns = (*PAYOUT, "sent_on", "paid_on", "reference", "problem")
    checked = payouts(
        ("a", "P-1", "10.50", "EUR", "Paid", "2026-09-10", "2026-09-09", "2026-09-11", "T-1", ""),
        ("b", "P-1", "99", "EUR", "failed", "2026-09-10", "2026-09-09", "", "T-2", "account closed"),
        columns=columns,
    )
    assert checked.problems == ()
    first, second = checked.rows
    assert isinstance(first, PayoutRow)
    assert isinstance(second, PayoutRow)
    assert (first.state, first.paid_on, first.problem) == (
        PayoutState.PAID,
        date(2026, 9, 11),
        PayoutProblem.NONE,
    )
    assert (second.state, second.paid_on, second.problem) == (
        PayoutState.FAILED,
        None,
        PayoutProblem.ACCOUNT_CLOSED,
    )


@pytest.mark.parametrize(
    ("place", "cell", "column", "problem"),
    [
        (2, "-10.50", "amount", P.WRONG_SIGN),
        (2, "0", "amount", P.ZERO),
        (2, "10.505", "amount", P.TOO_MANY_DIGITS),
        (4, "", "state", P.MISSING),
        (4, "on its way", "state", P.UNKNOWN_STATE),
        (4, "paid", "paid_on", P.MISSING),
        (5, "", "expected_on", P.MISSING),
        (6, "2026-09-16", "sent_on", P.IN_THE_FUTURE),
        (7, "2026-09-14", "paid_on", P.CONTRADICTS),
        (8, "lost", "problem", P.UNKNOWN_KIND),
    ],
)
def test_a_payout_that_cannot_be_refuses_the_file(
    place: int, cell: Cell, column: str, problem: LineProblem
) -> None:
    columns = (*PAYOUT, "sent_on", "paid_on", "problem")
    row = with_cell((*GOOD_PAYOUT, "", "", ""), place, cell)
    # A second line tells that the point is the decimal mark.
    assert wrong(payouts(row, ("b", *GOOD_PAYOUT[1:], "", "", ""), columns=columns)) == [(2, column, problem)]


@pytest.mark.parametrize(
    ("before", "now", "moved", "problems"),
    [
        (PayoutState.PLANNED, "planned", 0, []),
        (PayoutState.PLANNED, "paid", 1, []),
        (PayoutState.SENT, "returned", 1, []),
        (PayoutState.PAID, "returned", 1, []),
        (PayoutState.PAID, "planned", 0, [(2, "state", P.BAD_MOVE)]),
        (PayoutState.CANCELLED, "paid", 0, [(2, "state", P.BAD_MOVE)]),
        (PayoutState.FAILED, "paid", 0, [(2, "state", P.BAD_MOVE)]),
    ],
)
def test_a_known_payout_moves_forwards_only(
    before: PayoutState, now: str, moved: int, problems: list[tuple[int, str, P]]
) -> None:
    payout = KnownPayout(AURORA, Decimal("10.50"), "EUR", before, date(2026, 9, 20))
    paid_on = "2026-09-14" if now in {"paid", "returned"} else ""
    row = (*with_cell(GOOD_PAYOUT, 4, now), paid_on)
    checked = payouts(row, columns=(*PAYOUT, "paid_on"), known=replace(KNOWN, payouts={"a": payout}))
    assert wrong(checked) == problems
    assert (len(checked.rows), checked.same) == (moved, 1 - moved - len(problems))


def test_a_known_payout_may_get_another_day_and_no_other_amount() -> None:
    before = KnownPayout(AURORA, Decimal("10.50"), "EUR", PayoutState.PLANNED, date(2026, 9, 20))
    known = replace(KNOWN, payouts={"a": before})
    assert len(payouts(with_cell(GOOD_PAYOUT, 5, "2026-09-27"), known=known).rows) == 1
    assert wrong(payouts(with_cell(GOOD_PAYOUT, 2, "10.51"), known=known)) == [(2, "amount", P.CHANGED)]


def test_a_file_that_is_wrong_throughout_is_not_listed_without_end() -> None:
    checked = entries(*[("k", "P-9", "ten", "EUR", "soon")] * 1000)
    assert len(checked.problems) == MOST_PROBLEMS


CELLS = st.sampled_from(
    ["", "a", "b", "P-1", "10.50", "1,234", "-5", "EUR", "JPY", "2026-09-01", "03/04/2026", "total", "paid"]
) | st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.datetimes(), st.dates()
)


@given(st.sampled_from(MoneyFileKind), st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=6))
def test_whatever_stands_in_a_file_it_is_taken_whole_or_refused_whole(
    kind: MoneyFileKind, rows: list[list[Cell]]
) -> None:
    columns = PAYOUT if kind is PAYOUTS else (*ENTRY, "kind")
    checked = check_file(kind, columns, [FileLine(number, row) for number, row in enumerate(rows, 2)], KNOWN)
    if checked.problems:
        assert checked.rows == ()
    else:
        assert sum((row.amount for row in checked.rows), Decimal(0)) == sum(
            checked.totals.values(), Decimal(0)
        )
        assert all(row.partner in {AURORA, BOREALIS} for row in checked.rows)


def test_a_cell_with_a_zone_of_its_own_is_put_on_our_day() -> None:
    (row,) = entries(with_cell(GOOD, 4, dt.datetime(2026, 9, 1, 22, tzinfo=UTC))).rows
    assert isinstance(row, EntryRow)
    assert row.earned_on == date(2026, 9, 2)


@pytest.mark.parametrize(
    "amount",
    [
        "1e5",
        "NaN",
        "Infinity",
        "-inf",
        "１２.５０",
        "٣",
        "1.2.3",
        "1,23,456",
        "1 2 3",
        "0x10",
        "",
        "--5",
        "5-5",
    ],
)
def test_what_only_looks_like_a_number_is_none(amount: str) -> None:
    # "NaN" is how some programs write a blank cell.
    problem = P.MISSING if amount in ("", "NaN") else P.NOT_A_NUMBER
    assert wrong(entries(with_cell(GOOD, 2, amount))) == [(2, "amount", problem)]


@pytest.mark.parametrize("cell", [float("nan"), float("inf"), 1e300, "1000000000000", "-1000000000000.00"])
def test_a_cell_of_a_spreadsheet_without_end_is_told_with_its_line(cell: Cell) -> None:
    assert wrong(entries(with_cell(GOOD, 2, cell)))[0][1] == "amount"


def test_nought_with_a_minus_is_nought() -> None:
    assert wrong(entries(with_cell(GOOD, 2, "-0.00"))) == [(2, "amount", P.ZERO)]


def test_thousands_are_read_both_ways_and_not_guessed() -> None:
    rows = [with_cell(with_cell(GOOD, 0, str(n)), 2, text) for n, text in enumerate(["1.234,50", "1 234,50"])]
    assert entries(*rows).totals == {"EUR": Decimal("2469.00")}
    assert entries(with_cell(GOOD, 2, "1,234.50")).totals == {"EUR": Decimal("1234.50")}
    assert wrong(entries(with_cell(GOOD, 2, "1,234"))) == [(2, "amount", P.AMBIGUOUS_AMOUNT)]


def test_the_line_with_which_a_balance_or_the_file_gets_too_large_is_named() -> None:
    most = "999999999999.99"
    full = replace(KNOWN, balances={(AURORA, "EUR"): LARGEST_SUM - Decimal("999999999999.99")})
    rows = [with_cell(with_cell(GOOD, 0, key), 2, most) for key in "abc"]
    assert wrong(entries(*rows, known=full)) == [
        (3, "amount", P.SUM_TOO_LARGE),
        (4, "amount", P.SUM_TOO_LARGE),
    ]
    assert not entries(*(with_cell(row, 3, "USD") for row in rows), known=full).problems
    # A payout takes off: the other side of zero has an end too.
    owes = replace(KNOWN, balances={(AURORA, "EUR"): -LARGEST_SUM})
    assert wrong(payouts(GOOD_PAYOUT, known=owes)) == [(2, "amount", P.SUM_TOO_LARGE)]
    lines = [(str(n), f"P-{n % 2 + 1}", most, "EUR", "2026-09-01") for n in range(901)]
    assert wrong(entries(*lines)) == [(902, "amount", P.SUM_TOO_LARGE)]


@pytest.mark.parametrize(("problem", "largest"), [(P.TOO_LARGE, LARGEST), (P.SUM_TOO_LARGE, LARGEST_SUM)])
def test_what_is_too_large_is_told_with_the_largest_that_is_taken(
    problem: LineProblem, largest: Decimal
) -> None:
    assert f"{largest:,f}" in line_problem_text(problem)
