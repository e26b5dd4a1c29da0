"""How tests send a file through the stations of an import."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from django.core.files.base import File
from openpyxl import Workbook

from otklik.events.public import Actor
from otklik.partners.imports.operations.carry_on import carry_on
from otklik.partners.imports.operations.receive import receive_file
from otklik.partners.imports.operations.start import start_run
from otklik.partners.imports.rules.values import Hints
from otklik.partners.imports.sample import Reading
from otklik.partners.imports.targets import target_named
from otklik.partners.models import ImportRun
from tests.world import NOW, World


def arrive(
    world: World,
    data: bytes | str,
    *,
    target: str = "partners",
    name: str = "file.csv",
    reading: Reading | None = None,
) -> ImportRun:
    raw = data.encode() if isinstance(data, str) else data
    return receive_file(
        target=target_named(target),
        program_id=world.program.pk,
        file=File(io.BytesIO(raw), name=name),
        name=name,
        reading=reading or Reading(),
        user_id=world.anna.pk,
        at=NOW,
    )


def start(
    run: ImportRun, *, mapping: Mapping[str, str] | None = None, hints: Hints | None = None, **options: str
) -> ImportRun:
    return start_run(
        run_id=run.pk,
        mapping=run.mapping if mapping is None else mapping,
        hints=hints or Hints(),
        options=options,
        by=Actor.person(run.created_by_id or 0),
        at=NOW,
        in_worker=False,
    )


def bring(
    world: World, data: bytes | str, *, target: str = "partners", name: str = "file.csv", **more: Any
) -> ImportRun:
    """The whole way, with the mapping that was guessed."""
    run = start(arrive(world, data, target=target, name=name), **more)
    return carry_on(run.pk, clock=lambda: NOW)


def counts(run: ImportRun) -> dict[str, int]:
    return {"read": run.cursor, "stored": run.stored, "skipped": run.skipped, "failed": run.failed}


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
