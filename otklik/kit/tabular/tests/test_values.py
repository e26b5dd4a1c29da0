# ruff: noqa: DTZ001  # dates in files have no zone unless they say so
"""One cell at a time: scores, dates and numbers as people write them."""

import datetime as dt

import pytest

from otklik.kit.tabular import (
    DateOrder,
    NoDate,
    NoNumber,
    NoScore,
    Order,
    csv_lines,
    decimal_mark,
    neutralise,
    read_date,
    read_number,
    read_score,
    restored,
)

DAY = dt.date(2025, 3, 12)


@pytest.mark.parametrize("cell", ["9", " 9 ", "9.0", "9,0", "9,00", "09", "+9", 9, 9.0])
def test_nine_is_nine_however_written(cell):
    assert read_score(cell) == 9


@pytest.mark.parametrize("cell", ["0", 0, "10", 10, "10,0", 0.0, "-0"])
def test_the_ends_of_the_scale_count(cell):
    assert read_score(cell) in (0, 10)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("10/10", NoScore.FRACTION),
        ("9 / 10", NoScore.FRACTION),
        ("9 из 10", NoScore.FRACTION),
        ("9,5", NoScore.NOT_WHOLE),
        (7.5, NoScore.NOT_WHOLE),
        ("11", NoScore.OUT_OF_RANGE),
        ("-1", NoScore.OUT_OF_RANGE),
        (11, NoScore.OUT_OF_RANGE),
        (-1, NoScore.OUT_OF_RANGE),
        ("10,5", NoScore.OUT_OF_RANGE),
        ("1" * 500, NoScore.OUT_OF_RANGE),
        (float("inf"), NoScore.OUT_OF_RANGE),
        ("nine", NoScore.TEXT),
        ("1e1", NoScore.TEXT),
        ("٩", NoScore.TEXT),
        (True, NoScore.TEXT),
        (dt.datetime(2025, 10, 9), NoScore.A_DATE),
        ("", NoScore.MISSING),
        (None, NoScore.MISSING),
        ("NaN", NoScore.MISSING),
        ("NA", NoScore.MISSING),
        ("n/a", NoScore.MISSING),
        ("—", NoScore.MISSING),
        ("н/д", NoScore.MISSING),
        (float("nan"), NoScore.MISSING),
    ],
)
def test_what_is_no_score_has_a_reason(cell, reason):
    assert read_score(cell) is reason


@pytest.mark.parametrize(
    "cell",
    [
        "2025-03-12",
        "2025/03/12",
        "2025.03.12",
        "20250312",
        "12.03.2025",
        "12.3.25",
        "12.03.2025 г.",
        "12/03/2025",
        "12-03-2025",
        "12 мар 2025",
        "12 марта 2025 г.",
        "12 Mar 2025",
        "12-Mar-2025",
        "March 12, 2025",
        "Mar 12 2025",
        "45728",
        45728,
        dt.date(2025, 3, 12),
    ],
)
def test_one_day_in_many_clothes(cell):
    assert read_date(cell) == DAY


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2025-03-12T10:15:30Z", dt.datetime(2025, 3, 12, 10, 15, 30, tzinfo=dt.UTC)),
        (
            "2025-03-12T10:15:30.123+03:00",
            dt.datetime(2025, 3, 12, 10, 15, 30, tzinfo=dt.timezone(dt.timedelta(hours=3))),
        ),
        (
            "2025-03-12 10:15-0530",
            dt.datetime(2025, 3, 12, 10, 15, tzinfo=dt.timezone(-dt.timedelta(hours=5, minutes=30))),
        ),
        ("12.03.2025 10:15", dt.datetime(2025, 3, 12, 10, 15)),
        ("12/03/2025 10:15 PM", dt.datetime(2025, 3, 12, 22, 15)),
        ("12/03/2025, 12:05 am", dt.datetime(2025, 3, 12, 0, 5)),
        (45728.5, dt.datetime(2025, 3, 12, 12)),
        (dt.datetime(2025, 3, 12, 10, 15), dt.datetime(2025, 3, 12, 10, 15)),
    ],
)
def test_times_and_zones_are_kept(cell, expected):
    found = read_date(cell)

    assert found == expected
    assert found.tzinfo == expected.tzinfo


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("31.02.2025", NoDate.IMPOSSIBLE),
        ("2025-13-01", NoDate.IMPOSSIBLE),
        ("29/02/2025", NoDate.IMPOSSIBLE),
        ("31 апр 2025", NoDate.IMPOSSIBLE),
        ("2025-03-12 25:00", NoDate.IMPOSSIBLE),
        ("12.03.1825", NoDate.OUT_OF_RANGE),
        ("0001-01-01", NoDate.OUT_OF_RANGE),
        ("01.01.0024", NoDate.OUT_OF_RANGE),
        ("yesterday", NoDate.TEXT),
        ("12 foo 2025", NoDate.TEXT),
        ("2025", NoDate.TEXT),
        (True, NoDate.TEXT),
        ("", NoDate.MISSING),
        (None, NoDate.MISSING),
    ],
)
def test_what_is_no_date_has_a_reason(cell, reason):
    assert read_date(cell) is reason


def order_of(*cells):
    order = DateOrder()
    for cell in cells:
        order.see(cell)
    return order


def test_the_whole_column_decides_the_order_of_day_and_month():
    american = order_of("03/04/2025", "03/25/2025 10:00")
    european = order_of("03/04/2025", "25/03/2025")

    assert (american.order, american.is_ambiguous) == (Order.MONTH_FIRST, False)
    assert (european.order, european.is_ambiguous) == (Order.DAY_FIRST, False)
    assert read_date("03/04/2025", american.order) == dt.date(2025, 3, 4)
    assert read_date("03/04/2025", european.order) == dt.date(2025, 4, 3)


def test_an_order_nothing_decides_is_called_ambiguous():
    assert order_of("03/04/2025", "05/06/2025").is_ambiguous
    assert not order_of("03/03/2025", "03.04.2025").is_ambiguous
    assert order_of("25/03/2025", "03/25/2025").is_mixed


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.5", 1.5),
        ("1,5", 1.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1'234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("0,750", 0.75),
        ("-3", -3.0),
        ("−3,2", -3.2),
        (".5", 0.5),
        ("1e3", 1000.0),
        (2, 2.0),
    ],
)
def test_numbers_of_both_worlds(text, value):
    assert read_number(text) == value


def test_a_number_with_two_readings_waits_for_the_column():
    assert read_number("1,234") is NoNumber.AMBIGUOUS
    assert read_number("1,234", decimal=",") == 1.234
    assert read_number("1,234", decimal=".") == 1234.0
    assert decimal_mark(["1,234", "0,5"]) == ","
    assert decimal_mark(["1,234", "2,345.50"]) == "."
    assert decimal_mark(["1,234", "7"]) is None


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("many", NoNumber.TEXT),
        ("1,2,3", NoNumber.TEXT),
        ("", NoNumber.MISSING),
        (float("inf"), NoNumber.TEXT),
        (True, NoNumber.TEXT),
    ],
)
def test_what_is_no_number_has_a_reason(cell, reason):
    assert read_number(cell) is reason


@pytest.mark.parametrize(
    "payload", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]
)
def test_no_cell_we_write_runs_as_a_formula(payload):
    written = neutralise(payload)
    assert written.startswith("'")
    assert restored(written) == payload


@pytest.mark.parametrize(
    ("payload", "written"),
    [
        ("Aurora;=1+1;", "Aurora;'=1+1;"),
        ("Aurora,@SUM(A1)", "Aurora,'@SUM(A1)"),
        ("bad\n=1+1\n", "bad\n'=1+1\n"),
        ("=1;=2", "'=1;'=2"),
        ("a\t+cmd", "a\t'+cmd"),
    ],
)
def test_nor_where_the_spreadsheet_splits_by_another_sign(payload, written):
    assert neutralise(payload) == written
    assert restored(written) == payload


@pytest.mark.parametrize(
    "harmless", ["-5", "+3,2", -5, "a=b", "", None, 1.5, "1,-5;+3,2", "late; -100 a day", "it's", "a, @nick"]
)
def test_numbers_and_plain_text_stay_as_they_are(harmless):
    assert neutralise(harmless) == harmless
    assert not isinstance(harmless, str) or restored(harmless) == harmless


def test_csv_is_written_line_by_line_and_safe():
    lines = csv_lines(["name", "=x"], ([name, 1] for name in ("=HYPERLINK()", 'a "b", c')))

    assert next(lines) == "\ufeffname,'=x\r\n"
    assert next(lines) == "'=HYPERLINK(),1\r\n"
    assert next(lines) == '"a ""b"", c",1\r\n'
