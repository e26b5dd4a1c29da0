"""One NPS report: what the page, its CSV, the API and the dashboard all show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from otklik.analytics.public import NO_SCORES, PAIRED, ByMonth, Dimension, Scores, add
from otklik.feedback.access import Scope
from otklik.feedback.queries.names import Value, names_of_values
from otklik.feedback.queries.tallies import (
    Asked,
    Tally,
    Where,
    count,
    total,
)
from otklik.feedback.rules.periods import (
    Against,
    Period,
    Step,
    earlier,
    first_of_month,
    first_of_quarter,
    month_number,
    shift_months,
)
from otklik.feedback.rules.vocabulary import SurveyKind
from otklik.stats.nps import counts_from_histogram
from otklik.stats.verdicts import (
    Comparison,
    League,
    Standing,
    Summary,
    compare_segments,
    league,
    summarise,
)

# A trend of a quarter alone would be three points: shorter periods are shown with the months before them.
SHORTEST_TREND_MONTHS = 12


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """``where``: values by dimension as text, the manager's and the program's id ("0": no manager)."""

    period: Period
    against: Against = Against.PREVIOUS
    step: Step = Step.MONTH
    where: Where = field(default_factory=dict)

    @property
    def before(self) -> Period:
        return earlier(self.period, self.against)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """``start``: first day of the month or quarter. ``is_inside``: within the chosen period."""

    start: date
    summary: Summary
    is_inside: bool


@dataclass(frozen=True, slots=True)
class BreakdownRow:
    """``value``: as in a filter; ``name``: as people call it. ``change``: against the earlier period."""

    value: str
    name: str
    summary: Summary
    standing: Standing
    change: Comparison


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One dimension. Rows stand in the order of the league where there is one, else by number of answers."""

    dimension: Dimension
    league: League
    rows: tuple[BreakdownRow, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    name: str


@dataclass(frozen=True, slots=True)
class NpsReport:
    """``scores``: answers per score 0..10 in the period. ``choices``: what can be filtered by.

    ``has_answers``: there is any answer at all that this person may see, in any period.
    """

    filter: ReportFilter
    summary: Summary
    scores: Scores
    comparison: Comparison
    trend: tuple[TrendPoint, ...]
    breakdowns: tuple[Breakdown, ...]
    choices: dict[Dimension, tuple[Choice, ...]]

    @property
    def has_answers(self) -> bool:
        return any(self.choices.values())


def nps_report(scope: Scope, chosen: ReportFilter, *, trend_months: int = SHORTEST_TREND_MONTHS) -> NpsReport:
    """A constant number of queries, whatever the number of answers, segments and months.

    The trend covers the period and at least ``trend_months`` up to its end.
    """
    asked = Asked(scope, chosen.where, SurveyKind.NPS)
    span = _trend_span(chosen, trend_months)
    tally = count(asked, now=chosen.period, before=chosen.before, trend=span)
    names = names_of_values({*tally.seen, *tally.now, *tally.before})
    overall, breakdowns = _comparisons(asked, tally, names)
    return NpsReport(
        filter=chosen,
        summary=overall.after,
        scores=total(tally.now),
        comparison=overall,
        trend=_trend(tally.by_month, span, chosen),
        breakdowns=breakdowns,
        choices=_choices(tally.seen, names),
    )


def _trend_span(chosen: ReportFilter, months: int) -> Period:
    """Whole months or quarters, also where they reach over the period's ends: part of one under the name of
    the whole would look like a fall in the number of answers."""
    last = first_of_month(chosen.period.last_day)
    start = min(first_of_month(chosen.period.start), shift_months(last, 1 - months))
    if chosen.step is Step.QUARTER:
        return Period(first_of_quarter(start), shift_months(first_of_quarter(last), 3))
    return Period(start, shift_months(last, 1))


def _trend(by_month: ByMonth, span: Period, chosen: ReportFilter) -> tuple[TrendPoint, ...]:
    buckets = _buckets(by_month, span, chosen.step)
    summaries = summarise(counts_from_histogram([scores for _, scores in buckets]))
    length = 3 if chosen.step is Step.QUARTER else 1
    return tuple(
        TrendPoint(first, summary, shift_months(first, length) > chosen.period.start)
        for (first, _), summary in zip(buckets, summaries, strict=True)
    )


def _buckets(by_month: ByMonth, span: Period, step: Step) -> list[tuple[date, Scores]]:
    """Every month or quarter of the span, those without an answer too."""
    found: dict[date, Scores] = {}
    for number in range(month_number(span.start), month_number(span.last_day) + 1):
        month = date(number // 12, number % 12 + 1, 1)
        bucket = first_of_quarter(month) if step is Step.QUARTER else month
        found[bucket] = add(found.get(bucket, NO_SCORES), by_month.get(month, NO_SCORES))
    return sorted(found.items())


def _comparisons(
    asked: Asked, tally: Tally, names: dict[Value, str]
) -> tuple[Comparison, tuple[Breakdown, ...]]:
    """All changes are computed in one go, that of all answers first: each call of the statistics costs more
    than its rows."""
    free = [d for d in (Dimension.PROGRAM, *PAIRED) if d not in asked.where]
    values = [
        value for d in free for value in sorted(v for v in tally.now if v[0] is d and any(tally.now[v]))
    ]
    scores = [total(tally.now), *(tally.now[value] for value in values)]
    past = [total(tally.before), *(tally.before.get(value, NO_SCORES) for value in values)]
    counts = counts_from_histogram(scores)
    overall, *changes = compare_segments(counts_from_histogram(past), counts)
    breakdowns = []
    for dimension in free:
        places = [place for place, (d, _) in enumerate(values) if d is dimension]
        found = league(counts[1:][places], known=[changes[place].after for place in places])
        rows = [
            BreakdownRow(values[place][1], names[values[place]], summary, standing, changes[place])
            for place, summary, standing in zip(places, found.summaries, found.standings, strict=True)
        ]
        if found.ranked:
            rows = [rows[i] for i in found.order]
        else:
            rows.sort(key=lambda row: (-row.summary.n, row.name))
        breakdowns.append(Breakdown(dimension, found, tuple(rows)))
    return overall, tuple(breakdowns)


def _choices(seen: Iterable[Value], names: dict[Value, str]) -> dict[Dimension, tuple[Choice, ...]]:
    found: dict[Dimension, list[Choice]] = {dimension: [] for dimension in Dimension}
    for dimension, value in sorted(seen):
        found[dimension].append(Choice(value, names[dimension, value]))
    return {d: tuple(sorted(choices, key=lambda c: c.name.casefold())) for d, choices in found.items()}
