"""The work of a run, from wherever it stands to its end or to the end of one worker's slice of time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from itertools import islice

from django.urls import reverse

from otklik.events.public import Actor
from otklik.jobs.public import advance_progress, fail_progress, finish_progress, start_progress
from otklik.kit.planner import LARGE_LOAD, refresh_statistics
from otklik.kit.tabular import CannotOpen, TableError
from otklik.partners.imports import files
from otklik.partners.imports.operations.store_rows import refuse_run, store_rows
from otklik.partners.imports.prepared import ColumnsChanged, prepare, read_prepared
from otklik.partners.imports.reasons import refusal_of
from otklik.partners.imports.rules import pace
from otklik.partners.imports.understanding import Plan
from otklik.partners.models import ImportRun

Clock = Callable[[], datetime]
Told = Callable[[ImportRun], None]
TELL_EVERY = 0.5


class _TakenAway(Exception):
    """Somebody cancelled the run, or another worker is further than we are."""


def carry_on(
    run_id: int, *, clock: Clock, seconds: float | None = None, told: Told = lambda run: None
) -> ImportRun:
    """Check the file where that is still to be done, then store its rows.

    After ``seconds`` (None: never) the rest is left to a fresh job, enqueued with the last chunk. Safe to
    call at any time, after a kill, twice at once, or when there is nothing left to do.
    """
    run = ImportRun.objects.get(pk=run_id)
    key = f"import:{run.pk}"
    try:
        if run.state in (ImportRun.State.QUEUED, ImportRun.State.CHECKING):
            start_progress(key=key, label=run.file_name, at=clock(), url=reverse("import-run", args=[run.pk]))
            run = _check(run, clock, told)
        if run.state == ImportRun.State.RUNNING:
            run = _store(run, clock, key, seconds, told)
    except _TakenAway:
        run = ImportRun.objects.get(pk=run_id)
    if run.is_over:
        files.discard(run)
        end = finish_progress if run.state == ImportRun.State.DONE else fail_progress
        end(key=key, at=clock(), message=run.state)
    return run


def _check(run: ImportRun, clock: Clock, told: Told) -> ImportRun:
    """Read the whole file once. What is wrong with it is found before anything was stored."""
    run.begin_check(clock())
    _save_if_still(
        run, ImportRun.State.QUEUED, ImportRun.State.CHECKING, fields=["state", "moved_at", "checked"]
    )
    told_at = time.monotonic()

    def heard(rows: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at < TELL_EVERY:
            return
        told_at = time.monotonic()
        run.checked, run.moved_at = rows, clock()
        _save_if_still(run, ImportRun.State.CHECKING, fields=["checked", "moved_at"])
        told(run)

    try:
        total = prepare(files.uploaded(run), Plan.of(run), files.prepared(run), heard=heard)
    except CannotOpen:
        # Cancelled between our look and our open, or the files were not part of a restored backup.
        return refuse_run(run.pk, {"code": "file_gone"}, by=Actor.importer(run.pk), at=clock())
    except ColumnsChanged:
        return refuse_run(run.pk, {"code": "columns_changed"}, by=Actor.importer(run.pk), at=clock())
    except TableError as error:
        return refuse_run(run.pk, refusal_of(error), by=Actor.importer(run.pk), at=clock())
    run.begin_rows(total, clock())
    _save_if_still(run, ImportRun.State.CHECKING, fields=["state", "total", "checked", "moved_at"])
    return run


def _store(run: ImportRun, clock: Clock, key: str, seconds: float | None, told: Told) -> ImportRun:
    plan, by = Plan.of(run), Actor.importer(run.pk)
    until = None if seconds is None else time.monotonic() + seconds
    size, tell_at = pace.FIRST, 0.0
    try:
        rows = read_prepared(files.prepared(run), run.offset)
        while chunk := list(islice(rows, size)):
            began = time.thread_time()
            slice_over = until is not None and time.monotonic() > until
            moved = store_rows(run, chunk, plan=plan, by=by, at=clock(), leave_rest=slice_over)
            if moved is None:
                raise _TakenAway
            run = moved
            size = pace.next_size(size, time.thread_time() - began)
            told(run)
            if time.monotonic() > tell_at:  # a commit of its own, so not with every chunk
                advance_progress(key=key, done=run.cursor, total=run.total, at=clock())
                tell_at = time.monotonic() + TELL_EVERY
            if slice_over or run.is_over:
                break
        if run.is_over and run.stored >= LARGE_LOAD:
            refresh_statistics()
    except FileNotFoundError:
        return refuse_run(run.pk, {"code": "file_gone"}, by=by, at=clock())
    return run


def _save_if_still(run: ImportRun, *states: str, fields: list[str]) -> None:
    values = {field: getattr(run, field) for field in fields}
    if not ImportRun.objects.filter(pk=run.pk, state__in=states).update(**values):
        raise _TakenAway
