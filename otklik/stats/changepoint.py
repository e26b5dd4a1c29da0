"""Where the level of a series changed: least-squares segmentation by dynamic programming.

Optimal partitioning: Jackson et al., IEEE Signal Processing Letters 12(2), 2005; the least-squares view: Bai
and Perron, Econometrica 66(1), 1998. Exact (every partition is considered), O(n^2) time, meant for series of
up to a few thousand points. A found change says when, never why.
"""

from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
import numpy.typing as npt

from otklik.stats.nps import Floats, nps, variance, whole_counts


@dataclass(frozen=True, slots=True)
class Segment:
    """Points start <= i < stop of a series with one level."""

    start: int
    stop: int
    mean: float


class NotASeries(ValueError):
    """Values must be one-dimensional and finite, weights positive, points enough for the breaks asked."""


def best_segments(
    values: npt.ArrayLike, *, breaks: int, weights: npt.ArrayLike | None = None, min_size: int = 1
) -> list[Segment]:
    """The partition into breaks + 1 segments with the least residual sum of squares, values (n,)."""
    series, weight = _series(values, weights)
    n = len(series)
    if breaks < 0 or min_size < 1 or n < (breaks + 1) * min_size:
        raise NotASeries(f"{n} points cannot make {breaks + 1} segments of at least {min_size}")
    cost = _Costs(series, weight)
    best = np.concatenate([[0.0], np.full(n, np.inf)])
    came_from = np.zeros((breaks + 1, n + 1), dtype=np.int64)
    for k in range(breaks + 1):
        following = np.full(n + 1, np.inf)
        for stop in range(min_size, n + 1):
            starts = np.arange(0, stop - min_size + 1)
            totals = best[starts] + cost.between(starts, stop)
            came_from[k, stop] = start = int(np.argmin(totals))
            following[stop] = totals[start]
        best = following
    cuts = [n]
    for k in range(breaks, -1, -1):
        cuts.append(int(came_from[k, cuts[-1]]))
    return cost.segments(cuts[::-1])


def segments(
    values: npt.ArrayLike,
    *,
    penalty: float | None = None,
    weights: npt.ArrayLike | None = None,
    min_size: int = 2,
) -> list[Segment]:
    """Segments with the least residual sum of squares + penalty per break, values (n,); [] for no values.

    `weights`: inverse variances up to a factor. `penalty` in squared units of the series; by default 3 ln(n)
    times the noise variance (modified BIC: Zhang and Siegmund, Biometrics 63, 2007), the noise taken from
    neighbouring differences, which a change of level hardly touches (Rice, Annals of Statistics 12, 1984).
    """
    series, weight = _series(values, weights)
    n = len(series)
    if n == 0:
        return []
    per_break = 3 * log(n) * _noise(series, weight) if penalty is None else penalty
    cost = _Costs(series, weight)
    best = np.full(n + 1, np.inf)
    best[0] = -per_break
    came_from = np.zeros(n + 1, dtype=np.int64)
    for stop in range(1, n + 1):
        starts = np.arange(0, max(stop - min_size, 0) + 1)
        totals = best[starts] + cost.between(starts, stop) + per_break
        came_from[stop] = start = int(np.argmin(totals))
        best[stop] = totals[start] if stop >= min_size or stop == n else np.inf
    cuts = [n]
    while cuts[-1] > 0:
        cuts.append(int(came_from[cuts[-1]]))
    return cost.segments(cuts[::-1])


def nps_segments(counts: npt.ArrayLike, *, min_size: int = 2) -> list[Segment]:
    """Stretches of one level in a series of scores (months in order), counts (k, 3); [] for no answers.

    Months weigh by their answers. The noise is that of sampling, or what neighbouring months show if that is
    more (seasons, changing respondents). Months without answers belong to the stretch they fall in. One
    segment = no change seen. In steady series of 24 months fewer than one in twenty shows a false change (in
    the tests).
    """
    people = whole_counts(counts).reshape(-1, 3)
    answers = people.sum(axis=1)
    months = np.flatnonzero(answers)
    if len(months) == 0:
        return []
    scores, weight = nps(people[months]), answers[months].astype(np.float64)
    sampling = float((weight * variance(people[months])).sum() / weight.sum())
    penalty = 3 * log(len(months)) * max(sampling, _noise(scores, weight))
    found = segments(scores, penalty=penalty, weights=weight, min_size=min_size)
    starts = [0, *(int(months[segment.start]) for segment in found[1:])]
    stops = [*starts[1:], len(people)]
    return [Segment(a, b, segment.mean) for a, b, segment in zip(starts, stops, found, strict=True)]


class _Costs:
    """Weighted residual sum of squares of any stretch, from running sums."""

    def __init__(self, series: Floats, weight: Floats) -> None:
        self._centre = float(
            (weight * series).sum() / weight.sum()
        )  # keeps the sums small: less cancellation
        off = series - self._centre
        self._weight = np.concatenate([[0.0], np.cumsum(weight)])
        self._first = np.concatenate([[0.0], np.cumsum(weight * off)])
        self._second = np.concatenate([[0.0], np.cumsum(weight * off**2)])

    def between(self, starts: npt.NDArray[np.int64], stop: int) -> Floats:
        first = self._first[stop] - self._first[starts]
        total = (
            self._second[stop] - self._second[starts] - first**2 / (self._weight[stop] - self._weight[starts])
        )
        return np.asarray(np.maximum(total, 0.0))

    def segments(self, cuts: list[int]) -> list[Segment]:
        found = []
        for start, stop in pairwise(cuts):
            first = self._first[stop] - self._first[start]
            mean = self._centre + first / (self._weight[stop] - self._weight[start])
            found.append(Segment(start, stop, float(mean)))
        return found


def _series(values: npt.ArrayLike, weights: npt.ArrayLike | None) -> tuple[Floats, Floats]:
    series = np.asarray(values, dtype=np.float64)
    weight = np.ones_like(series) if weights is None else np.asarray(weights, dtype=np.float64)
    if series.ndim != 1 or weight.shape != series.shape or not np.isfinite(series).all():
        raise NotASeries("a series is a list of finite numbers, its weights as many")
    if not (np.isfinite(weight) & (weight > 0)).all():
        raise NotASeries("weights of a series must be positive and finite")
    return series, weight


def _noise(series: Floats, weight: Floats) -> float:
    """Variance of a point of weight 1."""
    if len(series) < 2:
        return 0.0
    return float((np.diff(series) ** 2 / (1 / weight[1:] + 1 / weight[:-1])).mean())
