"""What the pages of the wizard show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.forms import BoundField
from django.utils import formats, timezone

from otklik.kit.tabular import is_missing
from otklik.partners.imports.operations.rehearse import rehearse
from otklik.partners.imports.operations.store_rows import problems_of_row
from otklik.partners.imports.options import DELIMITER_CHOICES
from otklik.partners.imports.prepared import PreparedRow
from otklik.partners.imports.queries import failed_rows, failure_groups, failures_of, same_file_before
from otklik.partners.imports.reasons import complaints_of, reason, refusal_text
from otklik.partners.imports.rules.values import as_text
from otklik.partners.imports.sample import Sample
from otklik.partners.imports.targets import (
    Fate,
    ImportRow,
    ImportTarget,
    Outcome,
    import_targets,
    target_named,
)
from otklik.partners.imports.understanding import Plan, row_of
from otklik.partners.imports.web.forms import MappingForm, ReadingForm
from otklik.partners.models import ImportRun

PREVIEW_ROWS = 20
FAILURES_A_PAGE = 50
EXAMPLES = 3
# After so long without a sign of work the page says that something is wrong.
STILL_AFTER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column of the file: its name, some of its values, and the choice of what it means."""

    name: str
    examples: Sequence[str]
    choice: BoundField


@dataclass(frozen=True, slots=True)
class PreviewCell:
    text: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    number: int
    fate: str
    cells: Sequence[PreviewCell]
    problem: str = ""


def mapping_page(run: ImportRun, form: MappingForm, reading: ReadingForm, at: datetime) -> dict[str, Any]:
    target, sample = target_named(run.target), Sample.from_json(run.sample)
    return {
        "run": run,
        "target": target,
        "sample": sample,
        "separator": dict(DELIMITER_CHOICES).get(sample.delimiter, sample.delimiter),
        "form": form,
        "reading": reading,
        "columns": _column_lines(run, sample, form),
        "options": [form[f"option-{option.name}"] for option in target.options],
        "before": same_file_before(run),
        **preview_part(run, form, at),
    }


def preview_part(run: ImportRun, form: MappingForm, at: datetime) -> dict[str, Any]:
    """The first rows as they would be understood and stored by what the form says now."""
    sample, mapping = Sample.from_json(run.sample), form.mapping()
    plan = Plan.of(run).mapped_as(mapping, form.hints(sample, mapping), form.options())
    prepared = [_prepared(plan, number, cells) for number, cells, problem in sample.rows if not problem]
    prepared = prepared[:PREVIEW_ROWS]
    complaints = complaints_of(plan.target, mapping, run.columns)
    # A mapping that cannot be run is shown as far as values go; what would be stored is then open.
    outcomes = [None] * len(prepared) if complaints else rehearse(prepared, plan, at=at)
    return {
        "run": run,
        "complaints": complaints,
        "heads": [(column, field.label) for _, column, field in plan.pairs],
        "preview": [_preview_row(*pair, plan) for pair in zip(prepared, outcomes, strict=True)],
        "order_is_open": form.order_is_open(sample, mapping),
        "misshapen": sum(bool(problem) for _, _, problem in sample.rows),
    }


def run_page(run: ImportRun, page: str | None, at: datetime) -> dict[str, Any]:
    failures = Paginator(failures_of(run), FAILURES_A_PAGE).get_page(page) if run.failed else None
    return {
        **state_part(run, at),
        "failures": failures,
        "failed_rows": failed_rows(run, list(failures.object_list)) if failures else [],
        "groups": failure_groups(run) if run.failed else [],
    }


def state_part(run: ImportRun, at: datetime) -> dict[str, Any]:
    return {
        "run": run,
        "target": target_named(run.target),
        "refusal": refusal_text(run.refusal) if run.refusal else "",
        "is_still": run.is_under_way and run.moved_at is not None and at - run.moved_at > STILL_AFTER,
        "next_target": _next_target(run),
    }


def _column_lines(run: ImportRun, sample: Sample, form: MappingForm) -> list[ColumnLine]:
    rows = sample.cells()
    lines = []
    for at, column in enumerate(run.columns):
        seen = dict.fromkeys(as_text(row[at])[:60] for row in rows if not is_missing(row[at]))
        lines.append(ColumnLine(column, list(seen)[:EXAMPLES], form[f"column-{at}"]))
    return lines


def _prepared(plan: Plan, number: int, cells: list[Any]) -> PreparedRow:
    understood = plan.understand(row_of(number, cells, len(plan.columns)))
    row = None if understood.problems else ImportRow(number, understood.values)
    return PreparedRow(number, understood.texts, row, understood.problems, 0)


def _preview_row(row: PreparedRow, outcome: Outcome | None, plan: Plan) -> PreviewRow:
    fate = outcome.fate.value if outcome else ""
    problems = (
        problems_of_row(row, outcome, plan) if outcome and outcome.fate is Fate.FAILED else row.problems
    )
    said = {p.column: reason(plan.target, p.code, p.params) for p in problems}
    values: Mapping[str, Any] = row.row.values if row.row else {}
    cells = [
        PreviewCell(
            row.texts[at] if column in said or row.row is None else shown(values.get(field.name)),
            said.get(column, ""),
        )
        for at, column, field in plan.pairs
    ]
    return PreviewRow(row.number, fate, cells, said.get("", ""))


def shown(value: Any) -> str:
    """A parsed value as the reader writes it, so that a date read the wrong way round is seen."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        whole_day = value.time() == time(12)
        local = timezone.localtime(value)
        return formats.date_format(
            value if whole_day else local, "DATE_FORMAT" if whole_day else "DATETIME_FORMAT"
        )
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, Decimal):
        return formats.number_format(value, 2, use_l10n=True, force_grouping=True)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _next_target(run: ImportRun) -> ImportTarget | None:
    """What people usually import after this."""
    later = [target for target in import_targets if target.order > target_named(run.target).order]
    return later[0] if later else None
