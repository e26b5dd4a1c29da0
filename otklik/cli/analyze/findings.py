"""What the statistics say about a tally: the score, its segments, its course over time, and the difference to
before.

All figures stay on [-1, 1] here, as in `stats`; those who print turn them into -100..100.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from otklik.cli.analyze.errors import PopulationTooSmall
from otklik.cli.analyze.tally import Days, Question, Segment, Skipped, Sums, Tally
from otklik.kit.tabular import DateOrder, Order
from otklik.stats.changepoint import nps_segments
from otklik.stats.nps import Floats
from otklik.stats.shrinkage import Prior, fit_prior
from otklik.stats.verdicts import (
    TOO_FEW_ANSWERS,
    Comparison,
    League,
    Standing,
    Summary,
    Verdict,
    compare_periods,
    league,
    summarise,
)
from otklik.stats.weights import weighted, weighted_effective

MOST_MONTHS = 36
MOST_QUARTERS = 40
FEWEST_PERIODS = 4
_SCARCE = 30


class Bucket(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Breakdown:
    """One way to cut the answers: segments in the order to show them, and whether they differ at all."""

    by: tuple[str, ...]
    keys: tuple[Segment, ...]
    summaries: tuple[Summary, ...]
    standings: tuple[Standing, ...]
    league: League

    def largest(self, most: int) -> list[int]:
        """Positions of the segments with the most answers, in the order they are shown."""
        by_size = sorted(range(len(self.keys)), key=lambda at: -self.summaries[at].n)
        return sorted(by_size[:most])


@dataclass(frozen=True)
class Period:
    """Answers from `start` up to, not including, `stop`."""

    start: dt.date
    stop: dt.date
    summary: Summary


@dataclass(frozen=True)
class Trend:
    """`changes` are positions of the periods that begin a new level; `last_change` compares the last two
    levels.
    """

    bucket: Bucket
    periods: tuple[Period, ...]
    changes: tuple[int, ...]
    last_change: Comparison | None
    verdict: Verdict
    order: Order
    evidence: DateOrder
    skipped: Skipped


@dataclass(frozen=True)
class Findings:
    tally: Tally
    overall: Summary
    n_effective: float | None
    breakdowns: tuple[Breakdown, ...]
    trend: Trend | None
    previous: Tally | None
    comparison: Comparison | None


def find(
    tally: Tally, question: Question, *, population: int | None = None, previous: Tally | None = None
) -> Findings:
    """Raises `PopulationTooSmall`."""
    if population is not None and population < tally.total.n:
        raise PopulationTooSmall(population, tally.total.n)
    is_weighted = question.weight is not None
    (overall,) = _summaries([tally.total], is_weighted, population=population)
    cuts = zip(question.by, tally.segments, strict=True)
    return Findings(
        tally=tally,
        overall=overall,
        n_effective=_n_effective(tally.total) if is_weighted else None,
        breakdowns=tuple(_breakdown(columns, segments, is_weighted) for columns, segments in cuts),
        trend=None if tally.days is None else _trend(tally.days, question.date_order, is_weighted),
        previous=previous,
        comparison=None
        if previous is None
        else _compared(previous.total, tally.total, is_weighted, population),
    )


def _compared(before: Sums, after: Sums, is_weighted: bool, population: int | None) -> Comparison:
    return compare_periods(
        before.people,
        after.people,
        population_after=population,
        effective_before=_effective([before])[0] if is_weighted else None,
        effective_after=_effective([after])[0] if is_weighted else None,
    )


def _effective(sums: Sequence[Sums]) -> Floats:
    """Effective counts (k, 3) of weighted answers."""
    people, weights = [each.people for each in sums], [each.weights for each in sums]
    return weighted_effective(people, weights, [each.squares for each in sums])


def _summaries(
    sums: Sequence[Sums], is_weighted: bool, *, population: int | None = None, prior: Prior | None = None
) -> list[Summary]:
    people = [each.people for each in sums]
    effective = _effective(sums) if is_weighted else None
    return summarise(people, population=population, prior=prior, effective=effective)


def _n_effective(sums: Sums) -> float:
    return weighted(sums.people, sums.weights, sums.squares).n_effective


def _breakdown(columns: tuple[str, ...], segments: dict[Segment, Sums], is_weighted: bool) -> Breakdown:
    keys = sorted(segments, key=_natural)
    found = league([segments[key].people for key in keys])
    summaries = _summaries([segments[key] for key in keys], is_weighted, prior=found.prior)
    order = found.order or range(len(keys))
    return Breakdown(
        columns,
        tuple(keys[at] for at in order),
        tuple(summaries[at] for at in order),
        tuple(found.standings[at] for at in order),
        found,
    )


def _natural(key: Segment) -> list[tuple[bool, list[tuple[bool, int, str]]]]:
    """Blank last, numbers by size: 2 before 10."""
    return [
        (
            value is None,
            [
                # Not isdigit() alone: "²" is a digit that int() does not read.
                (False, int(part), part) if part.isascii() and part.isdigit() else (True, 0, part)
                for part in _parts(value or "")
            ],
        )
        for value in key
    ]


def _parts(value: str) -> list[str]:
    return [part for part in re.split(r"([0-9]+)", value.casefold()) if part]


def _trend(days: Days, wanted: Order | None, is_weighted: bool) -> Trend | None:
    order = wanted or days.evidence.order
    by_day = days.by_day[order]
    if not by_day:
        return None
    bucket = _bucket(by_day)
    buckets: dict[dt.date, Sums] = {}
    start, last = _start(min(by_day), bucket), max(by_day)
    while start <= last:
        buckets[start] = Sums()
        start = _next(start, bucket)
    for day, sums in by_day.items():
        buckets[_start(day, bucket)].include(sums)
    people = [sums.people for sums in buckets.values()]
    summaries = _summaries(list(buckets.values()), is_weighted, prior=fit_prior(people))
    periods = [
        Period(start, _next(start, bucket), each) for start, each in zip(buckets, summaries, strict=True)
    ]
    changes, last_change, verdict = _changes(people)
    skipped = days.skipped[order]
    return Trend(bucket, tuple(periods), changes, last_change, verdict, order, days.evidence, skipped)


def _changes(people: list[list[int]]) -> tuple[tuple[int, ...], Comparison | None, Verdict]:
    """Where a new level begins, the comparison of the last two levels, and what may be said.

    Without a change of level the verdict compares the first half of the periods with the second: "no
    difference seen" needs enough answers to have seen one.
    """
    answered = [at for at, counts in enumerate(people) if sum(counts) >= TOO_FEW_ANSWERS]
    if len(answered) < FEWEST_PERIODS:
        return (), None, Verdict.CANNOT_TELL
    levels = nps_segments(people)
    if len(levels) > 1:
        before, after = (_pooled(people[level.start : level.stop]) for level in levels[-2:])
        comparison = compare_periods(before, after)
        return tuple(level.start for level in levels[1:]), comparison, comparison.verdict
    middle = answered[len(answered) // 2]
    halves = compare_periods(_pooled(people[:middle]), _pooled(people[middle:]))
    is_steady = halves.verdict is Verdict.NO_DIFFERENCE_SEEN
    return (), None, Verdict.NO_DIFFERENCE_SEEN if is_steady else Verdict.CANNOT_TELL


def _pooled(people: list[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*people, strict=True)]


def _bucket(by_day: dict[dt.date, Sums]) -> Bucket:
    """Months while they are not too many nor too empty, then quarters, then years."""
    first, last = min(by_day), max(by_day)
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    answers = sum(sums.n for sums in by_day.values())
    if months <= MOST_MONTHS and (months < 12 or answers / months >= _SCARCE / 2):
        return Bucket.MONTH
    return Bucket.QUARTER if months <= 3 * MOST_QUARTERS else Bucket.YEAR


def _start(day: dt.date, bucket: Bucket) -> dt.date:
    month = {Bucket.MONTH: day.month, Bucket.QUARTER: (day.month - 1) // 3 * 3 + 1, Bucket.YEAR: 1}[bucket]
    return dt.date(day.year, month, 1)


def _next(start: dt.date, bucket: Bucket) -> dt.date:
    months = {Bucket.MONTH: 1, Bucket.QUARTER: 3, Bucket.YEAR: 12}[bucket]
    return dt.date(start.year + (start.month - 1 + months) // 12, (start.month - 1 + months) % 12 + 1, 1)
