"""A partner's own statistics are read as their system wrote them, or refused by name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from otklik.payouts.rules.file_rows import FileLine
from otklik.payouts.rules.report_file import (
    MOST_REPORT_LINES,
    NAMES,
    ReportFile,
    ReportRow,
    read_report,
    recognised,
)
from otklik.payouts.rules.vocabulary import LineProblem as P


def read(head: str, *lines: str, currency: str = "EUR") -> ReportFile:
    cells = [FileLine(place, line.split(";")) for place, line in enumerate(lines, 2)]
    return read_report(head.split(";"), cells, currency=currency)


def problems(head: str, *lines: str) -> list[tuple[int, str, P]]:
    found = read(head, *lines)
    assert not (found.rows and found.problems)
    return [(one.line, one.column, one.problem) for one in found.problems]


@pytest.mark.parametrize(
    ("head", "line"),
    [
        ("Date;Order ID;Sub_ID;Leads;Commission, EUR", "2026-09-01;A-1;news;2;12,50"),
        ("Дата;Номер заказа;Источник;Конверсии;Комиссия (€)", "01.09.2026;A-1;news;2;12,50"),
        ("ДАТА КОНВЕРСИИ;№ заказа;Площадка;Кол-во;Вознаграждение ₽", "01.09.2026;A-1;news;2;12,50"),
        ("day;transaction-id;campaign;sales;payout", "2026-09-01;A-1;news;2;12.5"),
    ],
)
def test_columns_are_known_by_their_usual_names(head: str, line: str) -> None:
    found = read(head, line)
    assert found.rows == (ReportRow("A-1", date(2026, 9, 1), Decimal("12.50"), "news", 2, "EUR"),)
    assert set(found.columns) == {"day", "key", "source", "conversions", "amount"}
    assert found.left_out == ()


def test_the_commission_is_meant_before_the_price_and_what_is_left_out_is_told() -> None:
    found = read("Date;Amount;Commission;Browser", "2026-09-01;100;5;Firefox")
    assert found.rows[0].amount == 5
    assert found.left_out == ("Amount", "Browser")


def test_no_name_means_two_things() -> None:
    words = [word for names in NAMES.values() for word in names]
    assert len(words) == len(set(words))
    assert recognised(["Сумма", "Сумма"]) == {"amount": 0}


def test_a_file_that_is_not_understood_is_refused_with_what_is_missing() -> None:
    assert problems("Kunde;Betrag", "x;1") == [(1, "day", P.MISSING), (1, "amount", P.MISSING)]
    assert problems("Date;Amount") == [(0, "", P.NO_LINES)]
    many = ["2026-09-01;1"] * (MOST_REPORT_LINES + 1)
    assert problems("Date;Amount", *many) == [(0, "", P.TOO_MANY_LINES)]


def test_every_wrong_line_is_named() -> None:
    assert problems(
        "Date;Order;Amount;Leads;Currency",
        "2026-09-01;a;1;1;EUR",
        "yesterday;b;lots;many;XQX",
        ";c;;;",
        "2026-09-02;" + "k" * 121 + ";1;99999999999;",
        "2026-09-02;d",
    ) == [
        (3, "Currency", P.UNKNOWN_CURRENCY),
        (3, "Date", P.BAD_DATE),
        (3, "Amount", P.NOT_A_NUMBER),
        (3, "Leads", P.NOT_A_NUMBER),
        (4, "Date", P.MISSING),
        (4, "Amount", P.MISSING),
        (5, "Order", P.TOO_LONG),
        (5, "Leads", P.TOO_LARGE),
        (6, "", P.RAGGED),
    ]


def test_a_total_is_no_line_and_has_to_add_up() -> None:
    lines = ("2026-09-01;10,50", "2026-09-02;-0,50")
    assert len(read("Дата;Сумма", *lines, "Итого;10,00").rows) == 2
    assert problems("Дата;Сумма", *lines, "Итого;10,01") == [(4, "Сумма", P.TOTAL_DIFFERS)]
    assert len(read("Дата;Сумма", *lines, "Итого;").rows) == 2
    assert problems("Дата;Сумма", "Итого;1") == [(0, "", P.NO_LINES), (2, "Сумма", P.TOTAL_DIFFERS)][:1]


def test_times_with_a_zone_stay_moments_and_others_are_days() -> None:
    rows = read("Time;Amount", "2026-09-01T23:30:00+03:00;1", "2026-09-01 23:30;1").rows
    assert rows[0].when == datetime(2026, 9, 1, 20, 30, tzinfo=UTC)
    assert rows[1].when == date(2026, 9, 1)


def test_days_and_amounts_that_read_two_ways_are_not_guessed() -> None:
    assert problems("Date;Amount", "03/04/2026;1") == [(2, "Date", P.AMBIGUOUS_DATE)]
    assert read("Date;Amount", "03/04/2026;1", "25/04/2026;1").rows[0].when == date(2026, 4, 3)
    assert problems("Date;Amount", "2026-09-01;1,234") == [(2, "Amount", P.AMBIGUOUS_AMOUNT)]
