"""CSV for people: opened in a spreadsheet, no cell of it runs as a formula.

Source of the list of dangerous beginnings: OWASP, "CSV Injection".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?\Z")
# A spreadsheet that splits by another sign than the file was written with begins a cell of its own behind it,
# and at each line of a text.
_INNER = re.compile(r"(?<=[;,\t\r\n])(?=[=+\-@＝＋－＠])(?![+-]?[0-9]+(?:[.,][0-9]+)?(?:[;,\t\r\n]|\Z))")
_MARKS = re.compile(r"(?:\A|(?<=[;,\t\r\n]))'")


def neutralise(value: object) -> object:
    """The value itself, or for text that a spreadsheet would take for a formula the text with an apostrophe
    before each place where one would begin.

    Numbers stay numbers, also negative ones and ones written as text: "-5" and "+3,2" do nothing.
    """
    if not isinstance(value, str) or _NUMBER.match(value):
        return value
    marked = _INNER.sub("'", value)
    return "'" + marked if value.lstrip(" ").startswith(_DANGEROUS) else marked


def restored(text: str) -> str:
    """The text that ``neutralise`` made this of; any other text as it is."""
    if "'" not in text:
        return text
    plain = _MARKS.sub("", text)
    return plain if neutralise(plain) == text else text


class _Echo:
    """What the csv module writes to; it hands each line straight back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(
    columns: Iterable[str], rows: Iterable[Iterable[object]], *, delimiter: str = ",", bom: bool = True
) -> Iterator[str]:
    """Lines of a CSV file, one by one, every cell neutralised. `bom`: begin with the mark that tells Excel
    "UTF-8".
    """
    writer = csv.writer(_Echo(), delimiter=delimiter)
    header = writer.writerow([neutralise(column) for column in columns])
    yield "\ufeff" + header if bom else header
    for row in rows:
        yield writer.writerow([neutralise(cell) for cell in row])
