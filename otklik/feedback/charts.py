"""A report as pictures: the words of the charts in the reader's language, the figures as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from otklik.feedback.queries.nps_report import Breakdown, NpsReport, TrendPoint
from otklik.feedback.rules.periods import Step
from otklik.feedback.words import answers_text, bucket_text, interval_words, score_text, speech
from otklik.kit import charts
from otklik.kit.templatetags.otklik import figure, percent
from otklik.stats.intervals import Interval
from otklik.stats.nps import points
from otklik.stats.verdicts import Summary

# Widths of what the charts stand in: a whole page, more than half of it, half of it, a phone.
WIDE, BROAD, HALF, NARROW = 760, 620, 540, 340
MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart drawn twice: scaled down, the wide one cannot be read on a phone."""

    wide: SafeString
    narrow: SafeString


def trend_picture(trend: Sequence[TrendPoint], step: Step, key: str = "trend", width: int = WIDE) -> Picture:
    rows = [
        charts.TrendPoint(
            bucket_text(point.start, step, short=True),
            point.summary.n,
            _points(point.summary.nps),
            *_limits(point.summary.interval),
            tip=_tip(bucket_text(point.start, step), point.summary),
        )
        for point in trend
    ]
    words = charts.TrendWords(
        title=gettext("NPS over time"),
        description=gettext(
            "A line of the score with its interval as a band and the number of answers below."
        ),
        score=gettext("NPS"),
        interval=gettext("95% interval"),
        answers=gettext("Answers"),
        cannot_tell=gettext("Too few answers"),
        number=_number,
    )
    return Picture(
        _safe(charts.trend(rows, words, key=key, width=width)),
        _safe(charts.trend(rows, words, key=f"{key}-narrow", width=NARROW, height=300)),
    )


def distribution_picture(report: NpsReport, key: str = "scores") -> Picture:
    words = kind_words(gettext("How many answers each score got"))
    return Picture(
        _safe(charts.distribution(report.scores, words, key=key, width=BROAD)),
        _safe(charts.distribution(report.scores, words, key=f"{key}-narrow", width=NARROW)),
    )


def kinds_picture(summary: Summary, key: str = "kinds") -> Picture:
    counts = (summary.detractors, summary.passives, summary.promoters)
    words = kind_words(gettext("Detractors, passives and promoters"))
    return Picture(
        _safe(charts.stacked(counts, words, key=key, width=HALF)),
        _safe(charts.stacked(counts, words, key=f"{key}-narrow", width=NARROW)),
    )


def breakdown_picture(breakdown: Breakdown, overall: Summary) -> Picture:
    """At most ``MOST_ROWS`` rows; the table beside it has them all."""
    rows = [
        charts.ForestRow(
            label=row.name,
            n=figure(row.summary.n),
            score=_points(row.summary.nps),
            low=_limits(row.summary.interval)[0],
            high=_limits(row.summary.interval)[1],
            shrunk=_points(row.summary.shrunk),
            shrunk_low=_limits(row.summary.shrunk_interval)[0],
            shrunk_high=_limits(row.summary.shrunk_interval)[1],
            figures=score_text(row.summary.nps),
            tip=_tip(row.name, row.summary),
        )
        for row in breakdown.rows[:MOST_ROWS]
    ]
    words = charts.ForestWords(
        title=gettext("Scores with their intervals"),
        description=gettext("One line each: the score, its interval, and the shrunk value."),
        score=gettext("Score and interval"),
        shrunk=gettext("Shrunk value"),
        overall=gettext("All together"),
        answers=gettext("Answers"),
        number=_number,
    )
    band = None
    if overall.nps is not None and overall.interval is not None:
        band = (points(overall.nps), points(overall.interval.low), points(overall.interval.high))
    key = f"by-{breakdown.dimension}"
    return Picture(
        _safe(charts.forest(rows, words, key=key, overall=band, width=HALF)),
        _safe(charts.forest(rows, words, key=f"{key}-narrow", overall=band, width=NARROW)),
    )


def kind_words(title: str) -> charts.KindWords:
    return charts.KindWords(
        title=title,
        description=gettext("Detractors gave 0 to 6, passives 7 or 8, promoters 9 or 10."),
        detractors=gettext("Detractors"),
        passives=gettext("Passives"),
        promoters=gettext("Promoters"),
        number=_number,
        percent=lambda share: percent(share, 0),
    )


def _tip(name: str, summary: Summary) -> str:
    parts = [name, answers_text(summary.n)]
    if summary.nps is not None:
        parts.append(f"NPS {score_text(summary.nps)} ({interval_words(summary.interval)})")
    return " · ".join(parts)


def _points(score: float | None) -> float | None:
    return None if score is None else points(score)


def _limits(interval: Interval | None) -> tuple[float | None, float | None]:
    return (None, None) if interval is None else (points(interval.low), points(interval.high))


def _number(value: float, decimals: int = 0) -> str:
    return speech().number(value, decimals)


def _safe(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 (drawn by our own code, which escapes every text)
