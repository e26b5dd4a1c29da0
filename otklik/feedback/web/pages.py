"""What the NPS page shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from otklik.analytics.public import Dimension
from otklik.feedback import charts
from otklik.feedback.charts import Picture
from otklik.feedback.labels import (
    AGAINST_LABELS,
    BREAKDOWN_LABELS,
    DIMENSION_LABELS,
    PRESET_LABELS,
    STEP_LABELS,
)
from otklik.feedback.queries.comments import Comment
from otklik.feedback.queries.nps_report import Breakdown, BreakdownRow, NpsReport
from otklik.feedback.rules.periods import Against, Preset, Step
from otklik.feedback.web.filters import NOT_STATED, AskedFor
from otklik.feedback.words import (
    bucket_text,
    change_words,
    comparison_sentence,
    interval_words,
    league_sentence,
    period_text,
    score_text,
    standing_words,
    summary_sentence,
)
from otklik.kit.registry import Text
from otklik.stats.verdicts import Standing, Summary, Verdict


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    name: Text
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    """One drop-down of the filter; ``name`` is its parameter in the address."""

    name: str
    label: Text
    options: tuple[Option, ...]

    @property
    def is_set(self) -> bool:
        return any(option.is_chosen and option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table of figures, ready to print."""

    name: str
    n: int
    score: str
    interval: str
    shrunk: str
    change: str = ""
    verdict: Verdict | None = None
    standing: str = ""
    is_above: bool = False
    query: str = ""


@dataclass(frozen=True, slots=True)
class BreakdownPart:
    dimension: Dimension
    title: Text
    sentence: str
    picture: Picture
    lines: tuple[Line, ...]

    @property
    def apart(self) -> list[Line]:
        """Those whose interval lies wholly above or below the score of all."""
        return [line for line in self.lines if line.standing]


class NpsPage:
    """Everything the template asks for; figures come from the report and nowhere else."""

    def __init__(self, report: NpsReport, asked: AskedFor, comments: Iterable[Comment]) -> None:
        self.report = report
        self.asked = asked
        self.comments = list(comments)
        self.period = period_text(report.filter.period)
        self.score = score_text(report.summary.nps)
        self.interval = interval_words(report.summary.interval)
        self.summary_sentence = summary_sentence(report.summary)
        self.comparison_sentence = comparison_sentence(report.comparison, report.filter.before)
        self.trend_picture = charts.trend_picture(report.trend, report.filter.step)
        self.scores_picture = charts.distribution_picture(report)
        self.kinds_picture = charts.kinds_picture(report.summary)

    @property
    def is_custom(self) -> bool:
        return self.asked.preset is Preset.CUSTOM

    @property
    def csv_query(self) -> str:
        return self.asked.query()

    def selects(self) -> Iterator[Select]:
        """The report's own drop-downs, then one for each dimension that has something to choose from."""
        chosen = self.report.filter
        yield _select("period", Preset, PRESET_LABELS, self.asked.preset)
        yield _select("against", Against, AGAINST_LABELS, chosen.against)
        yield _select("step", Step, STEP_LABELS, chosen.step)

    def dimension_selects(self) -> Iterator[Select]:
        for dimension in Dimension:
            choices = self.report.choices[dimension]
            now = self.report.filter.where.get(dimension)
            if len(choices) < 2 and now is None:
                continue
            options = [Option("", "", now is None)]
            options += [Option(c.value or NOT_STATED, c.name, c.value == now) for c in choices]
            if now is not None and now not in {c.value for c in choices}:
                options.append(Option(now, now, is_chosen=True))
            yield Select(dimension.value, DIMENSION_LABELS[dimension], tuple(options))

    @property
    def filters_set(self) -> int:
        return len(self.report.filter.where)

    def trend_lines(self) -> Iterator[Line]:
        for point in self.report.trend:
            yield _line(bucket_text(point.start, self.report.filter.step), point.summary)

    def breakdowns(self) -> Iterator[BreakdownPart]:
        for breakdown in self.report.breakdowns:
            if len(breakdown.rows) > 1:
                yield BreakdownPart(
                    breakdown.dimension,
                    BREAKDOWN_LABELS[breakdown.dimension],
                    league_sentence(breakdown.dimension, breakdown.league),
                    charts.breakdown_picture(breakdown, self.report.summary),
                    tuple(self._row(breakdown, row) for row in breakdown.rows),
                )

    def _row(self, breakdown: Breakdown, row: BreakdownRow) -> Line:
        query = self.asked.query(**{breakdown.dimension.value: row.value or NOT_STATED})
        return _line(row.name, row.summary, row, query)


def _select(
    name: str,
    words: Iterable[Preset | Against | Step],
    labels: Mapping[Any, Text],
    chosen: str,
) -> Select:
    options = tuple(Option(word.value, labels[word], word == chosen) for word in words)
    return Select(name, "", options)


def _line(name: str, summary: Summary, row: BreakdownRow | None = None, query: str = "") -> Line:
    return Line(
        name=name,
        n=summary.n,
        score=score_text(summary.nps),
        interval=interval_words(summary.interval),
        shrunk=score_text(summary.shrunk) if summary.shrunk is not None else "",
        change=change_words(row.change) if row else "",
        verdict=row.change.verdict if row else None,
        standing=standing_words(row.standing) if row else "",
        is_above=row is not None and row.standing is Standing.ABOVE,
        query=query,
    )
