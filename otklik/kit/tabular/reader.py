"""`open_table`: one way to read rows from CSV and XLSX, from a path, a stream or standard input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO

from otklik.kit.tabular.csv_reader import CsvReader
from otklik.kit.tabular.dates import looks_like_date
from otklik.kit.tabular.errors import CutOff, EmptyFile, RowTooLong, RowTooShort, TableError
from otklik.kit.tabular.scores import looks_like_score
from otklik.kit.tabular.sources import CHUNK, Source, chunks, kind_of, opened, seekable
from otklik.kit.tabular.table import Cell, Facts, Limits, Ragged, Row, Table, header_of


@contextmanager
def open_table(
    source: Source,
    *,
    limits: Limits | None = None,
    ragged: Ragged = Ragged.REFUSE,
    encoding: str = "",
    delimiter: str = "",
) -> Iterator[Table]:
    """The table in a file, read row by row while the block lasts. `encoding` (a codec) and `delimiter` of a
    CSV file are found where they are not given.

    Raises a `TableError` on entry (what is wrong with the file, its header) or while rows are read (what is
    wrong in a row). Cells are text from CSV; from XLSX text, numbers, booleans and dates, formulas by their
    saved results. Short rows of a workbook are filled with None: it stores no blank cells.
    """
    limits = limits or Limits()
    with ExitStack() as stack:
        stream = stack.enter_context(opened(source))
        head = stream.read(CHUNK)
        if kind_of(head, stream) == "zip":
            yield _workbook(stack, head, stream, limits, ragged)
        else:
            reader = CsvReader(chunks(head, stream), limits, encoding=encoding, delimiter=delimiter)
            yield _csv(reader, ragged)


def _csv(reader: CsvReader, ragged: Ragged) -> Table:
    records = reader.records()
    first = next(records, None)
    if first is None:
        raise EmptyFile
    columns = header_of(first.number, list(first.cells), _is_data)
    rows = _shaped(records, len(columns), ragged)
    return Table(columns, first.number, rows, Facts("csv", reader.delimiter, reader.encodings))


def _shaped(records: Iterable[tuple[int, list[str], bool]], width: int, ragged: Ragged) -> Iterator[Row]:
    for number, cells, whole in records:
        if len(cells) == width:
            yield Row(number, cells)  # type: ignore[arg-type]  # a list of text is only read
            continue
        if len(cells) < width and not whole:
            raise CutOff(row=number, column=len(cells))
        yield _misshapen(number, list(cells), width, ragged)


def _misshapen(number: int, cells: list[Cell], width: int, ragged: Ragged) -> Row:
    problem: TableError | None = None
    surplus = next((cell for cell in cells[width:] if cell not in (None, "")), None)
    if surplus is not None:
        problem = RowTooLong(row=number, column=width + 1, found=len(cells), expected=width, value=surplus)
    elif len(cells) < width:
        problem = RowTooShort(row=number, column=len(cells), found=len(cells), expected=width)
    if problem and ragged is Ragged.REFUSE:
        raise problem
    return Row(number, cells[:width], problem)


def _workbook(stack: ExitStack, head: bytes, stream: BinaryIO, limits: Limits, ragged: Ragged) -> Table:
    # openpyxl costs a third of a second to import; CSV need not pay it.
    from otklik.kit.tabular.xlsx_reader import XlsxReader

    reader = XlsxReader(stack.enter_context(seekable(head, stream, limits.packed)), limits)
    stack.callback(reader.close)
    records = reader.records()
    first = next(records, None)
    if first is None:
        raise EmptyFile
    columns = header_of(first[0], first[1], _is_data)
    rows = _filled(records, len(columns), ragged)
    return Table(columns, first[0], rows, Facts("xlsx", sheet=reader.sheet, sheets=reader.sheets))


def _filled(records: Iterable[tuple[int, list[Cell]]], width: int, ragged: Ragged) -> Iterator[Row]:
    for number, cells in records:
        cells.extend([None] * (width - len(cells)))
        yield Row(number, cells) if len(cells) == width else _misshapen(number, cells, width, ragged)


def _is_data(cell: Cell) -> bool:
    return looks_like_score(cell) or looks_like_date(cell)
