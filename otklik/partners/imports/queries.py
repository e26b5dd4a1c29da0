"""Reads for the pages and the command line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext

from otklik.partners.imports.operations.store_rows import problems_of_row
from otklik.partners.imports.prepared import PreparedRow
from otklik.partners.imports.reasons import reason
from otklik.partners.imports.targets import ImportTarget, Outcome, target_named
from otklik.partners.imports.understanding import Plan
from otklik.partners.models import ImportFailure, ImportRun

EXPORT_CHUNK = 500


@dataclass(frozen=True, slots=True)
class FailedCell:
    """``value`` is what stood in the column, "" where the row as a whole is meant."""

    column: str
    reason: str
    value: str


@dataclass(frozen=True, slots=True)
class FailedRow:
    number: int
    cells: tuple[FailedCell, ...]


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """How many rows failed for one reason, with the first of them as the example."""

    reason: str
    rows: int
    first_row: int


def past_runs() -> QuerySet[ImportRun]:
    return ImportRun.objects.select_related("program", "created_by").defer("sample").order_by("-id")


def same_file_before(run: ImportRun) -> ImportRun | None:
    """The latest run of the same content, target and program that stored something or may still do so."""
    return (
        ImportRun.objects.filter(
            file_sha256=run.file_sha256, target=run.target, program_id=run.program_id, pk__lt=run.pk
        )
        .exclude(state__in=[ImportRun.State.MAPPING, ImportRun.State.REFUSED])
        .exclude(state__in=[ImportRun.State.DONE, ImportRun.State.CANCELLED], stored=0)
        .order_by("-id")
        .first()
    )


def failures_of(run: ImportRun) -> QuerySet[ImportFailure]:
    return ImportFailure.objects.filter(run=run).order_by("row")


def failed_rows(run: ImportRun, failures: Sequence[ImportFailure]) -> list[FailedRow]:
    """Failures as a person reads them, in the active language."""
    target = target_named(run.target)
    return [FailedRow(failure.row, tuple(_cells(run, target, failure))) for failure in failures]


def failure_groups(run: ImportRun, *, limit: int = 8) -> list[FailureGroup]:
    """The commonest reasons first."""
    target = target_named(run.target)
    counted = (
        ImportFailure.objects.filter(run=run)
        .values("code")
        .annotate(rows=Count("pk"), first=Min("row"))
        .order_by("-rows", "code")[:limit]
    )
    found = list(counted)
    examples = {
        failure.row: failure
        for failure in ImportFailure.objects.filter(run=run, row__in=[group["first"] for group in found])
    }
    return [
        FailureGroup(_first_reason(target, examples[group["first"]]), group["rows"], group["first"])
        for group in found
    ]


def failed_table(run: ImportRun) -> tuple[list[str], Iterator[list[Any]]]:
    """The failed rows as the file had them, and what is wrong with each in a last column: mended, the
    table can be imported again as it is. Columns whose name was only a place ("#3") get it back as a
    name.
    """
    columns = [*run.columns, gettext("What is wrong")]
    return columns, _table_rows(run)


def row_reasons(row: PreparedRow, outcome: Outcome, plan: Plan) -> list[str]:
    """Everything that is wrong with a row that failed, in the active language."""
    return [
        _with_column(problem.column, reason(plan.target, problem.code, problem.params))
        for problem in problems_of_row(row, outcome, plan)
    ]


def _table_rows(run: ImportRun) -> Iterator[list[Any]]:
    target, width = target_named(run.target), len(run.columns)
    for failure in failures_of(run).iterator(chunk_size=EXPORT_CHUNK):
        said = "; ".join(_with_column(cell.column, cell.reason) for cell in _cells(run, target, failure))
        yield [*(failure.values + [""] * width)[:width], said]


def _cells(run: ImportRun, target: ImportTarget, failure: ImportFailure) -> Iterator[FailedCell]:
    places = {column: at for at, column in enumerate(run.columns)}
    for column, code, params in failure.problems:
        at = places.get(column, -1)
        value = failure.values[at] if 0 <= at < len(failure.values) else ""
        yield FailedCell(column, reason(target, code, params), value)


def _first_reason(target: ImportTarget, failure: ImportFailure) -> str:
    column, code, params = failure.problems[0]
    return _with_column(column, reason(target, code, params))


def _with_column(column: str, said: str) -> str:
    return f"{column}: {said}" if column else said
