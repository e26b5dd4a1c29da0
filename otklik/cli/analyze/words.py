"""Sentences of `otklik analyze` that more than one kind of output needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from otklik.cli.analyze.errors import (
    CannotAnalyse,
    CannotWriteReport,
    NoAnswers,
    NoScoreColumn,
    PopulationTooSmall,
    SeveralScoreColumns,
    TooManySegments,
)
from otklik.cli.analyze.findings import Bucket
from otklik.cli.analyze.tally import Segment, Skipped, Tally
from otklik.kit.phrases import Phrases, phrases
from otklik.kit.tabular import REASONS, TableError, describe, obstacle

LOCALE = Path(__file__).parents[1] / "locale"
MOST_NAMED = 12


def speak(language: str) -> Phrases:
    return phrases(language, LOCALE)


def explain(error: TableError | CannotAnalyse, say: Phrases) -> str:
    """Why there is nothing to show, and what to do."""
    if isinstance(error, TableError):
        return describe(error, say.gettext)
    if isinstance(error, NoScoreColumn):
        return say.gettext(
            "No column looks like answers from 0 to 10. Say which one it is with --score. The columns are: "
            "%(columns)s.",
            columns=named(error.columns, say),
        )
    if isinstance(error, SeveralScoreColumns):
        return say.gettext(
            "More than one column could be the score: %(columns)s. Say which one it is with --score.",
            columns=named(error.candidates, say),
        )
    if isinstance(error, NoAnswers):
        return say.gettext(
            "Column “%(column)s” holds no usable answer. Found instead: %(found)s.",
            column=error.column,
            found="; ".join(_counted(error.skipped, say)) or say.gettext("no rows"),
        )
    if isinstance(error, TooManySegments):
        return say.gettext(
            "Row %(row)s, column %(column)s: more than %(limit)s different values. This is no segment but a "
            "name or a "
            "comment; choose another column for --by.",
            row=error.row,
            column=" × ".join(error.columns),
            limit=say.number(error.limit),
        )
    if isinstance(error, PopulationTooSmall):
        return say.gettext(
            "--population says %(population)s people, but %(n)s have answered.",
            population=say.number(error.population),
            n=say.number(error.n),
        )
    assert isinstance(error, CannotWriteReport)
    return say.gettext(
        "The report cannot be written to %(path)s: %(reason)s.",
        path=error.path,
        reason=obstacle(error.reason, say.gettext),
    )


def quoted(text: str, say: Phrases) -> str:
    return say.gettext("“%(text)s”", text=text)


def named(columns: Sequence[str], say: Phrases) -> str:
    """The first columns by name."""
    names = [quoted(name, say) for name in columns]
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")


def reason(code: str, say: Phrases) -> str:
    """Why a value was not used, in a few words."""
    own = {
        "status_duplicate": say.gettext("second answer from one device, not counted"),
        "status_provisional": say.gettext("score opened and not confirmed"),
        "status_no_answer": say.gettext("invitation without an answer"),
        "status_left_out": say.gettext("person left out of the survey"),
        "status_not_sent": say.gettext("invitation not sent"),
        "status_other": say.gettext("row that is no confirmed answer"),
        "weight_missing": say.gettext("no weight"),
        "weight_text": say.gettext("weight is not a number"),
        "weight_ambiguous": say.gettext("weight can be read in two ways"),
        "weight_not_positive": say.gettext("weight not above zero"),
    }
    return own[code] if code in own else say.gettext(REASONS[code])


def _counted(counts: dict[str, int], say: Phrases) -> list[str]:
    return [f"{reason(code, say)}: {say.number(count)}" for code, count in counts.items()]


def skipped_lines(skipped: Skipped, say: Phrases) -> list[str]:
    """One line for each reason: how many, and where the first ones stand."""
    lines = []
    for code, count in sorted(skipped.counts.items(), key=lambda item: -item[1]):
        places = [
            say.gettext("row %(row)s", row=row) + (f" {quoted(value, say)}" if value.strip() else "")
            for row, value in skipped.examples[code]
        ]
        more = ", …" if count > len(places) else ""
        lines.append(f"{reason(code, say)}: {say.number(count)} ({', '.join(places)}{more})")
    return lines


def period_name(start: dt.date, bucket: Bucket, say: Phrases, *, short: bool = False) -> str:
    if bucket is Bucket.YEAR:
        return str(start.year)
    return say.quarter(start, short=short) if bucket is Bucket.QUARTER else say.month(start, short=short)


def segment_name(key: Segment, say: Phrases) -> str:
    return " · ".join(say.gettext("(blank)") if value is None else value for value in key)


def breakdown_name(columns: tuple[str, ...]) -> str:
    return " × ".join(columns)


def source_line(tally: Tally, say: Phrases) -> str:
    """How the file was read: format, encoding, separator, sheet, column."""
    facts = tally.facts
    parts = [facts.format.upper()]
    if facts.encoding:
        parts.append(facts.encoding.label)
    if facts.delimiter:
        separators = {
            ",": say.gettext("comma"),
            ";": say.gettext("semicolon"),
            "\t": say.gettext("tab"),
            "|": say.gettext("vertical bar"),
        }
        parts.append(say.gettext("separator: %(separator)s", separator=separators[facts.delimiter]))
    if facts.sheet:
        parts.append(say.gettext("sheet “%(sheet)s”", sheet=facts.sheet))
    parts.append(say.gettext("score from column “%(column)s”", column=tally.score_column))
    return ", ".join(parts)
