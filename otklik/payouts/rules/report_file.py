"""A partner's own statistics: whatever their system wrote, as far as it can be understood.

Its columns are recognised by their usual names in English and Russian. What is left out is told, and a file
that is not understood is refused with the names that would be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from otklik.kit.tabular import Cell
from otklik.payouts.rules.file_cells import (
    BadCell,
    ColumnHints,
    hints_of,
    read_currency,
    read_money,
    read_text,
    read_when,
    text_of,
)
from otklik.payouts.rules.file_lines import KEY, LEDGER_DIGITS, SHOWN_VALUE, SOURCE, FileProblem
from otklik.payouts.rules.file_rows import MOST_PROBLEMS, TOTAL_WORDS, FileLine
from otklik.payouts.rules.vocabulary import LineProblem

ZERO = Decimal(0)
MOST_REPORT_LINES = 20_000
MOST_CONVERSIONS = 2**31 - 1

# The earlier name wins where a file has several: a commission is meant before the price of what was sold.
NAMES: Mapping[str, tuple[str, ...]] = {
    "day": (
        *("date", "day", "conversion date", "order date", "event date", "date time", "datetime", "time"),
        *("дата", "день", "дата конверсии", "дата заказа", "дата события", "дата и время", "время"),
    ),
    "key": (
        *("key", "order id", "order number", "order", "conversion id", "transaction id", "lead id", "id"),
        *("ключ", "номер заказа", "id заказа", "заказ", "id конверсии", "номер конверсии", "id транзакции"),
        *("номер транзакции", "id лида", "идентификатор", "номер"),
    ),
    "source": (
        *("source", "sub source", "subsource", "sub id", "subid", "sub1", "campaign", "offer", "product"),
        *("источник", "субисточник", "площадка", "канал", "кампания", "оффер", "товар", "продукт"),
    ),
    "conversions": (
        *("conversions", "leads", "sales", "orders", "quantity", "count"),
        *("конверсии", "лиды", "продажи", "заказы", "количество", "кол во"),
    ),
    "amount": (
        *("commission", "reward", "earnings", "earned", "payout", "income", "revenue", "amount", "sum"),
        *("комиссия", "вознаграждение", "начислено", "заработок", "заработано", "выплата", "доход", "сумма"),
    ),
    "currency": ("currency", "currency code", "валюта", "код валюты"),
}
NEEDED = ("day", "amount")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|,.*$")
_GAPS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class ReportRow:
    key: str
    """Empty where the report has only sums by day and source."""
    when: date | datetime
    """A moment has a zone."""
    amount: Decimal
    source: str = ""
    conversions: int | None = None
    currency: str = ""
    """Empty: that of the report."""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """``rows`` are empty where there is a problem."""

    rows: tuple[ReportRow, ...]
    columns: Mapping[str, str]
    """What was recognised: the column's name in the file by what it means."""
    left_out: tuple[str, ...]
    problems: tuple[FileProblem, ...]


def read_report(
    columns: Sequence[str], lines: Sequence[FileLine], *, currency: str, header_line: int = 1
) -> ReportFile:
    """``currency``: of amounts where the file names none."""
    places = recognised(columns)
    known = {name: columns[place] for name, place in places.items()}
    left_out = tuple(name for place, name in enumerate(columns) if place not in places.values())
    problems = [
        FileProblem(header_line, name, LineProblem.MISSING, "") for name in NEEDED if name not in places
    ]
    if not lines:
        problems.append(FileProblem(0, "", LineProblem.NO_LINES, ""))
    if len(lines) > MOST_REPORT_LINES:
        problems.append(FileProblem(0, "", LineProblem.TOO_MANY_LINES, str(len(lines))))
    rows: list[ReportRow] = []
    if not problems:
        reading = _Reading(columns, places, lines, currency)
        for line in lines:
            reading.take(line)
            if len(reading.problems) >= MOST_PROBLEMS:
                break
        else:
            reading.compare_total()
        rows, problems = reading.rows, reading.problems[:MOST_PROBLEMS]
    return ReportFile(() if problems else tuple(rows), known, left_out, tuple(problems))


def recognised(columns: Sequence[str]) -> dict[str, int]:
    """Places of the columns by what they mean."""
    names = [_plain(name) for name in columns]
    places: dict[str, int] = {}
    for meaning, words in NAMES.items():
        found = [names.index(word) for word in words if word in names]
        free = [place for place in found if place not in places.values()]
        if free:
            places[meaning] = free[0]
    return places


def _plain(name: str) -> str:
    """ "Commission, EUR" and "Сумма (₽)" without what stands behind the name."""
    text = _BRACKETS.sub("", name.casefold()).replace("№", "номер ").replace("ё", "е")
    return _GAPS.sub(" ", text).strip()


class _Reading:
    """One way through the file."""

    def __init__(
        self, columns: Sequence[str], places: Mapping[str, int], lines: Sequence[FileLine], currency: str
    ) -> None:
        self.rows: list[ReportRow] = []
        self.problems: list[FileProblem] = []
        self._columns = columns
        self._places = places
        self._currency = currency
        self._hints = _hints(places, lines)
        self._total: tuple[int, Decimal] | None = None

    def take(self, line: FileLine) -> None:
        if len(line.cells) != len(self._columns):
            self.problems.append(FileProblem(line.number, "", LineProblem.RAGGED, ""))
            return
        cells = {name: line.cells[place] for name, place in self._places.items()}
        if _is_total(line.cells):
            self._take_total(line.number, cells)
            return
        before = len(self.problems)
        currency = self._currency_of(line.number, cells)
        row = (
            self._text(line.number, cells, "key", KEY),
            self._day(line.number, cells),
            self._amount(line.number, cells, currency),
            self._text(line.number, cells, "source", SOURCE),
            self._conversions(line.number, cells),
        )
        key, when, amount, source, conversions = row
        if len(self.problems) == before and when is not None and amount is not None:
            self.rows.append(ReportRow(key, when, amount, source, conversions, currency))

    def compare_total(self) -> None:
        """Only where all lines are in one currency: a total does not say which it adds up."""
        if self.problems:
            return
        if not self.rows:
            self.problems.append(FileProblem(0, "", LineProblem.NO_LINES, ""))
        if self._total and len({row.currency for row in self.rows}) == 1:
            line, said = self._total
            if sum((row.amount for row in self.rows), ZERO) != said:
                self._add(line, "amount", LineProblem.TOTAL_DIFFERS, str(said))

    def _take_total(self, line: int, cells: Mapping[str, Cell]) -> None:
        if text_of(cells["amount"]):
            amount = self._amount(line, cells, self._currency_of(line, cells))
            self._total = (line, amount) if amount is not None else self._total

    def _currency_of(self, line: int, cells: Mapping[str, Cell]) -> str:
        if not text_of(cells.get("currency")):
            return self._currency
        try:
            return read_currency(cells["currency"])
        except BadCell as wrong:
            self._add(line, "currency", wrong.problem, text_of(cells["currency"]))
            return self._currency

    def _text(self, line: int, cells: Mapping[str, Cell], name: str, longest: int) -> str:
        try:
            return read_text(cells.get(name), longest)
        except BadCell as wrong:
            self._add(line, name, wrong.problem, text_of(cells[name]))
            return ""

    def _day(self, line: int, cells: Mapping[str, Cell]) -> date | None:
        text = text_of(cells["day"])
        try:
            if text:
                return read_when(cells["day"], self._hints)
            self._add(line, "day", LineProblem.MISSING, "")
        except BadCell as wrong:
            self._add(line, "day", wrong.problem, text)
        return None

    def _amount(self, line: int, cells: Mapping[str, Cell], currency: str) -> Decimal | None:
        text = text_of(cells["amount"])
        try:
            if text:
                return read_money(cells["amount"], currency, self._hints, finest=LEDGER_DIGITS)
            self._add(line, "amount", LineProblem.MISSING, "")
        except BadCell as wrong:
            self._add(line, "amount", wrong.problem, text)
        return None

    def _conversions(self, line: int, cells: Mapping[str, Cell]) -> int | None:
        text = text_of(cells.get("conversions")).replace(" ", "").replace("\u00a0", "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            self._add(line, "conversions", LineProblem.NOT_A_NUMBER, text)
            return None
        if len(text) > len(str(MOST_CONVERSIONS)) or int(text) > MOST_CONVERSIONS:
            self._add(line, "conversions", LineProblem.TOO_LARGE, text)
            return None
        return int(text)

    def _add(self, line: int, name: str, problem: LineProblem, value: str) -> None:
        """Columns are called as the file does."""
        self.problems.append(
            FileProblem(line, self._columns[self._places[name]], problem, value[:SHOWN_VALUE])
        )


def _hints(places: Mapping[str, int], lines: Sequence[FileLine]) -> ColumnHints:
    def column(name: str) -> list[Cell]:
        place = places[name]
        return [line.cells[place] for line in lines if place < len(line.cells)]

    return hints_of(column("amount"), column("day"))


def _is_total(cells: Sequence[Cell]) -> bool:
    first = next((text for cell in cells if (text := text_of(cell))), "")
    return first.casefold().rstrip(" :.") in TOTAL_WORDS
