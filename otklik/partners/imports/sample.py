"""The first look at a file: how it is read, its columns, some rows, and what whole columns tell about
their values.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from otklik.kit.tabular import Cell, DateOrder, NoRows, Ragged, Row, Table, decimal_mark, open_table
from otklik.partners.imports.codec import plain, revived

KEPT_ROWS = 200
LOOK_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Reading:
    """How a person wants the file read; "" leaves it to what is found."""

    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """``rows``: the first ones as (number, cells, code of a structural problem or ""). ``orders``: for
    columns with dates that have two readings, counts of values that are day first, month first, either.
    ``decimals``: for columns where it shows, the decimal mark. ``scanned`` rows were looked at for these;
    ``is_whole``: that was all of them.
    """

    format: str
    encoding: str
    codec: str
    delimiter: str
    sheet: str
    sheets: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[int, list[Cell], str], ...]
    orders: Mapping[str, tuple[int, int, int]]
    decimals: Mapping[str, str]
    scanned: int
    is_whole: bool

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = plain(asdict(self))
        return found

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Sample:
        found = {key: revived(value) for key, value in stored.items()}
        found["rows"] = tuple((number, cells, problem) for number, cells, problem in found["rows"])
        found["columns"], found["sheets"] = tuple(found["columns"]), tuple(found["sheets"])
        found["orders"] = {name: tuple(counts) for name, counts in found["orders"].items()}
        return cls(**found)

    def cells(self) -> list[list[Cell]]:
        """Rows as wide as the header."""
        return [cells + [None] * (len(self.columns) - len(cells)) for _, cells, _ in self.rows]

    def date_order(self, columns: Sequence[str]) -> DateOrder:
        """What these columns together show about the order of day and month."""
        counts = [self.orders[name] for name in columns if name in self.orders]
        return DateOrder(*(sum(parts) for parts in zip(*counts, strict=True))) if counts else DateOrder()


def look_at(source: str | Path | BinaryIO, reading: Reading, *, seconds: float = LOOK_SECONDS) -> Sample:
    """Reads on for at most ``seconds``, so that small files are known whole before anything is kept.

    Raises a TableError for what is wrong with the file up to there.
    """
    until = time.monotonic() + seconds
    with open_file(source, reading) as table:
        rows: list[Row] = []
        orders = [DateOrder() for _ in table.columns]
        scanned, is_whole = 0, True
        for row in table.rows:
            if len(rows) < KEPT_ROWS:
                rows.append(row)
            scanned += 1
            for cell, order in zip(row.cells, orders, strict=False):
                order.see(cell)
            if scanned % 100 == 0 and time.monotonic() > until:
                is_whole = False
                break
        if not rows:
            raise NoRows
        return _sample_of(table, rows, orders, scanned, is_whole)


def open_file(source: str | Path | BinaryIO, reading: Reading) -> Any:
    """``open_table`` as every station of an import calls it: rows of a wrong length are that row's
    problem.
    """
    return open_table(source, ragged=Ragged.REPORT, encoding=reading.encoding, delimiter=reading.delimiter)


def _sample_of(
    table: Table, rows: list[Row], orders: list[DateOrder], scanned: int, is_whole: bool
) -> Sample:
    facts = table.facts
    marks = {
        name: decimal_mark(row.cells[at] for row in rows if at < len(row.cells))
        for at, name in enumerate(table.columns)
    }
    return Sample(
        format=facts.format,
        encoding=facts.encoding.label if facts.encoding else "",
        codec=facts.encoding.codec if facts.encoding else "",
        delimiter=facts.delimiter or "",
        sheet=facts.sheet or "",
        sheets=facts.sheets,
        columns=table.columns,
        rows=tuple((row.number, list(row.cells), row.problem.code if row.problem else "") for row in rows),
        orders={
            name: (order.day_first, order.month_first, order.either)
            for name, order in zip(table.columns, orders, strict=True)
            if order.day_first or order.month_first or order.either
        },
        decimals={name: mark for name, mark in marks.items() if mark},
        scanned=scanned,
        is_whole=is_whole,
    )
