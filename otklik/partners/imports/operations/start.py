"""A person confirmed what the columns mean: the run begins; or calls it off; or wakes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django_q.tasks import async_task

from otklik.events.public import Actor, Subject, record
from otklik.partners.imports.files import discard
from otklik.partners.imports.rules.mapping import MappingProblem, problems_of
from otklik.partners.imports.rules.values import Hints
from otklik.partners.imports.targets import ImportTarget, target_named
from otklik.partners.models import ImportRun

JOB = "otklik.partners.imports.jobs.run_import"
# Reading a file of tens of millions of rows through takes longer than jobs usually may. When the queue hands
# such a job out a second time meanwhile, the two do no harm to each other.
LONGEST_JOB = 3600


class AlreadyStarted(Exception):
    """The run is past the point where this can be changed."""


class AlreadyOver(Exception):
    """The run has ended: there is nothing to stop or to go on with."""


class BadMapping(Exception):
    """``problems`` say which fields have no column, or too many."""

    def __init__(self, problems: Sequence[MappingProblem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)


def start_run(
    *,
    run_id: int,
    mapping: Mapping[str, str],
    hints: Hints,
    options: Mapping[str, str],
    by: Actor,
    at: datetime,
    in_worker: bool = True,
) -> ImportRun:
    """``in_worker`` False: the caller works on the run itself (the command line).

    Raises AlreadyStarted (a second click), BadMapping.
    """
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if run.state != ImportRun.State.MAPPING:
            raise AlreadyStarted
        target = target_named(run.target)
        problems = problems_of(mapping, run.columns, target.fields, target.one_of)
        if problems:
            raise BadMapping(problems)
        run.mapping = dict(mapping)
        run.options = {**run.options, "hints": asdict(hints), "target": _known_options(target, options)}
        run.start(at)
        run.save()
        record(
            "import.started",
            by=by,
            at=at,
            subjects=subjects_of(run),
            data={"target": run.target, "run": run.pk},
        )
        if in_worker:
            enqueue(run.pk)
    return run


def wake_run(*, run_id: int) -> None:
    """Hand a run to a worker again, where the one that had it is gone. More workers than one do no harm.

    Raises AlreadyOver.
    """
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if not run.is_under_way:
            raise AlreadyOver
        enqueue(run.pk)


def cancel_run(*, run_id: int, by: Actor, at: datetime) -> ImportRun:
    """Rows stored so far stay; a worker that is in the middle of a chunk finds out at its next one.

    Raises AlreadyOver.
    """
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if run.is_over:
            raise AlreadyOver
        run.cancel(at)
        run.save()
        record("import.cancelled", by=by, at=at, subjects=subjects_of(run), data=counts_of(run))
        transaction.on_commit(lambda: discard(run))
    return run


def enqueue(run_id: int) -> None:
    """A worker will take the run up once the transaction around this call is committed."""
    async_task(JOB, run_id, timeout=LONGEST_JOB)


def subjects_of(run: ImportRun) -> list[Subject]:
    return [Subject("import", run.pk), Subject("program", run.program_id)]


def counts_of(run: ImportRun) -> dict[str, object]:
    return {
        "target": run.target,
        "read": run.cursor,
        "stored": run.stored,
        "skipped": run.skipped,
        "failed": run.failed,
    }


def _known_options(target: ImportTarget, options: Mapping[str, str]) -> dict[str, str]:
    """Every option of the target with an allowed value; what is missing or odd gets the default, the
    first choice.
    """
    chosen = {}
    for option in target.options:
        allowed = [value for value, _ in option.choices]
        stated = options.get(option.name, "")
        chosen[option.name] = stated if stated in allowed or not allowed else allowed[0]
    return chosen
