"""Why rows of money are refused, in the words of the page and of the command."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils import translation

from otklik.api.v1.money_schemas import RowsRefusedOut, WrongLine
from otklik.payouts.public import LineProblem, line_problem_text


def wrong_line(row: int | None, field: str, problem: LineProblem) -> WrongLine:
    # As everything the API says.
    with translation.override("en"):
        return WrongLine(row=row, field=field, problem=problem.value, message=line_problem_text(problem))


def refused_rows(lines: Sequence[WrongLine]) -> RowsRefusedOut:
    first = lines[0].row
    return RowsRefusedOut(
        code="not_valid",
        message="Nothing is stored: some lines are wrong.",
        where="rows" if first is None else f"rows.{first}",
        lines=list(lines),
    )
