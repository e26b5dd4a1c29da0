"""Rows of a CSV file, one after the other, in memory that does not depend on the size of the file.

Quotes are read strictly: a stray quote swallows the rows up to the next one, and rows lost in silence are
worse than a refusal that names the place.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from otklik.kit.tabular.encodings import Encoding, decoded
from otklik.kit.tabular.errors import (
    BrokenQuote,
    EmptyFile,
    LineTooLong,
    NulByte,
    TableError,
    TooManyColumns,
    TooManyRows,
    UnclosedQuote,
)
from otklik.kit.tabular.table import Limits

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 200


class Record(NamedTuple):
    """One row as it stands in the file. `whole`: it ended with a line break, so it was not cut off."""

    number: int
    cells: list[str]
    whole: bool


class CsvReader:
    """Raw records of a CSV file: `delimiter`, `encodings` (the last one counts) and `records()`."""

    def __init__(
        self, chunks: Iterable[bytes], limits: Limits, *, encoding: str = "", delimiter: str = ""
    ) -> None:
        self.encodings: list[Encoding] = []
        self._limits = limits
        self._lines = _Lines(decoded(chunks, self.encodings, encoding), limits.line)
        sample, failure = self._read_sample()
        if not any(line.strip() for line in sample) and failure is None:
            raise EmptyFile
        declared = _declared_delimiter(sample)
        self.delimiter = delimiter or declared or best_delimiter(sample)
        self._row = 1 if declared else 0
        rest = _failing(failure) if failure else iter(self._lines)
        self._source = chain(sample[1:] if declared else sample, rest)

    def _read_sample(self) -> tuple[list[str], TableError | None]:
        """Lines to find the delimiter from. An error among them is kept for the row it belongs to."""
        sample: list[str] = []
        try:
            for line in self._lines:
                sample.append(line)
                if len(sample) >= _SAMPLE_LINES:
                    break
        except TableError as error:
            return sample, error
        return sample, None

    def records(self) -> Iterator[Record]:
        """Every row that is not blank. Raises what is wrong, with its row and column."""
        feed = _Feed(self._source, self._limits.line)
        reader = csv.reader(feed, delimiter=self.delimiter, strict=True)
        while True:
            self._row += 1
            feed.start_record()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise self._explained(str(error), feed) from error
            except TableError as error:
                raise self._placed(error, feed) from error
            if len(cells) > self._limits.columns:
                raise TooManyColumns(row=self._row, limit=self._limits.columns)
            if self._row > self._limits.rows:
                raise TooManyRows(limit=self._limits.rows)
            if any(cells):
                yield Record(self._row, cells, feed.lines[-1].endswith("\n"))

    def _explained(self, message: str, feed: _Feed) -> TableError:
        column = _column_of_last_quote("".join(feed.lines), self.delimiter)
        if "expected after" in message:
            return BrokenQuote(row=self._row, column=column)
        if "field limit" in message and len(feed.lines) == 1:
            return LineTooLong(row=self._row, column=column, limit=csv.field_size_limit())
        return UnclosedQuote(row=self._row, column=column)

    def _placed(self, error: TableError, feed: _Feed) -> TableError:
        """The same error with the row it happened in and the column its place falls into."""
        text = "".join(feed.lines)
        if isinstance(error, LineTooLong) and feed.lines:
            return UnclosedQuote(row=self._row, column=_column_of_last_quote(text, self.delimiter))
        column = (text + self._lines.unfinished).count(self.delimiter) + 1
        return type(error)(row=self._row, column=column, **error.facts)


class _Lines:
    """Text cut at line breaks, none longer than `limit` characters. `unfinished` is what has no line break
    yet.
    """

    def __init__(self, texts: Iterator[str], limit: int) -> None:
        self.unfinished = ""
        self._limit = limit
        self._iterator = self._cut(texts)

    def __iter__(self) -> Iterator[str]:
        return self._iterator

    def _cut(self, texts: Iterator[str]) -> Iterator[str]:
        old_mac = None
        for text in texts:
            if old_mac is None:
                old_mac = "\r" in text and "\n" not in text
            text = text.replace("\r", "\n") if old_mac else text
            *lines, unfinished = (self.unfinished + text).split("\n")
            for line in lines:
                self.unfinished = line
                yield self._checked(line) + "\n"
            self.unfinished = self._checked(unfinished, is_whole=False)
        if self.unfinished:
            last, self.unfinished = self.unfinished, ""
            yield last

    def _checked(self, line: str, *, is_whole: bool = True) -> str:
        if len(line) > self._limit:
            self.unfinished = ""
            raise LineTooLong(limit=self._limit)
        if "\0" in line:
            self.unfinished = line[: line.index("\0")]
            raise NulByte
        if is_whole and "\r" in line:
            # A lone carriage return within a cell; the csv module would take it for a broken line end.
            line = line.removesuffix("\r").replace("\r", " ")
        return line


class _Feed:
    """Hands lines to the csv module and remembers those of the present record, at most `limit` characters."""

    def __init__(self, source: Iterator[str], limit: int) -> None:
        self.lines: list[str] = []
        self._source = source
        self._limit = limit
        self._size = 0

    def start_record(self) -> None:
        self.lines.clear()
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._size > self._limit:
            raise LineTooLong(limit=self._limit)
        line = next(self._source)
        self.lines.append(line)
        self._size += len(line)
        return line


def best_delimiter(lines: list[str]) -> str:
    """The delimiter under which most rows have as many cells as the header, preferring more columns.

    A table of one column has none; then one is chosen that does not stand in the rows ("9,5" stays one cell).
    """
    best, best_score = "", 0.0
    alone: dict[str, float] = {}
    for delimiter in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if any(row)]
        share = widths.count(widths[0]) / len(widths) if widths else 0.0
        score = share * (1 - 1 / widths[0]) if widths else 0.0
        if score > best_score:
            best, best_score = delimiter, score
        alone[delimiter] = widths.count(1) / len(widths) if widths else 0.0
    return best or max(DELIMITERS, key=lambda delimiter: alone[delimiter])


def _declared_delimiter(lines: list[str]) -> str | None:
    """Excel writes `sep=;` as the first line of a CSV file."""
    first = lines[0].strip() if lines else ""
    return (
        first[4] if len(first) == 5 and first.lower().startswith("sep=") and first[4] in DELIMITERS else None
    )


def _column_of_last_quote(text: str, delimiter: str) -> int:
    column, opened, within = 1, 1, False
    for char in text:
        if char == '"':
            within = not within
            opened = column if within else opened
        elif char == delimiter and not within:
            column += 1
    return opened


def _failing(error: TableError) -> Iterator[str]:
    """Raises only when it is reached: the error belongs to that row."""
    yield from ()
    raise error
