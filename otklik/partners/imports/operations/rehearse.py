"""What would become of rows, found by doing it and taking it back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from otklik.events.public import Actor
from otklik.partners.imports.operations.store_rows import outcomes_of
from otklik.partners.imports.prepared import PreparedRow, prepare, read_prepared
from otklik.partners.imports.rules import pace
from otklik.partners.imports.targets import Outcome
from otklik.partners.imports.understanding import Plan


def rehearse(rows: Sequence[PreparedRow], plan: Plan, *, at: datetime) -> list[Outcome]:
    """The outcome each row would have if the import began now. Nothing of it stays.

    Rows are judged as one chunk: one that needs an earlier row of another chunk is judged without it.
    """
    with transaction.atomic():
        outcomes = outcomes_of(rows, plan, by=Actor.importer(0), at=at)
        transaction.set_rollback(True)
    return outcomes


def rehearse_file(
    path: Path, plan: Plan, *, at: datetime, heard: Callable[[int], None] = lambda rows: None
) -> Iterator[tuple[PreparedRow, Outcome]]:
    """A whole file, chunk by chunk. Raises the TableError that would refuse it."""
    with tempfile.TemporaryDirectory() as folder:
        rehearsed = Path(folder) / "rows"
        prepare(path, plan, rehearsed, heard=heard)
        rows = read_prepared(rehearsed, 0)
        while chunk := list(islice(rows, pace.FIRST)):
            yield from zip(chunk, rehearse(chunk, plan, at=at), strict=True)
