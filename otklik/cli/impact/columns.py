"""A file as columns of cells, only those that are asked for: CSV and XLSX through `kit.tabular`, Parquet by
its own reader. A study needs all rows at once, so memory grows with rows times columns asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otklik.cli.impact.errors import ParquetUnreadable
from otklik.kit.tabular import CannotOpen, Cell, Facts, Table, open_table

_PARQUET = b"PAR1"


@dataclass(frozen=True)
class Columns:
    """`cells` by the name asked for, each as long as `rows`, the row numbers a spreadsheet shows.
    `everything`: a hash of each whole row, its other columns included; `most_different`: different values in
    the column that has most of them."""

    names: tuple[str, ...]
    cells: dict[str, list[Cell]]
    rows: Sequence[int]
    everything: list[int]
    most_different: int


def read_columns(source: str, wanted: Sequence[str]) -> Columns:
    """Raises TableError (NoSuchColumn among them), ParquetUnreadable."""
    if source != "-" and _is_parquet(Path(source)):
        return _parquet(Path(source), wanted)
    try:
        with open_table(source) as table:
            return _table(table, wanted)
    except OSError as error:  # a disk that fails half-way
        raise CannotOpen(reason=error.strerror or str(error)) from error


def _table(table: Table, wanted: Sequence[str]) -> Columns:
    places = [(name, table.index(name)) for name in wanted]
    cells: dict[str, list[Cell]] = {name: [] for name in wanted}
    rows: list[int] = []
    everything: list[int] = []
    different: list[set[int]] = [set() for _ in table.columns]
    for number, row, _ in table.rows:
        rows.append(number)
        for seen, cell in zip(different, row, strict=True):
            seen.add(hash(cell))
        everything.append(hash(tuple(row)))
        for name, place in places:
            cells[name].append(row[place])
    return Columns(table.columns, cells, rows, everything, max(map(len, different), default=0))


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == _PARQUET
    except OSError:
        return False  # said in words where the file is opened as a table


def _parquet(path: Path, wanted: Sequence[str]) -> Columns:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise ParquetUnreadable(str(error).splitlines()[0]) from error
    names = tuple(table.column_names)
    finder = Table(names, 1, iter(()), Facts("parquet"))
    cells = {name: _plain(table.column(names[finder.index(name)])) for name in wanted}
    every = [_plain(column) for column in table.columns]
    everything = [hash(row) for row in zip(*every, strict=True)]
    most = max((len(set(column)) for column in every), default=0)
    return Columns(names, cells, range(1, table.num_rows + 1), everything, most)


def _plain(column: Any) -> list[Cell]:
    return [_cell(value) for value in column.to_pylist()]


def _cell(value: Any) -> Cell:
    from decimal import Decimal

    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list | dict | bytes):
        return str(value)
    cell: Cell = value
    return cell
