"""The head's first page: where NPS stands, what moved, who is unhappy, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from otklik.analytics.public import Dimension
from otklik.feedback.access import Scope
from otklik.feedback.charts import BROAD, Picture, trend_picture
from otklik.feedback.labels import DIMENSION_LABELS
from otklik.feedback.queries.comments import Comment, latest_comments
from otklik.feedback.queries.nps_report import BreakdownRow, NpsReport, ReportFilter, nps_report
from otklik.feedback.queries.tallies import Asked
from otklik.feedback.rules.periods import Preset, Step, preset_period
from otklik.feedback.web.filters import NOT_STATED, AskedFor
from otklik.feedback.words import (
    change_words,
    comparison_sentence,
    interval_words,
    running_period_text,
    score_text,
    summary_sentence,
)
from otklik.kit.registry import Text
from otklik.stats.verdicts import Verdict

MOVED = (Dimension.SEGMENT, Dimension.TIER, Dimension.COUNTRY, Dimension.MANAGER, Dimension.ROLE)
MOST_MOVED = 6
COMMENTS = 5
TREND_MONTHS = 24


@dataclass(frozen=True, slots=True)
class Move:
    """One value whose change is more than chance."""

    dimension: Text
    name: str
    words: str
    is_up: bool
    query: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """``period``: the quarter shown; the running one, or the last where the running one has no answer yet."""

    report: NpsReport
    period: str
    score: str
    interval: str
    sentence: str
    comparison: str
    trend: Picture
    moves: tuple[Move, ...]
    looked_at: int
    comments: tuple[Comment, ...]
    query: str


def dashboard(scope: Scope, today: date) -> Dashboard:
    preset = Preset.THIS_QUARTER
    report = _quarter(scope, preset, today)
    if report.has_answers and report.summary.n == 0:
        preset = Preset.LAST_QUARTER
        report = _quarter(scope, preset, today)
    asked = AskedFor(preset, report.filter, ())
    moves, looked_at = _moves(report, asked)
    return Dashboard(
        report=report,
        period=running_period_text(report.filter.period, today),
        score=score_text(report.summary.nps),
        interval=interval_words(report.summary.interval),
        sentence=summary_sentence(report.summary),
        comparison=comparison_sentence(report.comparison, report.filter.before),
        trend=trend_picture(report.trend, Step.QUARTER, key="home-trend", width=BROAD),
        moves=moves,
        looked_at=looked_at,
        comments=tuple(
            latest_comments(
                Asked(scope),
                preset_period(Preset.LAST_12_MONTHS, today),
                limit=COMMENTS,
                detractors_only=True,
            )
        ),
        query=asked.query(),
    )


def _quarter(scope: Scope, preset: Preset, today: date) -> NpsReport:
    chosen = ReportFilter(preset_period(preset, today), step=Step.QUARTER)
    return nps_report(scope, chosen, trend_months=TREND_MONTHS)


def _moves(report: NpsReport, asked: AskedFor) -> tuple[tuple[Move, ...], int]:
    """The changes that are more than chance, the largest first, and how many were looked at to find them."""
    rows: list[tuple[Dimension, BreakdownRow]] = [
        (breakdown.dimension, row)
        for breakdown in report.breakdowns
        if breakdown.dimension in MOVED and len(breakdown.rows) > 1
        for row in breakdown.rows
        if row.change.difference is not None
    ]
    told = [(d, row) for d, row in rows if row.change.verdict in (Verdict.UP, Verdict.DOWN)]
    told.sort(key=lambda pair: -abs(pair[1].change.difference or 0))
    moves = tuple(
        Move(
            DIMENSION_LABELS[dimension],
            row.name,
            change_words(row.change),
            row.change.verdict is Verdict.UP,
            asked.query(**{dimension.value: row.value or NOT_STATED}),
        )
        for dimension, row in told[:MOST_MOVED]
    )
    return moves, len(rows)
