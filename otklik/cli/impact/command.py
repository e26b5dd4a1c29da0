"""The command itself: arguments in, one answer out, exit status 0 or 2. A refusal is an answer, too."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence

from otklik.cli.answering import answer, as_json
from otklik.cli.impact.as_json import as_object
from otklik.cli.impact.as_text import as_text
from otklik.cli.impact.columns import read_columns
from otklik.cli.impact.errors import CannotStudy
from otklik.cli.impact.findings import find
from otklik.cli.impact.question import Question, Scale
from otklik.cli.impact.sentences import explain, sentences, speak
from otklik.cli.languages import LANGUAGES, asked_language
from otklik.kit.phrases import Phrases
from otklik.kit.tabular import TableError

COMMAND = "otklik impact"
BAD_INPUT = 2


def impact(arguments: Sequence[str]) -> int:
    """Exit status: 0, or 2 where the input or the question is wrong."""
    say = speak(asked_language(arguments))
    options = _parser(say).parse_args(arguments)
    try:
        question = _question(options)
        found = find(read_columns(options.file, list(question.columns())), question)
    except (TableError, CannotStudy) as error:
        print(f"{COMMAND}: {options.file}: {explain(error, say)}", file=sys.stderr)
        return BAD_INPUT
    said = sentences(found, say)
    if options.json:
        return answer(as_json(as_object(found, said)), command=COMMAND, say=say)
    return answer(as_text(found, said, say), command=COMMAND, say=say)


def _question(options: argparse.Namespace) -> Question:
    return Question(
        outcome=options.outcome,
        exposure=options.exposure,
        cause_date=options.cause_date,
        unit=options.unit,
        period=options.period,
        controls=_names(options.controls),
        lead=options.lead,
        drivers=_names(options.drivers),
        identifier=options.id,
        scale=None if options.scale is None else Scale(options.scale),
        worth=options.worth,
    )


def _names(lists: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for one in lists for name in one.split(",") if name.strip())


def _parser(say: Phrases) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description=say.gettext(
            "Whether an exposure moves an outcome, and what goes with it, from a file of answers. Needs "
            "no database "
            "and no server."
        ),
    )
    add = parser.add_argument
    add(
        "file",
        metavar="FILE",
        help=say.gettext("CSV, XLSX or Parquet with one answer per row; - reads standard input"),
    )
    add("--outcome", metavar="COL", required=True, help=say.gettext("scores 0 to 10, or any number"))
    add("--exposure", metavar="COL", help=say.gettext("what may move it: hours waited, late or not"))
    add(
        "--cause-date",
        metavar="COL",
        help=say.gettext("day of the exposure: an answer before it is a bad row"),
    )
    add("--unit", metavar="COL", help=say.gettext("whose answer it is: the partner"))
    add(
        "--period",
        metavar="COL",
        help=say.gettext("when it was given: a date (taken by month), or a name of a period"),
    )
    add(
        "--controls",
        metavar="COL,...",
        action="append",
        default=[],
        help=say.gettext("what is held constant"),
    )
    add("--lead", metavar="COL", help=say.gettext("the exposure of the next period, for the placebo"))
    add(
        "--drivers",
        metavar="COL,...",
        action="append",
        default=[],
        help=say.gettext("causes to share the variance among"),
    )
    add(
        "--id",
        metavar="COL",
        help=say.gettext("what identifies an answer; one that stands twice is a bad row"),
    )
    add(
        "--scale",
        choices=[one.value for one in Scale],
        help=say.gettext("how the outcome is read, if not as it looks"),
    )
    add(
        "--worth",
        metavar="N",
        type=lambda text: _worth(text, say),
        help=say.gettext("the smallest change of the outcome worth noticing"),
    )
    add("--json", action="store_true", help=say.gettext("print one JSON object"))
    add(
        "--lang",
        choices=LANGUAGES,
        help=say.gettext("language of the answer (otherwise that of the environment)"),
    )
    return parser


def _worth(text: str, say: Phrases) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if math.isfinite(value) and value > 0:
        return value
    raise argparse.ArgumentTypeError(say.gettext("“%(text)s” is no number above 0.", text=text))
