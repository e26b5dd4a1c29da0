"""Two scores: independent samples, the same people twice, and waves that share some of their people.

The default interval is MOVER on Tango limits. It always holds the difference of the two scores on the screen,
agrees with their own intervals, and keeps its coverage where the adjusted Wald interval does not (scores at
opposite ends of the scale, 5 answers each: .92 against .60; in the tests).
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from otklik.stats.intervals import ADJUSTMENT, Interval, tango, tango_at
from otklik.stats.nps import Floats, NotCounts, effective_counts, nps, standard_error, variance, whole_counts
from otklik.stats.special import chi2_sf, find_roots, sign_test_p, two_sided_p, two_sided_z

_CODES = np.array([-1.0, 0.0, 1.0])
_MOVE = _CODES[None, :] - _CODES[:, None]  # row = before, column = after
_PAIRED_ADJUSTMENT = 2 / 9
_LARGEST_Z = 37.0  # beyond it a two-sided p is below 1e-299


@dataclass(frozen=True, slots=True)
class Difference:
    """after - before on the scale [-1, 1] of a score, so within [-2, 2]; `interval` is not clipped.

    With a standard error of 0: z is 0 and p 1 when the estimate is 0, else z is infinite and p 0.
    """

    estimate: float
    standard_error: float
    z: float
    p_value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Moves:
    """People who answered twice and changed category; exact two-sided sign test of up against down."""

    up: int
    down: int
    p_value: float


@dataclass(frozen=True, slots=True)
class ChiSquare:
    chi2: float
    df: int
    p_value: float


def independent(
    before: npt.ArrayLike, after: npt.ArrayLike, *, adjusted: bool = False, level: float = 0.95
) -> Difference:
    """Wald comparison of two independent samples, counts (3,): d +- z sqrt(var1 / n1 + var2 / n2).

    `adjusted` adds (0.75, 1.5, 0.75) to each first (Sauro and Lewis, MeasuringU), which shrinks d too.
    """
    first, second = _answered(before), _answered(after)
    if adjusted:
        first, second = first + np.array(ADJUSTMENT), second + np.array(ADJUSTMENT)
    error = sqrt(float(standard_error(first)) ** 2 + float(standard_error(second)) ** 2)
    return _difference(float(nps(second) - nps(first)), error, level)


def mover(
    before: npt.ArrayLike, after: npt.ArrayLike, *, correlation: npt.ArrayLike = 0.0, level: float = 0.95
) -> Floats:
    """Intervals (k, 2) of after - before for counts (k, 3) each, from the two Tango intervals.

    Low = d - sqrt((s2 - l2)^2 + (u1 - s1)^2 - 2 r (s2 - l2)(u1 - s1)), high likewise with u2 and l1.
    Newcombe, Statistics in Medicine 17, 1998, pp. 873-890 and 2635-2650; Zou and Donner, ibid. 27, 2008, pp.
    1693-1702. `correlation` r of the two scores, (k,) or one number. Counts may be effective counts. nan
    where a side is empty.
    """
    first, second = effective_counts(before).reshape(-1, 3), effective_counts(after).reshape(-1, 3)
    limits = tango(first, level=level), tango(second, level=level)
    margins = _margins(first, second, *limits, np.asarray(correlation, dtype=np.float64))
    difference = nps(second) - nps(first)
    return np.stack([difference - margins[0], difference + margins[1]], axis=-1)


def mover_p(before: npt.ArrayLike, after: npt.ArrayLike, *, correlation: npt.ArrayLike = 0.0) -> Floats:
    """Two-sided p-values (k,) that belong to `mover`: 1 - level at which its interval just touches 0."""
    first, second = effective_counts(before).reshape(-1, 3), effective_counts(after).reshape(-1, 3)
    r = np.asarray(correlation, dtype=np.float64)
    difference = nps(second) - nps(first)
    answered = np.isfinite(difference)

    def beyond(z: Floats) -> Floats:
        limits = tango_at(first, z), tango_at(second, z)
        low, high = _margins(first, second, *limits, r)
        return np.where(answered, np.abs(difference) - np.where(difference > 0, low, high), 0.0)

    smallest = np.full(len(difference), 1e-6)
    z = find_roots(beyond, smallest, np.full(len(difference), _LARGEST_Z), tolerance=1e-9)
    p = np.where(difference == 0, 1.0, two_sided_p(z))
    return np.where(answered, p, np.nan)


def paired(both: npt.ArrayLike, *, adjusted: bool = False, level: float = 0.95) -> Difference:
    """The same people twice: table (3, 3), rows = category before, columns = after; n > 0.

    Each person's move m is -2..2: d = mean m, SE^2 = (mean m^2 - d^2) / n, the variance of a matched
    difference. `adjusted` adds 2 pseudo-people spread evenly over the nine cells (as Agresti and Min,
    Statistics in Medicine 24, 2005, pp. 729-740, do for a 2 x 2 table), so that an interval has width where
    nobody moved; it shrinks d.
    """
    table = _pair_table(both).astype(np.float64) + (_PAIRED_ADJUSTMENT if adjusted else 0.0)
    n = float(table.sum())
    mean = float((table * _MOVE).sum()) / n
    square = float((table * _MOVE**2).sum()) / n
    return _difference(mean, sqrt(max(square - mean**2, 0.0) / n), level)


def moves(both: npt.ArrayLike) -> Moves:
    """Who moved up or down among those who answered twice; table as in `paired`."""
    table = _pair_table(both)
    up, down = int(table[_MOVE > 0].sum()), int(table[_MOVE < 0].sum())
    return Moves(up, down, sign_test_p(up, down))


def stuart_maxwell(both: npt.ArrayLike) -> ChiSquare:
    """Have the shares of the three categories changed at all? Table as in `paired`.

    chi2 = d' S^-1 d with d the differences of the margins; Stuart, Biometrika 42, 1955; Maxwell, British
    Journal of Psychiatry 116, 1970. Categories without moves drop out (df falls); nobody moved: chi2 0, df 0,
    p 1.
    """
    table = _pair_table(both).astype(np.float64)
    out, into = table.sum(axis=1), table.sum(axis=0)
    off = out - into
    covariance = np.diag(out + into) - table - table.T
    rank = int(np.linalg.matrix_rank(covariance))
    if rank == 0:
        return ChiSquare(0.0, 0, 1.0)
    chi2 = float(off @ np.linalg.pinv(covariance, hermitian=True) @ off)
    return ChiSquare(chi2, rank, chi2_sf(chi2, rank))


def bhapkar(both: npt.ArrayLike) -> ChiSquare:
    """As `stuart_maxwell`, the variance not held at the null: SM / (1 - SM / n); Bhapkar, JASA 61, 1966."""
    symmetric = stuart_maxwell(both)
    left = 1 - symmetric.chi2 / float(_pair_table(both).sum())
    if symmetric.df == 0:
        return symmetric
    chi2 = symmetric.chi2 / left if left > 1e-12 else float("inf")
    return ChiSquare(chi2, symmetric.df, chi2_sf(chi2, symmetric.df) if left > 1e-12 else 0.0)


def overlap_standard_error(
    variance_before: float, n_before: int, variance_after: float, n_after: int, covariance: float, n_both: int
) -> float:
    """SE of after - before when n_both people are in both waves, from (co)variances of one answer (-1, 0, 1).

    SE^2 = v1 / n1 + v2 / n2 - 2 cov n_both / (n1 n2).
    """
    shared = 2 * covariance * n_both / (n_before * n_after)
    return sqrt(max(variance_before / n_before + variance_after / n_after - shared, 0.0))


def overlapping(
    before: npt.ArrayLike, after: npt.ArrayLike, both: npt.ArrayLike, *, level: float = 0.95
) -> Difference:
    """Wald comparison of waves sharing people: counts (3,) of each in full, their shared table (3, 3)."""
    first, second, table = _answered(before), _answered(after), _shared_table(before, after, both)
    error = overlap_standard_error(
        float(variance(first)), int(first.sum()),
        float(variance(second)), int(second.sum()),
        _covariance(table), int(table.sum()),
    )  # fmt: skip
    return _difference(float(nps(second) - nps(first)), error, level)


def overlap_correlation(before: npt.ArrayLike, after: npt.ArrayLike, both: npt.ArrayLike) -> float:
    """Correlation of the two scores, for `mover`: rho n_both / sqrt(n1 n2).

    rho is taken from the shared table with 2 pseudo-people spread over its cells, so that a handful of people
    who all stayed where they were does not count as certainty.
    """
    table = _shared_table(before, after, both)
    if table.sum() == 0:
        return 0.0
    smoothed = table + _PAIRED_ADJUSTMENT
    spread = float(variance(smoothed.sum(axis=1)) * variance(smoothed.sum(axis=0)))
    n1, n2 = float(_answered(before).sum()), float(_answered(after).sum())
    return _covariance(smoothed) / sqrt(spread) * float(table.sum()) / sqrt(n1 * n2)


def _difference(estimate: float, error: float, level: float) -> Difference:
    half = two_sided_z(level) * error
    certain = 0.0 if estimate == 0 else float(np.copysign(np.inf, estimate))
    z = estimate / error if error > 0 else certain
    return Difference(estimate, error, z, float(two_sided_p(z)), Interval(estimate - half, estimate + half))


def _margins(
    first: Floats, second: Floats, limits1: Floats, limits2: Floats, r: Floats
) -> tuple[Floats, Floats]:
    """How far the interval of the difference reaches below and above it."""
    score1, score2 = nps(first), nps(second)
    below1, above1 = score1 - limits1[:, 0], limits1[:, 1] - score1
    below2, above2 = score2 - limits2[:, 0], limits2[:, 1] - score2
    low = below2**2 + above1**2 - 2 * r * below2 * above1
    high = above2**2 + below1**2 - 2 * r * above2 * below1
    return np.sqrt(np.maximum(low, 0.0)), np.sqrt(np.maximum(high, 0.0))


def _covariance(table: Floats) -> float:
    """Of a person's answer before and after, population form; 0 for an empty table."""
    n = float(table.sum())
    if n == 0:
        return 0.0
    before, after = table.sum(axis=1) @ _CODES / n, table.sum(axis=0) @ _CODES / n
    return float(_CODES @ table @ _CODES / n - before * after)


def _answered(counts: npt.ArrayLike) -> Floats:
    values = effective_counts(counts)
    if values.shape != (3,) or values.sum() <= 0:
        raise NotCounts("a comparison needs counts of shape (3,) with answers on both sides")
    return values


def _pair_table(both: npt.ArrayLike) -> npt.NDArray[np.int64]:
    table = whole_counts(both)
    if table.shape != (3, 3) or table.sum() <= 0:
        raise NotCounts("people who answered twice need a table of shape (3, 3) with somebody in it")
    return table


def _shared_table(before: npt.ArrayLike, after: npt.ArrayLike, both: npt.ArrayLike) -> Floats:
    table = whole_counts(both)
    if table.shape != (3, 3):
        raise NotCounts("people who answered twice need a table of shape (3, 3)")
    if (table.sum(axis=1) > whole_counts(before)).any() or (table.sum(axis=0) > whole_counts(after)).any():
        raise NotCounts("people who answered twice must be among the answers of both waves")
    return table.astype(np.float64)
