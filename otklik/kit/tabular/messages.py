"""One sentence for every fact in `errors.py` and every reason in the value parsers, to be translated by who
shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otklik.kit.tabular.errors import TableError


def gettext_noop(message: str) -> str:
    """Marks a sentence for the translation catalogue and leaves it as it is."""
    return message


MESSAGES: dict[str, str] = {
    "unreadable": gettext_noop("The file cannot be read as a table."),
    "cannot_open": gettext_noop("The file cannot be opened: %(reason)s."),
    "empty_file": gettext_noop("The file is empty."),
    "no_rows": gettext_noop("The file has a header and no rows below it."),
    "not_a_table": gettext_noop("This is not a table but %(kind)s. Save it as CSV or XLSX and try again."),
    "old_excel": gettext_noop(
        "This is an Excel file of the old kind (.xls). Save it as .xlsx or CSV and try again."
    ),
    "encrypted_workbook": gettext_noop(
        "This workbook is protected by a password. Save it without one and try again."
    ),
    "broken_workbook": gettext_noop(
        "The workbook is damaged or was cut off on the way. Save or send it again."
    ),
    "suspicious_workbook": gettext_noop(
        "The workbook would be far larger unpacked than any honest table (%(fact)s), so it was not opened."
    ),
    "formula_without_value": gettext_noop(
        "Row %(row)s, column %(column)s: cell %(cell)s holds a formula without a saved result. "
        "Open the file in a spreadsheet, save it, and try again."
    ),
    "no_header": gettext_noop(
        "Row %(row)s should hold the names of the columns, but column %(column)s holds “%(value)s”. "
        "Add a header row."
    ),
    "duplicate_columns": gettext_noop(
        "Row %(row)s: these columns stand more than once: %(names)s (columns %(positions)s). "
        "Rename or remove them."
    ),
    "no_such_column": gettext_noop("There is no column “%(name)s”. The columns are: %(columns)s."),
    "too_many_columns": gettext_noop("Row %(row)s has more than %(limit)s columns."),
    "too_many_rows": gettext_noop("The table has more than %(limit)s rows."),
    "line_too_long": gettext_noop(
        "Row %(row)s is longer than %(limit)s characters. This cannot be a table of answers."
    ),
    "row_too_long": gettext_noop(
        "Row %(row)s is too long. Cells: %(found)s, columns in the header: %(expected)s; "
        "the first one too many is “%(value)s”."
    ),
    "row_too_short": gettext_noop(
        "Row %(row)s is too short. Cells: %(found)s, columns in the header: %(expected)s."
    ),
    "unclosed_quote": gettext_noop(
        "Row %(row)s, column %(column)s: a quote is opened here and never closed. "
        "Perhaps the file was cut off."
    ),
    "broken_quote": gettext_noop(
        "Row %(row)s, column %(column)s: a quote is closed before the cell ends, so a quote is missing "
        "or one is too many. Inside a quoted cell, quotes are written twice."
    ),
    "cut_off": gettext_noop(
        "The file ends in the middle of row %(row)s, column %(column)s. It was cut off on the way."
    ),
    "wrong_encoding": gettext_noop(
        "Row %(row)s, column %(column)s: byte %(byte)s is not %(encoding)s, though everything before it is. "
        "Save the file as UTF-8."
    ),
    "nul_byte": gettext_noop(
        "Row %(row)s, column %(column)s holds a NUL byte. The file is damaged or not a text file."
    ),
}

KINDS: dict[str, str] = {
    "pdf": gettext_noop("a PDF document"),
    "zip": gettext_noop("a ZIP archive"),
    "document": gettext_noop("a text document"),
    "opendocument": gettext_noop("an OpenDocument file"),
    "html": gettext_noop("a web page"),
    "xml": gettext_noop("an XML file"),
    "json": gettext_noop("a JSON file"),
    "image": gettext_noop("an image"),
    "archive": gettext_noop("a packed archive"),
    "database": gettext_noop("a database"),
    "parquet": gettext_noop("a Parquet file"),
    "binary": gettext_noop("a binary file"),
}

OBSTACLES: dict[str, str] = {
    "No such file or directory": gettext_noop("there is no such file or folder"),
    "Permission denied": gettext_noop("permission denied"),
    "Is a directory": gettext_noop("it is a folder"),
    "Input/output error": gettext_noop("reading or writing failed"),
    "No space left on device": gettext_noop("no space left on the disk"),
    "Read-only file system": gettext_noop("the disk is read-only"),
    "Standard input is closed": gettext_noop("standard input is closed"),
}
"""What the operating system says, for those who read another language than it speaks."""

REASONS: dict[str, str] = {
    "missing": gettext_noop("no value"),
    "out_of_range": gettext_noop("out of range"),
    "not_whole": gettext_noop("not a whole number"),
    "fraction": gettext_noop("a fraction such as 9/10"),
    "a_date": gettext_noop("a date"),
    "text": gettext_noop("text"),
    "impossible": gettext_noop("no such day"),
    "ambiguous": gettext_noop("can be read in two ways"),
    "not_positive": gettext_noop("not above zero"),
}


def describe(error: TableError, translate: Callable[[str], str] = str) -> str:
    """The sentence for an error. `translate` turns an English sentence of this file into the reader's
    language.
    """
    parameters = error.parameters
    if "kind" in parameters:
        parameters["kind"] = translate(KINDS[parameters["kind"]])
    if "reason" in parameters:
        parameters["reason"] = obstacle(parameters["reason"], translate)
    return translate(MESSAGES[error.code]) % parameters


def obstacle(reason: str, translate: Callable[[str], str] = str) -> str:
    """What the operating system says, in the reader's language where it is known."""
    return translate(OBSTACLES[reason]) if reason in OBSTACLES else reason
