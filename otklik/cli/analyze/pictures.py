"""The charts of the report: findings and words put into the shapes `kit.charts` draws."""

from __future__ import annotations

from collections.abc import Sequence

from otklik.cli.analyze.findings import Findings, Trend
from otklik.cli.analyze.words import breakdown_name, period_name, segment_name
from otklik.kit.charts import (
    ForestRow,
    ForestWords,
    KindWords,
    Mark,
    TrendPoint,
    TrendWords,
    distribution,
    forest,
    stacked,
    trend,
)
from otklik.kit.phrases import Phrases
from otklik.stats.intervals import Interval
from otklik.stats.nps import points
from otklik.stats.verdicts import Comparison, Summary

WIDE, NARROW = 760.0, 340.0
MOST_ROWS = 60


def span_text(interval: Interval, say: Phrases) -> str:
    return say.span(points(interval.low), points(interval.high))


def shares(findings: Findings, say: Phrases, width: float) -> str:
    overall = findings.overall
    counts = (overall.detractors, overall.passives, overall.promoters)
    title = say.gettext("Detractors, passives and promoters")
    return stacked(counts, _kinds(title, findings, say), key=_key("shares", width), width=width)


def scores(findings: Findings, say: Phrases, width: float) -> str:
    words = _kinds(say.gettext("Distribution of scores"), findings, say)
    height = 280 if width > NARROW else 230
    return distribution(
        findings.tally.histogram, words, key=_key("scores", width), width=width, height=height
    )


def course(found: Trend, say: Phrases, width: float) -> str:
    words = TrendWords(
        title=say.gettext("Score over time"),
        description=say.gettext("Score with its interval for each period; the table below has the figures."),
        score="NPS",
        interval=say.gettext("%(level)s interval", level=say.percent(found.periods[0].summary.level)),
        answers=say.gettext("answers"),
        cannot_tell=say.gettext("cannot tell"),
        number=say.number,
    )
    drawn = [
        _point(
            period_name(period.start, found.bucket, say, short=True),
            period_name(period.start, found.bucket, say),
            period.summary,
            say,
        )
        for period in found.periods
    ]
    marks = [Mark(at, say.gettext("new level")) for at in found.changes]
    height = 340 if width > NARROW else 280
    return trend(drawn, words, key=_key("course", width), marks=marks, width=width, height=height)


def segments(findings: Findings, at: int, say: Phrases, width: float) -> str:
    breakdown, overall = findings.breakdowns[at], findings.overall
    title = say.gettext("By %(by)s", by=breakdown_name(breakdown.by))
    rows = [
        _row(segment_name(breakdown.keys[at], say), breakdown.summaries[at], say)
        for at in breakdown.largest(MOST_ROWS)
    ]
    whole = None
    if overall.nps is not None and overall.interval is not None:
        whole = (points(overall.nps), points(overall.interval.low), points(overall.interval.high))
    return forest(rows, _forest_words(title, say), key=_key(f"by{at}", width), overall=whole, width=width)


def before_and_after(found: Comparison, names: Sequence[str], say: Phrases, width: float) -> str:
    rows = [_row(name, each, say) for name, each in zip(names, (found.before, found.after), strict=True)]
    words = _forest_words(say.gettext("Compared with before"), say)
    return forest(rows, words, key=_key("before", width), width=width)


def _key(name: str, width: float) -> str:
    return f"{name}-{width:g}"


def _kinds(title: str, findings: Findings, say: Phrases) -> KindWords:
    return KindWords(
        title=title,
        description=say.ngettext("%(n)s answer", "%(n)s answers", findings.overall.n),
        detractors=say.gettext("detractors"),
        passives=say.gettext("passives"),
        promoters=say.gettext("promoters"),
        number=say.number,
        percent=lambda share: say.percent(share, 1),
    )


def _forest_words(title: str, say: Phrases) -> ForestWords:
    return ForestWords(
        title=title,
        description=say.gettext("Score with its interval for each line; the table below has the figures."),
        score=say.gettext("NPS with interval"),
        shrunk=say.gettext("shrunk value"),
        overall=say.gettext("all answers"),
        answers=say.gettext("answers"),
        number=say.number,
    )


def _point(label: str, name: str, summary: Summary, say: Phrases) -> TrendPoint:
    answers = say.ngettext("%(n)s answer", "%(n)s answers", summary.n)
    tip = f"{name}: {_figures(summary, say)}, {answers}"
    if summary.nps is None:
        return TrendPoint(label, summary.n, None, tip=tip)
    low, high = (None, None) if summary.interval is None else map(points, summary.interval)
    return TrendPoint(label, summary.n, points(summary.nps), low, high, tip)


def _row(label: str, summary: Summary, say: Phrases) -> ForestRow:
    low, high = (None, None) if summary.interval is None else map(points, summary.interval)
    shrunk_low, shrunk_high = (
        (None, None) if summary.shrunk_interval is None else map(points, summary.shrunk_interval)
    )
    figures = _figures(summary, say)
    return ForestRow(
        label=label,
        n=say.number(summary.n),
        score=None if summary.nps is None else points(summary.nps),
        low=low,
        high=high,
        shrunk=None if summary.shrunk is None else points(summary.shrunk),
        shrunk_low=shrunk_low,
        shrunk_high=shrunk_high,
        figures=figures,
        tip=f"{label}: {figures}",
    )


def _figures(summary: Summary, say: Phrases) -> str:
    if summary.nps is None:
        return say.gettext("too few answers")
    score = say.number(points(summary.nps), 1)
    return score if summary.interval is None else f"{score} ({span_text(summary.interval, say)})"
