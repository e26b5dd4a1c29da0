"""The command itself: arguments in, one answer out, exit status 0 or 2."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from otklik.cli.analyze.as_json import as_object
from otklik.cli.analyze.as_text import Ink, as_text
from otklik.cli.analyze.errors import CannotAnalyse, CannotWriteReport
from otklik.cli.analyze.findings import find
from otklik.cli.analyze.tally import Question, tally_file
from otklik.cli.analyze.verdicts import remarks
from otklik.cli.analyze.words import explain, speak
from otklik.cli.answering import answer, as_json
from otklik.cli.languages import LANGUAGES, asked_language
from otklik.kit.phrases import Phrases
from otklik.kit.tabular import Order, TableError

COMMAND = "otklik analyze"
BAD_INPUT = 2


def analyze(arguments: Sequence[str]) -> int:
    """Exit status: 0, or 2 where the input or the question is wrong."""
    say = speak(asked_language(arguments))
    options = _parser(say).parse_args(arguments)
    name = options.file
    try:
        question = _question(options)
        tally = tally_file(name, question)
        previous = None
        if options.previous is not None:
            name = options.previous
            earlier = Question(question.score, score_like=tally.score_column, weight=question.weight)
            previous = tally_file(name, earlier)
        name = options.file
        findings = find(tally, question, population=options.population, previous=previous)
        said = remarks(findings, say)
        if options.report is not None:
            from otklik.cli.analyze.report import page

            _write_report(Path(options.report), page(findings, said, say))
    except (TableError, CannotAnalyse) as error:
        print(f"{COMMAND}: {name}: {explain(error, say)}", file=sys.stderr)
        return BAD_INPUT
    if options.json:
        return answer(as_json(as_object(findings, said)), command=COMMAND, say=say)
    ink = Ink(sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    text = as_text(findings, said, say, ink)
    if options.report is not None:
        text += "\n" + say.gettext("Report: %(path)s", path=options.report) + "\n"
    return answer(text, command=COMMAND, say=say)


def _parser(say: Phrases) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description=say.gettext(
            "NPS with its uncertainty from a file of answers. Needs no database and no server."
        ),
    )
    add = parser.add_argument
    add(
        "file",
        metavar="FILE",
        help=say.gettext("CSV or XLSX with one answer per row; - reads standard input"),
    )
    add(
        "--score",
        metavar="COL",
        help=say.gettext("column with the answers 0 to 10 (found by itself if obvious)"),
    )
    add(
        "--by",
        metavar="COL",
        nargs="+",
        action="append",
        default=[],
        help=say.gettext("segments by one or more columns together; may be given more than once"),
    )
    add("--date", metavar="COL", help=say.gettext("column with dates: shows the course over time"))
    add(
        "--date-order",
        choices=[order.value for order in Order],
        help=say.gettext("how 03/04/2025 is read: day first (dmy) or month first (mdy)"),
    )
    add("--weight", metavar="COL", help=say.gettext("column with the weight of each answer"))
    add(
        "--population",
        metavar="N",
        type=lambda text: _population(text, say),
        help=say.gettext("how many people could have answered"),
    )
    add("--previous", metavar="FILE", help=say.gettext("answers of an earlier period to compare with"))
    add("--json", action="store_true", help=say.gettext("print one JSON object"))
    add("--report", metavar="OUT.html", help=say.gettext("write a page with charts that needs no network"))
    add(
        "--lang",
        choices=LANGUAGES,
        help=say.gettext("language of the answer (otherwise that of the environment)"),
    )
    return parser


def _population(text: str, say: Phrases) -> int:
    if text.isascii() and text.isdigit() and len(text) < 16 and int(text):
        return int(text)
    message = say.gettext(
        "“%(text)s” is not a number of people; write it in digits, 250 for instance.", text=text
    )
    raise argparse.ArgumentTypeError(message)


def _question(options: argparse.Namespace) -> Question:
    return Question(
        score=options.score,
        by=tuple(tuple(columns) for columns in options.by),
        date=options.date,
        weight=options.weight,
        date_order=Order(options.date_order) if options.date_order else None,
    )


def _write_report(path: Path, content: str) -> None:
    """Whole or not at all: written beside its place and moved there."""
    if not path.name:  # "", "." or "/"
        raise CannotWriteReport(str(path), os.strerror(errno.EISDIR))
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(content, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise CannotWriteReport(str(path), error.strerror or str(error)) from error
