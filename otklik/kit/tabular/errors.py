"""What can be wrong with a table somebody gives us, each fact with its place.

An error carries a stable `code`, the `row` (as a spreadsheet counts: the header is usually row 1) and the
`column` (a name where there is one, else a number from 1), and `facts` for the sentence. `messages.py` has
the sentences; whoever shows one translates it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from otklik.kit.tabular.messages import describe


class TableError(Exception):
    """The table cannot be used. `row` and `column` are None where the fact is about the whole file."""

    code: ClassVar[str] = "unreadable"

    def __init__(self, *, row: int | None = None, column: str | int | None = None, **facts: Any) -> None:
        self.row = row
        self.column = column
        self.facts = facts
        super().__init__(self.code, row, column, facts)

    def __str__(self) -> str:
        return describe(self)

    @property
    def parameters(self) -> dict[str, Any]:
        """Everything a sentence may name; lists are joined with commas."""
        named = {
            key: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
            for key, value in self.facts.items()
        }
        return {"row": self.row, "column": self.column, **named}


class CannotOpen(TableError):
    """`reason` is what the operating system says."""

    code = "cannot_open"


class EmptyFile(TableError):
    code = "empty_file"


class NoRows(TableError):
    """A header and nothing below it; raised by readers that need at least one row."""

    code = "no_rows"


class NotATable(TableError):
    """`kind` names what the file is instead: pdf, zip, html, ..."""

    code = "not_a_table"


class OldExcel(TableError):
    code = "old_excel"


class EncryptedWorkbook(TableError):
    code = "encrypted_workbook"


class BrokenWorkbook(TableError):
    code = "broken_workbook"


class SuspiciousWorkbook(TableError):
    """Unpacked it would be far larger than any honest table. `fact` says which limit was met."""

    code = "suspicious_workbook"


class FormulaWithoutValue(TableError):
    """`cell` holds a formula whose result was never saved (the file was written by a program, not by a
    spreadsheet).
    """

    code = "formula_without_value"


class NoHeader(TableError):
    """The first row already looks like data; `value` is the cell that gives it away."""

    code = "no_header"


class DuplicateColumns(TableError):
    """`names` are the names that stand more than once; `positions` where, counted from 1."""

    code = "duplicate_columns"


class NoSuchColumn(TableError):
    """`name` was asked for; `columns` are there."""

    code = "no_such_column"


class TooManyColumns(TableError):
    code = "too_many_columns"


class TooManyRows(TableError):
    code = "too_many_rows"


class LineTooLong(TableError):
    code = "line_too_long"


class RowTooLong(TableError):
    """More cells than the header has columns: `found`, `expected`."""

    code = "row_too_long"


class RowTooShort(TableError):
    """Fewer cells than the header has columns: `found`, `expected`."""

    code = "row_too_short"


class UnclosedQuote(TableError):
    code = "unclosed_quote"


class BrokenQuote(TableError):
    """After the closing quote of a cell stands something else than the end of the cell."""

    code = "broken_quote"


class CutOff(TableError):
    """The file ends in the middle of a row."""

    code = "cut_off"


class WrongEncoding(TableError):
    """A byte that the encoding of everything before it does not allow: `byte`, `encoding`."""

    code = "wrong_encoding"


class NulByte(TableError):
    code = "nul_byte"
