"""A table as its reader sees it: named columns and rows that are read one after the other."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from otklik.kit.tabular.encodings import Encoding
from otklik.kit.tabular.errors import DuplicateColumns, NoHeader, NoSuchColumn, TableError

Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None


@dataclass(frozen=True)
class Limits:
    """What is still an honest table. `line` counts characters of one row, `unpacked` and `packed` bytes of a
    workbook.
    """

    line: int = 1 << 20
    columns: int = 1_000
    rows: int = 50_000_000
    packed: int = 256 << 20
    unpacked: int = 1 << 30
    shared_strings: int = 128 << 20
    members: int = 2_000
    ratio: int = 250


class Ragged(StrEnum):
    """What to do with a row that has not as many cells as the header has columns."""

    REFUSE = "refuse"
    REPORT = "report"


class Row(NamedTuple):
    """`number` counts as a spreadsheet does. With `Ragged.REPORT` a row of the wrong length carries its
    `problem`.
    """

    number: int
    cells: list[Cell]
    problem: TableError | None = None


@dataclass
class Facts:
    """How the file was read. `encoding` may still change while rows are read: up to then all text was plain
    ASCII.
    """

    format: str
    delimiter: str | None = None
    encodings: list[Encoding] | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()

    @property
    def encoding(self) -> Encoding | None:
        return self.encodings[-1] if self.encodings else None


class Table:
    """Columns and rows. `rows` can be gone through once."""

    def __init__(self, columns: tuple[str, ...], header_row: int, rows: Iterator[Row], facts: Facts) -> None:
        self.columns = columns
        self.header_row = header_row
        self.rows = rows
        self.facts = facts

    def index(self, name: str) -> int:
        """Position of a column by its name, else by its name in any letter case. Raises `NoSuchColumn`."""
        if name in self.columns:
            return self.columns.index(name)
        folded = [column.strip().casefold() for column in self.columns]
        if folded.count(name.strip().casefold()) == 1:
            return folded.index(name.strip().casefold())
        raise NoSuchColumn(
            name=name, columns=self.columns, near=difflib.get_close_matches(name, self.columns, 3)
        )


def header_of(number: int, cells: list[Cell], is_data: Callable[[Cell], bool]) -> tuple[str, ...]:
    """Column names from the first row that is not blank; a column without a name is called `#` and its
    position.

    Raises `NoHeader` where the row holds a score, a number or a date and so is data, `DuplicateColumns` where
    two columns would answer to one name.
    """
    for position, cell in enumerate(cells, 1):
        if is_data(cell):
            raise NoHeader(row=number, column=position, value=_text(cell))
    names = [_text(cell) or f"#{position}" for position, cell in enumerate(cells, 1)]
    places: dict[str, list[int]] = {}
    for position, name in enumerate(names, 1):
        places.setdefault(name, []).append(position)
    twice = {name: where for name, where in places.items() if len(where) > 1}
    if twice:
        positions = [place for where in twice.values() for place in where]
        raise DuplicateColumns(row=number, names=list(twice), positions=positions)
    return tuple(names)


def _text(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).split())
