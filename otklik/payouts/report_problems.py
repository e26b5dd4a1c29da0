"""Why a file of figures was not understood, for whoever uploaded it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from otklik.payouts.labels import REPORT_COLUMNS, line_problem_text
from otklik.payouts.operations.report_files import ReportFileRefused
from otklik.payouts.rules.file_lines import FileProblem
from otklik.payouts.rules.report_file import NAMES
from otklik.payouts.rules.vocabulary import LineProblem

_NAMES_TOLD = 3


@dataclass(frozen=True, slots=True)
class ProblemLine:
    line: int
    column: str
    value: str
    text: str


def report_problem_lines(refused: ReportFileRefused) -> list[ProblemLine]:
    return [_line(one, refused) for one in refused.problems]


def _line(one: FileProblem, refused: ReportFileRefused) -> ProblemLine:
    if one.problem is LineProblem.MISSING and one.column in NAMES and one.column not in refused.columns:
        return ProblemLine(one.line, "", "", _no_column(one.column))
    return ProblemLine(one.line, one.column, one.value, line_problem_text(one.problem))


def _no_column(meaning: str) -> str:
    """No column was recognised as this one."""
    english = [name for name in NAMES[meaning] if name.isascii()][:_NAMES_TOLD]
    russian = [name for name in NAMES[meaning] if not name.isascii()][:_NAMES_TOLD]
    text = _("No column was recognised as %(meaning)s. Call it one of: %(names)s.")
    return text % {"meaning": REPORT_COLUMNS[meaning], "names": ", ".join([*english, *russian])}
