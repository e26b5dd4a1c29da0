"""The answer for people at a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otklik.cli.analyze.findings import Breakdown, Findings, Trend
from otklik.cli.analyze.verdicts import Remark, comparison_text
from otklik.cli.analyze.words import breakdown_name, period_name, segment_name, skipped_lines, source_line
from otklik.kit.phrases import Phrases
from otklik.stats.intervals import Interval
from otklik.stats.nps import points
from otklik.stats.verdicts import Kind, Summary

_DASH = "–"
_STRIP = 25
_MOST_SEGMENTS = 40
_LONGEST_NAME = 36
_NO_BREAK = str.maketrans({"\u00a0": " ", "\u202f": " "})


@dataclass(frozen=True)
class Ink:
    """Bold and dim where the terminal can show them."""

    is_on: bool

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.is_on else text

    def dim(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self.is_on else text


def as_text(findings: Findings, remarks: Sequence[Remark], say: Phrases, ink: Ink) -> str:
    """Plain lines, ending with a line break."""
    parts = [_head(findings, say, ink)]
    if findings.comparison and findings.previous:
        before = findings.comparison.before
        title = say.gettext("Before: %(file)s", file=findings.previous.name)
        parts.append(
            f"{ink.bold(title)}\n  {_score_line(before, say)}\n  {comparison_text(findings.comparison, say)}"
        )
    parts += [_breakdown(breakdown, say, ink) for breakdown in findings.breakdowns]
    if findings.trend:
        parts.append(_trend(findings.trend, say, ink))
    if remarks:
        lines = "\n".join(f"  • {remark.text}" for remark in remarks)
        parts.append(ink.bold(say.gettext("What can be said")) + "\n" + lines)
    return ("\n\n".join(parts) + "\n").translate(_NO_BREAK)


def _head(findings: Findings, say: Phrases, ink: Ink) -> str:
    overall, tally = findings.overall, findings.tally
    lines = [ink.dim(f"{tally.name}: {source_line(tally, say)}"), "", ink.bold(_score_line(overall, say))]
    answers = say.ngettext("%(n)s answer", "%(n)s answers", overall.n)
    kinds = (
        say.ngettext("%(n)s detractor", "%(n)s detractors", overall.detractors),
        say.ngettext("%(n)s passive", "%(n)s passives", overall.passives),
        say.ngettext("%(n)s promoter", "%(n)s promoters", overall.promoters),
    )
    counts = (overall.detractors, overall.passives, overall.promoters)
    shares = [
        f"{name} ({say.percent(count / overall.n, 1)})" for name, count in zip(kinds, counts, strict=True)
    ]
    lines.append(f"{answers}: {', '.join(shares)}")
    skipped = sum(tally.skipped.counts.values())
    if skipped:
        lines.append(say.ngettext("%(n)s value was skipped:", "%(n)s values were skipped:", skipped))
        lines += [f"  {line}" for line in skipped_lines(tally.skipped, say)]
    return "\n".join(lines)


def _score_line(summary: Summary, say: Phrases) -> str:
    if summary.nps is None:
        return say.gettext("NPS: too few answers")
    score = f"NPS {say.number(points(summary.nps), 1)}"
    if summary.kind is Kind.COUNT or summary.interval is None:
        return say.gettext("%(score)s (a count of everybody, not an estimate)", score=score)
    return say.gettext(
        "%(score)s, %(level)s interval %(span)s",
        score=score,
        level=say.percent(summary.level),
        span=_span(summary.interval, say),
    )


def _breakdown(breakdown: Breakdown, say: Phrases, ink: Ink) -> str:
    name = breakdown_name(breakdown.by)
    title = ink.bold(say.gettext("By %(by)s", by=name))
    shown = breakdown.largest(_MOST_SEGMENTS)
    names = [segment_name(breakdown.keys[at], say) for at in shown]
    table = _table(name, names, [breakdown.summaries[at] for at in shown], say, ink)
    left = len(breakdown.keys) - len(shown)
    if left:
        table += "\n  " + say.ngettext(
            "… and %(n)s segment with fewer answers: see --json or --report",
            "… and %(n)s segments with fewer answers: see --json or --report",
            left,
        )
    return f"{title}\n{table}"


def _trend(trend: Trend, say: Phrases, ink: Ink) -> str:
    names = [
        ("→ " if at in trend.changes else "") + period_name(period.start, trend.bucket, say)
        for at, period in enumerate(trend.periods)
    ]
    summaries = [period.summary for period in trend.periods]
    return (
        ink.bold(say.gettext("Over time")) + "\n" + _table(say.gettext("Period"), names, summaries, say, ink)
    )


def _table(name: str, names: Sequence[str], summaries: Sequence[Summary], say: Phrases, ink: Ink) -> str:
    low, high = _range(summaries)
    header = [name, say.gettext("answers"), "NPS", say.gettext("interval"), say.gettext("shrunk"), ""]
    rows = [header]
    for label, summary in zip(names, summaries, strict=True):
        rows.append(
            [
                label if len(label) <= _LONGEST_NAME else label[: _LONGEST_NAME - 1] + "…",
                say.number(summary.n),
                _DASH if summary.nps is None else say.number(points(summary.nps), 1),
                _DASH if summary.interval is None else _span(summary.interval, say),
                _DASH if summary.shrunk is None else say.number(points(summary.shrunk), 1),
                _strip(summary, low, high),
            ]
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines = [
        "  ".join(
            cell.ljust(width) if column in (0, 5) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join(["  " + ink.dim(lines[0]), *(f"  {line}" for line in lines[1:])])


def _range(summaries: Sequence[Summary]) -> tuple[float, float]:
    ends = [end for summary in summaries for span in (_shown_interval(summary),) if span for end in span]
    return (min(ends), max(ends)) if ends and min(ends) < max(ends) else (-1.0, 1.0)


def _shown_interval(summary: Summary) -> Interval | None:
    return summary.interval or summary.shrunk_interval


def _strip(summary: Summary, low: float, high: float) -> str:
    """The interval drawn in a line: ├──●──┤, with ◇ for a shrunk value where there is no score."""
    span = _shown_interval(summary)
    value = summary.nps if summary.nps is not None else summary.shrunk
    if value is None:
        return ""

    def place(score: float) -> int:
        return round((min(max(score, low), high) - low) / (high - low) * (_STRIP - 1))

    cells = [" "] * _STRIP
    if span:
        first, last = place(span.low), place(span.high)
        cells[first : last + 1] = "─" * (last + 1 - first)
        cells[first], cells[last] = "├", "┤"
    cells[place(value)] = "●" if summary.nps is not None else "◇"
    return "".join(cells).rstrip()


def _span(interval: Interval, say: Phrases) -> str:
    return say.span(points(interval.low), points(interval.high))
