"""One chunk of a run in one transaction: its rows, its failures, its counts, its place in the file, its
events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from otklik.events.public import Actor, record
from otklik.partners.imports.files import discard
from otklik.partners.imports.operations.start import counts_of, enqueue, subjects_of
from otklik.partners.imports.prepared import PreparedRow
from otklik.partners.imports.targets import Fate, Outcome
from otklik.partners.imports.understanding import Plan, Problem
from otklik.partners.models import ImportFailure, ImportRun


class OutcomesDoNotMatch(RuntimeError):
    """A target answered for more or fewer rows than it was given: its rows could not be accounted for."""


def store_rows(
    seen: ImportRun,
    chunk: Sequence[PreparedRow],
    *,
    plan: Plan,
    by: Actor,
    at: datetime,
    leave_rest: bool = False,
) -> ImportRun | None:
    """The run behind this chunk; None where it has moved since ``seen`` was read, and nothing was done.

    The last chunk ends the run. ``leave_rest``: a fresh job does the rest, enqueued in the same transaction.
    """
    with transaction.atomic():
        # The sample stays in the database: reading and saving it takes as long as storing fifty rows.
        run = ImportRun.objects.select_for_update().defer("sample").get(pk=seen.pk)
        if run.state != ImportRun.State.RUNNING or run.cursor != seen.cursor:
            return None
        outcomes = outcomes_of(chunk, plan, by=by, at=at)
        failures = [
            _failure(run, row, outcome, plan)
            for row, outcome in zip(chunk, outcomes, strict=True)
            if outcome.fate is Fate.FAILED
        ]
        ImportFailure.objects.bulk_create(failures)
        fates = [outcome.fate for outcome in outcomes]
        run.move(
            offset=chunk[-1].end,
            stored=fates.count(Fate.STORED),
            skipped=fates.count(Fate.SKIPPED),
            failed=len(failures),
            at=at,
        )
        if run.cursor == run.total:
            run.finish(at)
            record("import.finished", by=by, at=at, subjects=subjects_of(run), data=counts_of(run))
            transaction.on_commit(lambda: discard(run))
        elif leave_rest:
            enqueue(run.pk)
        run.save()
    return run


def outcomes_of(chunk: Sequence[PreparedRow], plan: Plan, *, by: Actor, at: datetime) -> list[Outcome]:
    """What becomes of each row, in order; a row that could not be understood fails without being shown to
    the target.
    """
    good = [row.row for row in chunk if row.row is not None]
    found = list(plan.target.store_chunk(good, context=plan.context, by=by, at=at)) if good else []
    if len(found) != len(good):
        raise OutcomesDoNotMatch(plan.target.name)
    answers = iter(found)
    return [Outcome(Fate.FAILED) if row.row is None else next(answers) for row in chunk]


def problems_of_row(row: PreparedRow, outcome: Outcome, plan: Plan) -> tuple[Problem, ...]:
    """Everything that is wrong with a failed row, by the file's own column names."""
    if row.row is None:
        return row.problems
    return (Problem(plan.column_of(outcome.about), outcome.code, outcome.params),)


def refuse_run(run_id: int, reason: Mapping[str, Any], *, by: Actor, at: datetime) -> ImportRun:
    """The file cannot be taken. A run that ended meanwhile stays as it is."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if run.is_over:
            return run
        run.refuse(dict(reason), at)
        run.save()
        record(
            "import.refused",
            by=by,
            at=at,
            subjects=subjects_of(run),
            data={**counts_of(run), "code": reason["code"]},
        )
    return run


def _failure(run: ImportRun, row: PreparedRow, outcome: Outcome, plan: Plan) -> ImportFailure:
    problems = problems_of_row(row, outcome, plan)
    return ImportFailure(
        run=run,
        row=row.number,
        code=problems[0].code,
        problems=[problem.as_list() for problem in problems],
        values=row.texts,
    )
