"""From the cells of a row to values, or to everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from otklik.kit.tabular import Cell, Order, Row
from otklik.partners.imports.rules.values import BadValue, Hints, as_text
from otklik.partners.imports.sample import Reading
from otklik.partners.imports.targets import Field, ImportContext, ImportTarget, target_named
from otklik.partners.models import ImportRun


@dataclass(frozen=True, slots=True)
class Problem:
    """``column`` is the file's own name for it, "" where the row as a whole is meant."""

    column: str
    code: str
    params: Mapping[str, Any]

    def as_list(self) -> list[Any]:
        return [self.column, self.code, dict(self.params)]


@dataclass(frozen=True, slots=True)
class Understood:
    """One row: ``texts`` as they stood, and either values by field or problems."""

    number: int
    texts: list[str]
    values: Mapping[str, Any]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Plan:
    """How a file becomes rows of a target; the same plan makes the same rows."""

    target: ImportTarget
    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    hints: Hints
    reading: Reading
    options: Mapping[str, str]
    program_id: int

    @classmethod
    def of(cls, run: ImportRun) -> Plan:
        hints = run.options.get("hints", {})
        return cls(
            target=target_named(run.target),
            columns=tuple(run.columns),
            mapping=run.mapping,
            hints=Hints(
                Order(hints.get("order") or Order.DAY_FIRST),
                hints.get("decimal") or None,
                hints.get("zone") or "UTC",
            ),
            reading=Reading(**run.options.get("reading", {})),
            options=run.options.get("target", {}),
            program_id=run.program_id,
        )

    def mapped_as(self, mapping: Mapping[str, str], hints: Hints, options: Mapping[str, str]) -> Plan:
        """The same file with other meanings of its columns."""
        return replace(self, mapping=dict(mapping), hints=hints, options=dict(options))

    @property
    def context(self) -> ImportContext:
        return ImportContext(self.program_id, self.options, self.hints)

    @cached_property
    def pairs(self) -> list[tuple[int, str, Field]]:
        """(position, column, field) of every column that is used."""
        by_name = {field.name: field for field in self.target.fields}
        return [
            (at, column, by_name[self.mapping[column]])
            for at, column in enumerate(self.columns)
            if column in self.mapping
        ]

    def column_of(self, field_name: str) -> str:
        return next((column for _, column, field in self.pairs if field.name == field_name), "")

    def understand(self, row: Row) -> Understood:
        texts = [as_text(cell) for cell in row.cells]
        if row.problem is not None:
            facts = {key: _short(value) for key, value in row.problem.facts.items()}
            return Understood(row.number, texts, {}, (Problem("", row.problem.code, facts),))
        values: dict[str, Any] = {}
        problems = []
        for at, column, field in self.pairs:
            try:
                value = field.parse(row.cells[at], self.hints)
            except BadValue as bad:
                problems.append(Problem(column, bad.code, bad.params))
                continue
            if value is not None:
                values[field.name] = value
            elif field.required:
                problems.append(Problem(column, "missing", {}))
        if not problems:
            problems = self._missing_groups(values)
        return Understood(row.number, texts, values, tuple(problems))

    def _missing_groups(self, values: Mapping[str, Any]) -> list[Problem]:
        return [
            Problem(self._first_column(group), "missing", {})
            for group in self.target.one_of
            if not any(name in values for name in group)
        ]

    def _first_column(self, group: Sequence[str]) -> str:
        return next(filter(None, map(self.column_of, group)), "")


def row_of(number: int, cells: list[Cell], width: int) -> Row:
    return Row(number, cells + [None] * (width - len(cells)))


def _short(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)[:100]
