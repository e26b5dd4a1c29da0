"""The prepared file: every row of the import, understood, one JSON line each.

It exists only when the whole file could be read, so a file that breaks in its last row stores nothing;
and a run that goes on after a kill starts at a place in it instead of reading the file again from the
top. The same file and plan always give the same bytes, so two workers that both write it do no harm.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO

from otklik.kit.tabular import Row
from otklik.partners.imports.codec import dumps, loads
from otklik.partners.imports.sample import open_file
from otklik.partners.imports.targets import ImportRow
from otklik.partners.imports.understanding import Plan, Problem, Understood

_HEARD_EVERY = 500


@dataclass(frozen=True, slots=True)
class PreparedRow:
    """``row`` is None where ``problems`` say why. ``end``: where the next row begins in the prepared file."""

    number: int
    texts: list[str]
    row: ImportRow | None
    problems: tuple[Problem, ...]
    end: int


class ColumnsChanged(Exception):
    """The file has other columns than when it was mapped."""


def prepare(
    source: str | Path | BinaryIO, plan: Plan, path: Path, *, heard: Callable[[int], None] = lambda rows: None
) -> int:
    """Reads the whole file into ``path`` (whole or not at all) and returns the number of rows.

    ``heard`` is told how many rows were read so far and may raise to stop. Raises a TableError or
    ColumnsChanged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            total = _write(source, plan, file, heard)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return total


def read_prepared(path: Path, offset: int) -> Iterator[PreparedRow]:
    """Rows from a place on that an earlier row's ``end`` named; 0 is the start."""
    with path.open("rb") as file:
        file.seek(offset)
        # Not ``for line in file``: that reads ahead, and the place would be unknown.
        while line := file.readline():
            number, texts, values, problems, twin = loads(line.decode())
            yield PreparedRow(
                number,
                texts,
                None if problems else ImportRow(number, values, twin),
                tuple(Problem(*problem) for problem in problems),
                file.tell(),
            )


def _write(source: str | Path | BinaryIO, plan: Plan, file: BinaryIO, heard: Callable[[int], None]) -> int:
    total = 0
    with open_file(source, plan.reading) as table, closing(_Twins()) as twins:
        if table.columns != plan.columns:
            raise ColumnsChanged
        rows: Iterator[Row] = table.rows
        for row in rows:
            understood = plan.understand(row)
            file.write(_line(understood, _twin(plan, understood, twins)))
            total += 1
            if total % _HEARD_EVERY == 0:
                heard(total)
    return total


def _line(row: Understood, twin: int) -> bytes:
    problems = [problem.as_list() for problem in row.problems]
    line: list[Any] = [row.number, row.texts, {} if problems else row.values, problems, twin]
    return dumps(line).encode() + b"\n"


def _twin(plan: Plan, row: Understood, twins: _Twins) -> int:
    identity = None if row.problems else plan.target.identity(row.values)
    return 0 if identity is None else twins.count(identity)


class _Twins:
    """How often each identity was seen. On disk beyond a few megabytes: memory must not grow with the
    file.
    """

    def __init__(self) -> None:
        # The name "" is a private temporary database that SQLite deletes when it is closed.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA cache_size=-8000")
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("CREATE TABLE seen (digest BLOB PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID")
        self._db.execute("BEGIN")

    def count(self, identity: str) -> int:
        digest = blake2b(identity.encode(), digest_size=16).digest()
        (times,) = self._db.execute(
            "INSERT INTO seen VALUES (?, 0)"
            " ON CONFLICT (digest) DO UPDATE SET times = times + 1 RETURNING times",
            (digest,),
        ).fetchone()
        return int(times)

    def close(self) -> None:
        self._db.close()
