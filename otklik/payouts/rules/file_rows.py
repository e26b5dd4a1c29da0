"""A file of entries or of payouts is taken whole or not at all: every line that is wrong is named.

A file may come again, longer or the same: lines whose key is known and that say what is known are counted and
left; a known line that says something else refuses the file, for history is not changed by a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from otklik.kit.tabular import Cell
from otklik.payouts.rules.balance import LARGEST_SUM
from otklik.payouts.rules.file_cells import ColumnHints, hints_of, text_of
from otklik.payouts.rules.file_lines import (
    LEDGER_DIGITS,
    SHOWN_VALUE,
    EntryRow,
    FileProblem,
    FileRow,
    Known,
    KnownPayout,
    LineReader,
    PayoutRow,
)
from otklik.payouts.rules.vocabulary import PAYOUT_MOVES, LineProblem, MoneyFileKind, PayoutState

ZERO = Decimal(0)
MOST_LINES = 200_000
TELL_EVERY = 2_000
MOST_PROBLEMS = 500
"""More are not listed: nobody reads them, and the file is refused anyway."""
TOTAL_WORDS = frozenset({"total", "totals", "sum", "grand total", "итого", "всего", "итог", "сумма"})

REQUIRED = {
    MoneyFileKind.ENTRIES: ("key", "partner", "amount", "currency", "earned_on"),
    MoneyFileKind.PAYOUTS: ("key", "partner", "amount", "currency", "state", "expected_on"),
}
OPTIONAL = {
    MoneyFileKind.ENTRIES: ("kind", "source", "note"),
    MoneyFileKind.PAYOUTS: ("sent_on", "paid_on", "reference", "problem"),
}
DAYS = ("earned_on", "expected_on", "sent_on", "paid_on")


class FileLine(NamedTuple):
    number: int
    """As a spreadsheet counts."""
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Checked:
    """``rows``: new ones, and payouts that moved on. Empty where there is a problem."""

    rows: tuple[FileRow, ...]
    same: int
    """Known, and nothing new about them."""
    totals: Mapping[str, Decimal]
    """By currency, of all lines."""
    problems: tuple[FileProblem, ...]


class _Total(NamedTuple):
    line: int
    currency: str
    amount: Decimal


def check_file(
    kind: MoneyFileKind,
    columns: Sequence[str],
    lines: Sequence[FileLine],
    known: Known,
    *,
    header_line: int = 1,
    heard: Callable[[int], None] = lambda lines: None,
) -> Checked:
    """``heard``: now and then, how many lines are checked."""
    names = [name.strip().casefold().replace(" ", "_") for name in columns]
    problems = _header_problems(kind, names, header_line)
    if not lines:
        problems.append(FileProblem(0, "", LineProblem.NO_LINES, ""))
    if len(lines) > MOST_LINES:
        problems.append(FileProblem(0, "", LineProblem.TOO_MANY_LINES, str(len(lines))))
    if problems:
        return Checked((), 0, {}, tuple(problems))
    reading = _Reading(kind, names, lines, known)
    for place, line in enumerate(lines):
        if place % TELL_EVERY == 0:
            heard(place)
        reading.take(line)
        if len(reading.problems) >= MOST_PROBLEMS:
            break
    else:
        reading.compare_totals()
    found = tuple(sorted(reading.problems[:MOST_PROBLEMS], key=lambda one: one.line))
    return Checked(() if found else tuple(reading.rows), reading.same, reading.totals, found)


def _header_problems(kind: MoneyFileKind, names: Sequence[str], line: int) -> list[FileProblem]:
    allowed = {*REQUIRED[kind], *OPTIONAL[kind]}
    problems = [
        FileProblem(line, name, LineProblem.MISSING, "") for name in REQUIRED[kind] if name not in names
    ]
    for name, times in Counter(names).items():
        if name not in allowed:
            # A misspelt "kind" would make every chargeback a commission.
            problems.append(FileProblem(line, name, LineProblem.UNKNOWN_COLUMN, name[:SHOWN_VALUE]))
        elif times > 1:
            problems.append(FileProblem(line, name, LineProblem.COLUMN_TWICE, name))
    return problems


class _Reading:
    """One way through the file."""

    def __init__(
        self, kind: MoneyFileKind, names: Sequence[str], lines: Sequence[FileLine], known: Known
    ) -> None:
        self.rows: list[FileRow] = []
        self.same = 0
        self.totals: dict[str, Decimal] = {}
        self.problems: list[FileProblem] = []
        self._kind = kind
        self._names = names
        self._known = known
        self._hints = _hints(names, lines)
        self._seen: set[str] = set()
        self._said: list[_Total] = []
        self._gross: dict[str, Decimal] = {}
        self._balances: dict[tuple[int, str], Decimal] = {}

    def take(self, line: FileLine) -> None:
        if len(line.cells) != len(self._names):
            self._add(line.number, "", LineProblem.RAGGED, str(len(line.cells)))
            return
        cells = dict(zip(self._names, line.cells, strict=True))
        if not any(text_of(cell) for cell in line.cells):
            return
        reader = LineReader(line.number, cells, self._hints, self._known)
        if _is_total(cells, line.cells):
            self._take_total(reader)
        else:
            row = reader.entry() if self._kind is MoneyFileKind.ENTRIES else reader.payout()
            if row:
                self._place(row, reader)
        self.problems += reader.problems

    def _take_total(self, reader: LineReader) -> None:
        currencies = list(self.totals)
        if text_of(reader.cells["currency"]) or len(currencies) != 1:
            currency = reader.currency()
        else:
            currency = currencies[0]
        amount = reader.amount(currency, LEDGER_DIGITS)
        if amount is not None and currency:
            self._said.append(_Total(reader.line, currency, amount))

    def _place(self, row: FileRow, reader: LineReader) -> None:
        if row.key in self._seen:
            reader.add("key", LineProblem.DOUBLED_KEY)
            return
        self._seen.add(row.key)
        self.totals[row.currency] = self.totals.get(row.currency, ZERO) + row.amount
        changed = _changed(row, self._known)
        if self._is_too_much(row, is_new=changed is None):
            reader.add("amount", LineProblem.SUM_TOO_LARGE)
        elif changed is None:
            self.rows.append(row)
        elif changed == "":
            self.same += 1
        else:
            reader.add(changed, LineProblem.BAD_MOVE if changed == "state" else LineProblem.CHANGED)

    def _is_too_much(self, row: FileRow, *, is_new: bool) -> bool:
        """For the file, each line without its sign, or for the balance. A payout takes off what it pays."""
        self._gross[row.currency] = self._gross.get(row.currency, ZERO) + abs(row.amount)
        if not is_new:
            return self._gross[row.currency] > LARGEST_SUM
        key = row.partner, row.currency
        before = self._balances.get(key, self._known.balances.get(key, ZERO))
        self._balances[key] = before + (row.amount if isinstance(row, EntryRow) else -row.amount)
        return max(self._gross[row.currency], abs(self._balances[key])) > LARGEST_SUM

    def compare_totals(self) -> None:
        """Lines that could not be read are in no sum: then a total would differ for their sake alone."""
        if self.problems:
            return
        if not self._seen:
            self._add(0, "", LineProblem.NO_LINES, "")
        for said in self._said:
            if self.totals.get(said.currency, ZERO) != said.amount:
                self._add(said.line, "amount", LineProblem.TOTAL_DIFFERS, f"{said.amount} {said.currency}")
        told = self._known.totals
        for currency in sorted({*told, *self.totals} if told else ()):
            if told.get(currency, ZERO) != self.totals.get(currency, ZERO):
                value = f"{told.get(currency, ZERO)} {currency}"
                self._add(0, "amount", LineProblem.TOTAL_DIFFERS, value)

    def _add(self, line: int, column: str, problem: LineProblem, value: str) -> None:
        self.problems.append(FileProblem(line, column, problem, value))


def _hints(names: Sequence[str], lines: Sequence[FileLine]) -> ColumnHints:
    def column(*wanted: str) -> list[Cell]:
        places = [place for place, name in enumerate(names) if name in wanted]
        return [line.cells[place] for line in lines for place in places if place < len(line.cells)]

    return hints_of(column("amount"), column(*DAYS))


def _is_total(cells: Mapping[str, Cell], row: Sequence[Cell]) -> bool:
    """A line that begins with such a word and has nothing but an amount and perhaps a currency."""
    filled = {name for name, cell in cells.items() if text_of(cell)} - {"amount", "currency"}
    first = next((text for cell in row if (text := text_of(cell))), "")
    return len(filled) == 1 and first.casefold().rstrip(" :.") in TOTAL_WORDS


def _changed(row: FileRow, known: Known) -> str | None:
    """None: new, or moved on. "": known and the same. Else the column that says something else."""
    before = known.entries.get(row.key) if isinstance(row, EntryRow) else known.payouts.get(row.key)
    if before is None:
        return None
    fixed = ["partner", "amount", "currency"]
    if isinstance(row, EntryRow):
        fixed += ["kind", "earned_on"]
    for name in fixed:
        if getattr(row, name) != getattr(before, name):
            return name
    if isinstance(row, EntryRow):
        return ""
    assert isinstance(before, KnownPayout)
    return _moved(row, before)


def _moved(row: PayoutRow, before: KnownPayout) -> str | None:
    if row.state is not before.state:
        return None if row.state in _reachable(before.state) else "state"
    now = (row.expected_on, row.sent_on, row.paid_on, row.reference, row.problem)
    then = (before.expected_on, before.sent_on, before.paid_on, before.reference, before.problem)
    return "" if now == then else None


def _reachable(state: PayoutState) -> set[PayoutState]:
    """A file a week old may skip what happened in between."""
    found: set[PayoutState] = set()
    ahead = [state]
    while ahead:
        new = PAYOUT_MOVES[ahead.pop()] - found
        found |= new
        ahead += new
    return found
