"""Rows of the first visible sheet of a workbook, one after the other."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from itertools import repeat
from typing import TYPE_CHECKING, Any, BinaryIO

from otklik.kit.tabular.errors import (
    BrokenWorkbook,
    EmptyFile,
    FormulaWithoutValue,
    TooManyColumns,
    TooManyRows,
)
from otklik.kit.tabular.table import Cell, Limits
from otklik.kit.tabular.xlsx_guard import guard

if TYPE_CHECKING:
    from openpyxl import Workbook

_BROKEN = (
    zipfile.BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    SyntaxError,
    EOFError,
    AttributeError,
)
"""What openpyxl lets through when the inside of a workbook is not what it should be (ParseError is a
SyntaxError).
"""


class XlsxReader:
    """Raw records of a workbook: `sheet`, `sheets` and `records()`."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        formulas = guard(stream, limits)
        self._limits = limits
        self._book = _load(stream, data_only=True)
        visible = [sheet for sheet in self._book.worksheets if sheet.sheet_state == "visible"]
        if not visible:
            raise EmptyFile
        self._worksheet: Any = visible[0]
        self.sheet: str = self._worksheet.title
        self.sheets: tuple[str, ...] = tuple(sheet.title for sheet in visible)
        self._formula_book: Workbook | None = None
        if self._worksheet._worksheet_path in formulas:
            self._formula_book = _load(stream, data_only=False)

    def close(self) -> None:
        self._book.close()
        if self._formula_book:
            self._formula_book.close()

    def records(self) -> Iterator[tuple[int, list[Cell]]]:
        """(row number, cells without blank ones at the end) of every row that is not blank."""
        formulas = repeat(()) if self._formula_book is None else self._rows(self._formula_book[self.sheet])
        try:
            for number, (values, sources) in enumerate(
                zip(self._rows(self._worksheet), formulas, strict=False), 1
            ):
                if number > self._limits.rows:
                    raise TooManyRows(limit=self._limits.rows)
                cells = [_plain(value) for value in values]
                self._refuse_empty_formulas(number, cells, sources)
                while cells and cells[-1] in (None, ""):
                    cells.pop()
                if len(cells) > self._limits.columns:
                    raise TooManyColumns(row=number, limit=self._limits.columns)
                if cells:
                    yield number, cells
        except _BROKEN as error:
            raise BrokenWorkbook from error

    def _rows(self, worksheet: Any) -> Iterator[tuple[Any, ...]]:
        # The size a sheet states may be wrong in either direction.
        worksheet.reset_dimensions()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows: Iterator[tuple[Any, ...]] = worksheet.iter_rows(values_only=True)
            yield from rows

    def _refuse_empty_formulas(self, number: int, cells: list[Cell], sources: tuple[Any, ...]) -> None:
        for position, (value, source) in enumerate(zip(cells, sources, strict=False)):
            if value is None and _is_formula(source):
                from openpyxl.utils import get_column_letter

                letter = get_column_letter(position + 1)
                raise FormulaWithoutValue(row=number, column=letter, cell=f"{letter}{number}")


def _load(stream: BinaryIO, *, data_only: bool) -> Workbook:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            stream.seek(0)
            return openpyxl.load_workbook(stream, read_only=True, data_only=data_only, keep_links=False)
    except (*_BROKEN, OSError) as error:
        raise BrokenWorkbook from error


def _plain(value: Any) -> Cell:
    if isinstance(value, str | int | float | bool | dt.date | dt.time | dt.timedelta | None):
        return value
    return str(value)


def _is_formula(source: Any) -> bool:
    """A formula reads as text that begins with "=", or as an object for the kinds that fill several cells."""
    return (isinstance(source, str) and source.startswith("=")) or type(source).__name__ in (
        "ArrayFormula",
        "DataTableFormula",
    )
