"""One JSON object for programs. Scores and intervals are on -100..100, shares and p-values on 0..1."""

from __future__ import annotations

from typing import Any

from otklik.cli.analyze.findings import Findings, Trend
from otklik.cli.analyze.tally import Tally
from otklik.cli.analyze.verdicts import Remark
from otklik.stats.intervals import Interval
from otklik.stats.nps import points
from otklik.stats.verdicts import Comparison, Summary


def as_object(findings: Findings, remarks: list[Remark]) -> dict[str, Any]:
    """`nps` and `interval` are null under 5 answers; `shrunk` is filled where sister segments give a "
    "prior."""
    tally = findings.tally
    return {
        **_summary(findings.overall),
        "method": findings.overall.method.value,
        "level": findings.overall.level,
        "n_effective": None if findings.n_effective is None else round(findings.n_effective, 3),
        "skipped": dict(tally.skipped.counts),
        "skipped_examples": _examples(tally),
        "histogram": tally.histogram,
        "source": _source(tally),
        "segments": [
            {"by": dict(zip(breakdown.by, key, strict=True)), **_summary(summary), "standing": standing.value}
            for breakdown in findings.breakdowns
            for key, summary, standing in zip(
                breakdown.keys, breakdown.summaries, breakdown.standings, strict=True
            )
        ],
        "comparison": _comparison(findings) if findings.comparison else None,
        "periods": _periods(findings.trend) if findings.trend else None,
        "trend": _trend(findings.trend) if findings.trend else None,
        "verdicts": [{"code": remark.code, "text": remark.text, **remark.facts} for remark in remarks],
    }


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "n": summary.n,
        "detractors": summary.detractors,
        "passives": summary.passives,
        "promoters": summary.promoters,
        "nps": _points(summary.nps),
        "interval": _interval(summary.interval),
        "shrunk": _points(summary.shrunk),
        "shrunk_interval": _interval(summary.shrunk_interval),
        "kind": summary.kind.value,
    }


def _points(score: float | None) -> float | None:
    return None if score is None else round(points(score), 4)


def _interval(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(points(interval.low), 4), round(points(interval.high), 4)]


def _examples(tally: Tally) -> dict[str, list[dict[str, Any]]]:
    return {
        reason: [{"row": row, "value": value} for row, value in rows]
        for reason, rows in tally.skipped.examples.items()
    }


def _source(tally: Tally) -> dict[str, Any]:
    facts = tally.facts
    return {
        "file": tally.name,
        "format": facts.format,
        "encoding": facts.encoding.codec if facts.encoding else None,
        "encoding_sureness": facts.encoding.sureness.value if facts.encoding else None,
        "delimiter": facts.delimiter,
        "sheet": facts.sheet,
        "score_column": tally.score_column,
    }


def _comparison(findings: Findings) -> dict[str, Any]:
    assert findings.comparison is not None
    assert findings.previous is not None
    return {
        "previous": {"file": findings.previous.name, **_summary(findings.comparison.before)},
        "skipped": dict(findings.previous.skipped.counts),
        **_difference(findings.comparison),
    }


def _difference(comparison: Comparison) -> dict[str, Any]:
    return {
        "difference": _points(comparison.difference),
        "interval": _interval(comparison.interval),
        "p_value": comparison.p_value,
        "verdict": comparison.verdict.value,
        "reason": comparison.reason.value if comparison.reason else None,
        "smallest_visible": _points(comparison.smallest_visible),
    }


def _periods(trend: Trend) -> list[dict[str, Any]]:
    return [
        {"start": period.start.isoformat(), "end": period.stop.isoformat(), **_summary(period.summary)}
        for period in trend.periods
    ]


def _trend(trend: Trend) -> dict[str, Any]:
    return {
        "bucket": trend.bucket.value,
        "changes": [trend.periods[at].start.isoformat() for at in trend.changes],
        "last_change": _difference(trend.last_change) if trend.last_change else None,
        "verdict": trend.verdict.value,
        "date_order": trend.order.value,
        "skipped": dict(trend.skipped.counts),
    }
