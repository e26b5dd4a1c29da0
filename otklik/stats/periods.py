"""Two periods or waves of one segment: may one say that the score changed? "Cannot tell" is an answer."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from otklik.stats.compare import Moves, mover, mover_p, moves, overlap_correlation, paired
from otklik.stats.intervals import Interval, Method
from otklik.stats.nps import NotCounts, effective_counts, whole_counts
from otklik.stats.power import smallest_visible
from otklik.stats.shrinkage import Prior
from otklik.stats.special import two_sided_z
from otklik.stats.summary import Kind, Summary, of_population, one_segment, summarise, summarise_one

WORTH_NOTICING = 0.10


class Verdict(StrEnum):
    UP = "up"
    DOWN = "down"
    NO_DIFFERENCE_SEEN = "no_difference_seen"
    CANNOT_TELL = "cannot_tell"


class Reason(StrEnum):
    """Why a comparison cannot tell."""

    TOO_FEW_ANSWERS = "too_few_answers"
    INTERVAL_TOO_WIDE = "interval_too_wide"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Later against earlier, on [-1, 1]; `difference` = after - before.

    `difference`, `interval`, `p_value` are None when either side has too few answers. When both sides are
    counts (everybody answered) the difference is a fact: `interval` and `p_value` are None and the verdict is
    its sign. `smallest_visible`: the true change these numbers of answers would show 4 times out of 5 (None
    when too few). `moved`: people who answered both times and changed category, with the exact sign test;
    None unless `both` had people in it. `worth_noticing`: the change the caller would act on.
    """

    before: Summary
    after: Summary
    difference: float | None
    interval: Interval | None
    p_value: float | None
    verdict: Verdict
    reason: Reason | None
    smallest_visible: float | None
    moved: Moves | None
    worth_noticing: float


def compare_periods(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    *,
    both: npt.ArrayLike | None = None,
    population_before: int | None = None,
    population_after: int | None = None,
    effective_before: npt.ArrayLike | None = None,
    effective_after: npt.ArrayLike | None = None,
    prior: Prior | None = None,
    level: float = 0.95,
    method: Method = Method.TANGO,
    worth_noticing: float = WORTH_NOTICING,
) -> Comparison:
    """Two periods (or waves) of one segment, counts of shape (3,) each.

    `both`: (3, 3) table of the people who answered both times, rows = category before, columns = after; their
    answers are in `before` and `after` too. Without it the two are taken as independent samples.
    `population_*`, `effective_*`, `prior`: as in `summarise`.
    up / down: the interval of the difference excludes 0. no_difference_seen: it includes 0 and lies within
    +-worth_noticing. cannot_tell: it includes 0 and a change worth noticing, or answers are too few.
    The interval is MOVER (`compare.mover`), or that of the moves (`compare.paired`, adjusted) where the same
    people, and only they, answered both times.
    """
    earlier = summarise_one(
        before,
        population=population_before,
        effective=effective_before,
        prior=prior,
        level=level,
        method=method,
    )
    later = summarise_one(
        after, population=population_after, effective=effective_after, prior=prior, level=level, method=method
    )
    moved = None if both is None or not np.any(both) else moves(both)
    plain = (
        effective_before is None and effective_after is None and earlier.kind is later.kind is Kind.ESTIMATE
    )
    if both is not None and moved and plain and _same_people(before, after, both):
        found = paired(both, adjusted=True, level=level)
        return _comparison(earlier, later, found.interval, found.p_value, moved, worth_noticing)
    first = of_population(one_segment(before), [population_before], _row(effective_before))
    second = of_population(one_segment(after), [population_after], _row(effective_after))
    correlation = 0.0 if both is None else overlap_correlation(before, after, both)
    (limits,) = mover(first, second, correlation=correlation, level=level).tolist()
    (p_value,) = mover_p(first, second, correlation=correlation).tolist()
    return _comparison(earlier, later, Interval(*limits), p_value, moved, worth_noticing)


def compare_segments(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    *,
    effective_before: npt.ArrayLike | None = None,
    effective_after: npt.ArrayLike | None = None,
    prior: Prior | None = None,
    level: float = 0.95,
    method: Method = Method.TANGO,
    worth_noticing: float = WORTH_NOTICING,
) -> list[Comparison]:
    """`compare_periods` for k segments at once, counts (k, 3) each, taken as independent samples."""
    earlier = summarise(before, effective=effective_before, prior=prior, level=level, method=method)
    later = summarise(after, effective=effective_after, prior=prior, level=level, method=method)
    if len(earlier) != len(later):
        raise NotCounts(f"{len(earlier)} segments before but {len(later)} after")
    first = effective_counts(before if effective_before is None else effective_before)
    second = effective_counts(after if effective_after is None else effective_after)
    limits = mover(first, second, level=level).tolist()
    p_values = mover_p(first, second).tolist()
    rows = zip(earlier, later, limits, p_values, strict=True)
    return [_comparison(a, b, Interval(*pair), p, None, worth_noticing) for a, b, pair, p in rows]


def _row(effective: npt.ArrayLike | None) -> npt.ArrayLike | None:
    return None if effective is None else effective_counts(effective)[None]


def _same_people(before: npt.ArrayLike, after: npt.ArrayLike, both: npt.ArrayLike) -> bool:
    table = whole_counts(both)
    if table.shape != (3, 3):
        raise NotCounts("people who answered twice need a table of shape (3, 3)")
    return bool(
        (table.sum(axis=1) == whole_counts(before)).all() and (table.sum(axis=0) == whole_counts(after)).all()
    )


def _comparison(
    before: Summary,
    after: Summary,
    limits: Interval,
    p_value: float,
    moved: Moves | None,
    worth_noticing: float,
) -> Comparison:
    if before.nps is None or after.nps is None:
        return Comparison(
            before,
            after,
            difference=None,
            interval=None,
            p_value=None,
            verdict=Verdict.CANNOT_TELL,
            reason=Reason.TOO_FEW_ANSWERS,
            smallest_visible=None,
            moved=moved,
            worth_noticing=worth_noticing,
        )
    difference = after.nps - before.nps
    fact = before.kind is Kind.COUNT and after.kind is Kind.COUNT
    interval = (
        Interval(difference, difference) if fact else Interval(max(limits.low, -2.0), min(limits.high, 2.0))
    )
    verdict = _verdict(interval, worth_noticing)
    half_width = (interval.high - interval.low) / 2
    return Comparison(
        before,
        after,
        difference=difference,
        interval=None if fact else interval,
        p_value=None if fact else p_value,
        verdict=verdict,
        reason=Reason.INTERVAL_TOO_WIDE if verdict is Verdict.CANNOT_TELL else None,
        smallest_visible=smallest_visible(half_width / two_sided_z(before.level), level=before.level),
        moved=moved,
        worth_noticing=worth_noticing,
    )


def _verdict(interval: Interval, worth_noticing: float) -> Verdict:
    if interval.low > 0:
        return Verdict.UP
    if interval.high < 0:
        return Verdict.DOWN
    if max(-interval.low, interval.high) < worth_noticing:
        return Verdict.NO_DIFFERENCE_SEEN
    return Verdict.CANNOT_TELL
