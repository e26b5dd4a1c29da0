"""The report as CSV: the figures of the page, to one decimal, empty where the page shows none."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext

from otklik.feedback.labels import DIMENSION_LABELS
from otklik.feedback.queries.nps_report import NpsReport
from otklik.feedback.words import bucket_text, change_words, period_text
from otklik.kit.tabular.export import csv_lines
from otklik.stats.intervals import Interval
from otklik.stats.nps import points
from otklik.stats.verdicts import Comparison, Summary


def report_csv(report: NpsReport) -> Iterator[str]:
    columns = (
        gettext("Breakdown"),
        gettext("Value"),
        gettext("Answers"),
        gettext("Detractors"),
        gettext("Passives"),
        gettext("Promoters"),
        gettext("NPS"),
        gettext("Interval from"),
        gettext("Interval to"),
        gettext("Shrunk value"),
        gettext("Change"),
        gettext("Change from"),
        gettext("Change to"),
        gettext("Verdict"),
    )
    return csv_lines(columns, _rows(report))


def _rows(report: NpsReport) -> Iterator[list[object]]:
    period = period_text(report.filter.period)
    yield [gettext("All answers"), period, *_figures(report.summary), *_change(report.comparison)]
    for point in report.trend:
        name = bucket_text(point.start, report.filter.step)
        yield [gettext("Over time"), name, *_figures(point.summary)]
    for breakdown in report.breakdowns:
        label = str(DIMENSION_LABELS[breakdown.dimension])
        for row in breakdown.rows:
            yield [label, row.name, *_figures(row.summary), *_change(row.change)]
    for score, amount in enumerate(report.scores):
        yield [gettext("Score given"), score, amount]


def _figures(summary: Summary) -> list[object]:
    return [
        summary.n,
        summary.detractors,
        summary.passives,
        summary.promoters,
        _rounded(summary.nps),
        *_limits(summary.interval),
        _rounded(summary.shrunk),
    ]


def _change(comparison: Comparison) -> list[object]:
    return [_rounded(comparison.difference), *_limits(comparison.interval), change_words(comparison)]


def _limits(interval: Interval | None) -> tuple[object, object]:
    return ("", "") if interval is None else (_rounded(interval.low), _rounded(interval.high))


def _rounded(score: float | None) -> object:
    return "" if score is None else round(points(score), 1)
