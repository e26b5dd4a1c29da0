"""Counts of detractors, passives and promoters, and the score they give.

Every figure of NPS is a function of three counts, so counts are what travels: one `Counts`, or an array whose
last axis is (detractors, passives, promoters). Source of the variance: Rocks, "Interval Estimation for the
Net Promoter Score", The American Statistician 70(4), 2016, pp. 365-372.
"""

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]

LAST_DETRACTOR_SCORE = 6
LAST_PASSIVE_SCORE = 8
HIGHEST_SCORE = 10


class Counts(NamedTuple):
    """Answers of one segment; the order is the order of every count array in `stats`."""

    detractors: int
    passives: int
    promoters: int

    @property
    def answers(self) -> int:
        return self.detractors + self.passives + self.promoters


class NotCounts(ValueError):
    """Not a set of counts: wrong shape, negative, not finite, or (where people are meant) not whole."""


def effective_counts(values: npt.ArrayLike) -> Floats:
    """Counts as floats of shape (..., 3); fractions are allowed, because weights make effective counts.

    Raises NotCounts, naming the first bad row.
    """
    try:
        counts = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise NotCounts(f"counts are not numbers: {error}") from error
    if counts.size == 0 and counts.ndim <= 1:
        return np.zeros((0, 3))
    if counts.ndim == 0 or counts.shape[-1] != 3:
        raise NotCounts(f"counts need a last axis of 3 (detractors, passives, promoters), not {counts.shape}")
    bad = ~np.isfinite(counts) | (counts < 0)
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0][:-1])
        raise NotCounts(f"counts must be finite and not negative; row {where} is {counts[where].tolist()}")
    return counts


def whole_counts(values: npt.ArrayLike) -> Integers:
    """Counts of people: int64 of shape (..., 3). Raises NotCounts for fractions too."""
    counts = effective_counts(values)
    if (counts != np.floor(counts)).any():
        raise NotCounts("counts of people are whole numbers; for weighted answers pass effective counts")
    return counts.astype(np.int64)


def counts_from_scores(scores: npt.ArrayLike) -> Counts:
    """Counts from answers 0..10, whole numbers; skip missing ones before. Raises NotCounts."""
    given = np.asarray(scores)
    if given.size == 0:
        return Counts(0, 0, 0)
    if given.dtype.kind not in "iuf" or not np.isin(given, np.arange(HIGHEST_SCORE + 1)).all():
        raise NotCounts("scores are whole numbers from 0 to 10")
    histogram = np.bincount(given.astype(np.int64).ravel(), minlength=HIGHEST_SCORE + 1)
    detractors, passives, promoters = (int(count) for count in counts_from_histogram(histogram))
    return Counts(detractors, passives, promoters)


def counts_from_histogram(histogram: npt.ArrayLike) -> Integers:
    """Counts (..., 3) from the number of answers per score, shape (..., 11) for the scores 0..10."""
    answers = np.asarray(histogram)
    if answers.ndim == 0 or answers.shape[-1] != HIGHEST_SCORE + 1:
        raise NotCounts(f"a score histogram has a last axis of 11, not {answers.shape}")
    edges = (0, LAST_DETRACTOR_SCORE + 1, LAST_PASSIVE_SCORE + 1)
    return whole_counts(np.add.reduceat(answers, edges, axis=-1))


def nps(counts: npt.ArrayLike) -> Floats:
    """NPS = (promoters - detractors) / n on [-1, 1], shape (...,); nan where nobody answered."""
    values = effective_counts(counts)
    answers = values.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((values[..., 2] - values[..., 0]) / answers)


def variance(counts: npt.ArrayLike) -> Floats:
    """Variance of one answer coded -1, 0, 1: pP + pD - (pP - pD)^2, shape (...,); nan where nobody answered.

    Population form (divided by n, not n - 1), as in Rocks (2016). In [0, 1]; 0 when all answers are of one
    kind.
    """
    values = effective_counts(counts)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = values / values.sum(axis=-1, keepdims=True)
    passives = shares[..., 1]
    # pP + pD - (pP - pD)^2 written without the cancellation that bites when nearly everybody is of one kind
    return np.asarray(passives * (1 - passives) + 4 * shares[..., 0] * shares[..., 2])


def standard_error(counts: npt.ArrayLike) -> Floats:
    """sqrt(variance / n) on the scale of the score, shape (...,); nan where nobody answered.

    For answers drawn from a large population; `weights` has the forms for a finite one, weights and accounts.
    """
    values = effective_counts(counts)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.sqrt(variance(values) / values.sum(axis=-1)))


def points(score: float) -> float:
    """A score on [-1, 1] as the -100..100 people read."""
    return 100.0 * score
