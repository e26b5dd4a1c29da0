"""Counting: rows go by once, and what is kept does not grow with their number."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice

from otklik.cli.analyze.columns import COUNTED, NOT_COUNTED, find_score_column, find_status_column
from otklik.cli.analyze.errors import NoAnswers, TooManySegments
from otklik.kit.tabular import (
    CannotOpen,
    Cell,
    DateOrder,
    Facts,
    NoDate,
    NoNumber,
    NoScore,
    Order,
    Row,
    Table,
    day_of,
    decimal_mark,
    is_missing,
    open_table,
    read_date,
    read_number,
    read_score,
)
from otklik.stats.nps import LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE

MOST_SEGMENTS = 2_000
EXAMPLES = 5
_SAMPLE = 1_000

Segment = tuple[str | None, ...]
"""One value per column of a breakdown; None where the cell is blank."""


@dataclass(frozen=True)
class Question:
    """What is asked of the file, by column names. Each of `by` is one breakdown over one or more columns.

    `score_like` is the score column of another file: taken where this one has it too.
    """

    score: str | None = None
    score_like: str | None = None
    by: tuple[tuple[str, ...], ...] = ()
    date: str | None = None
    weight: str | None = None
    date_order: Order | None = None


@dataclass
class Sums:
    """People per kind (detractors, passives, promoters), and their weights and squared weights."""

    people: list[int] = field(default_factory=lambda: [0, 0, 0])
    weights: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    squares: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])

    def add(self, kind: int, weight: float) -> None:
        self.people[kind] += 1
        self.weights[kind] += weight
        self.squares[kind] += weight * weight

    def include(self, other: Sums) -> None:
        for kind in range(3):
            self.people[kind] += other.people[kind]
            self.weights[kind] += other.weights[kind]
            self.squares[kind] += other.squares[kind]

    @property
    def n(self) -> int:
        return sum(self.people)


@dataclass
class Skipped:
    """Values that were not used: how many for each reason, and the first few of each with their rows."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def add(self, reason: str, row: int, cell: Cell) -> None:
        self.counts[reason] += 1
        shown = self.examples.setdefault(reason, [])
        if len(shown) < EXAMPLES:
            shown.append((row, "" if cell is None else str(cell)[:40]))


@dataclass
class Days:
    """Answers per day under each reading of dates such as 03/04/2025; which one holds is known after the last
    row.
    """

    evidence: DateOrder = field(default_factory=DateOrder)
    by_day: dict[Order, dict[dt.date, Sums]] = field(default_factory=lambda: {order: {} for order in Order})
    skipped: dict[Order, Skipped] = field(default_factory=lambda: {order: Skipped() for order in Order})

    def add(self, row: int, cell: Cell, kind: int, weight: float) -> None:
        self.evidence.see(cell)
        for order in Order:
            date = _read_date(cell, order)
            if isinstance(date, NoDate):
                self.skipped[order].add(date.value, row, cell)
            else:
                self.by_day[order].setdefault(day_of(date), Sums()).add(kind, weight)


@dataclass
class Tally:
    """Everything counted in one file."""

    name: str
    facts: Facts
    score_column: str
    histogram: list[int] = field(default_factory=lambda: [0] * 11)
    total: Sums = field(default_factory=Sums)
    segments: list[dict[Segment, Sums]] = field(default_factory=list)
    days: Days | None = None
    skipped: Skipped = field(default_factory=Skipped)


@lru_cache(maxsize=8192)
def _read_date(cell: Cell, order: Order) -> dt.date | NoDate:
    return read_date(cell, order)


def tally_file(source: str, question: Question) -> Tally:
    """Counts one file. Raises `TableError` for what is wrong with it, `CannotAnalyse` for what it does not
    hold.
    """
    try:
        with open_table(source) as table:
            sample = list(islice(table.rows, _SAMPLE))
            score = _score_column(table, sample, question)
            tally = Tally(source, table.facts, table.columns[score])
            _count(tally, table, chain(sample, table.rows), score, _Columns.of(table, sample, question))
    except OSError as error:  # a disk that fails half-way: nothing is written here, so it was the reading
        raise CannotOpen(reason=error.strerror or str(error)) from error
    if not tally.total.n:
        raise NoAnswers(source, tally.score_column, dict(tally.skipped.counts))
    return tally


@dataclass(frozen=True)
class _Columns:
    """Positions of the columns asked for."""

    by: tuple[tuple[str, ...], ...]
    by_positions: tuple[tuple[int, ...], ...]
    date: int | None
    weight: int | None
    status: int | None
    decimal: str | None

    @classmethod
    def of(cls, table: Table, sample: Sequence[Row], question: Question) -> _Columns:
        weight = None if question.weight is None else table.index(question.weight)
        return cls(
            by=question.by,
            by_positions=tuple(tuple(map(table.index, columns)) for columns in question.by),
            date=None if question.date is None else table.index(question.date),
            weight=weight,
            status=find_status_column(table.columns, sample),
            decimal=None if weight is None else decimal_mark(row.cells[weight] for row in sample),
        )


def _score_column(table: Table, sample: Sequence[Row], question: Question) -> int:
    if question.score is not None:
        return table.index(question.score)
    if question.score_like in table.columns:
        return table.columns.index(question.score_like)
    return find_score_column(table.columns, sample)


def _count(tally: Tally, table: Table, rows: Iterator[Row], score_at: int, columns: _Columns) -> None:
    tally.segments = [{} for _ in columns.by]
    tally.days = None if columns.date is None else Days()
    for number, cells, _ in rows:
        if columns.status is not None and cells[columns.status] != COUNTED:
            tally.skipped.add(_status(cells[columns.status]), number, None)
            continue
        score = read_score(cells[score_at])
        if isinstance(score, NoScore):
            tally.skipped.add(score.value, number, cells[score_at])
            continue
        weight = 1.0
        if columns.weight is not None:
            read = _weight(cells[columns.weight], columns.decimal)
            if isinstance(read, str):
                tally.skipped.add(read, number, cells[columns.weight])
                continue
            weight = read
        kind = (score > LAST_DETRACTOR_SCORE) + (score > LAST_PASSIVE_SCORE)
        tally.histogram[score] += 1
        tally.total.add(kind, weight)
        for names, positions, segments in zip(columns.by, columns.by_positions, tally.segments, strict=True):
            key = tuple(_label(cells[position]) for position in positions)
            if key not in segments and len(segments) >= MOST_SEGMENTS:
                raise TooManySegments(names, MOST_SEGMENTS, number)
            segments.setdefault(key, Sums()).add(kind, weight)
        if tally.days is not None and columns.date is not None:
            tally.days.add(number, cells[columns.date], kind, weight)


def _status(cell: Cell) -> str:
    """Why a row is no confirmed answer."""
    return f"status_{cell}" if cell in NOT_COUNTED else "status_other"


def _weight(cell: Cell, decimal: str | None) -> float | str:
    """A weight above zero, or the reason why there is none."""
    number = read_number(cell, decimal=decimal)
    if isinstance(number, NoNumber):
        return f"weight_{number.value}"
    return number if number > 0 else "weight_not_positive"


def _label(cell: Cell) -> str | None:
    if is_missing(cell):
        return None
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return " ".join(str(cell).split())[:200]
