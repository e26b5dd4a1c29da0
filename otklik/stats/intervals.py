"""Confidence intervals of one score, for many segments at once.

Default: Tango's score interval. NPS is the difference of two shares of one sample, the same quantity as the
difference of paired proportions (c - b) / n, so Tango, "Equivalence test and confidence interval for the
difference in proportions for the paired-sample design", Statistics in Medicine 17, 1998, pp. 891-908 applies
as it stands; Rocks (2016) reaches the same interval as his "iterative" one. It keeps its coverage from 5
answers up (worst cell .912 for n = 5..60, enumerated in the tests), stays inside [-1, 1] and has width where
everybody agrees; Wald does neither.

Counts may be effective counts (fractions) from `weights`.
"""

from enum import StrEnum
from math import log, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from otklik.stats.nps import Floats, NotCounts, effective_counts, nps, standard_error
from otklik.stats.special import find_roots, two_sided_z

ADJUSTMENT = (0.75, 1.5, 0.75)
_CHUNK = 4096  # rows solved together: small enough for the processor's cache


class Interval(NamedTuple):
    low: float
    high: float


class Method(StrEnum):
    TANGO = "tango"
    ADJUSTED_WALD = "adjusted_wald"
    WALD = "wald"
    GOODMAN = "goodman"


def intervals(counts: npt.ArrayLike, *, method: Method = Method.TANGO, level: float = 0.95) -> Floats:
    """Intervals (..., 2) on [-1, 1] for counts (..., 3), clipped for display; nan where nobody answered.

    100,000 segments take under 0.5 s. Raises NotCounts, NotALevel.
    """
    compute = {
        Method.TANGO: tango,
        Method.ADJUSTED_WALD: adjusted_wald,
        Method.WALD: wald,
        Method.GOODMAN: goodman,
    }
    return np.asarray(np.clip(compute[Method(method)](counts, level=level), -1.0, 1.0))


def interval(counts: npt.ArrayLike, *, method: Method = Method.TANGO, level: float = 0.95) -> Interval | None:
    """Interval of one segment, counts (3,), clipped for display; None where nobody answered."""
    limits = intervals(counts, method=method, level=level)
    if limits.shape != (2,):
        raise NotCounts("one segment has counts of shape (3,); `intervals` takes many")
    low, high = limits.tolist()
    return None if low != low else Interval(low, high)


def wald(counts: npt.ArrayLike, *, level: float = 0.95) -> Floats:
    """NPS +- z sqrt(var / n), (..., 2), not clipped. Covers as little as .40: to compare with other tools.

    Zero width where all answers are of one kind, which is wrong and is why it is not the default.
    """
    return _around(nps(counts), two_sided_z(level) * standard_error(counts))


def adjusted_wald(counts: npt.ArrayLike, *, level: float = 0.95) -> Floats:
    """Wald after adding 3 pseudo-answers (0.75, 1.5, 0.75), (..., 2), not clipped: may pass +-1.

    Rocks (2016), after Agresti and Coull. Its centre is shrunk towards 0; below level .9 and with answers of
    one kind only it can miss the score itself.
    """
    values = effective_counts(counts)
    adjusted = wald(values + np.array(ADJUSTMENT), level=level)
    return np.where(values.sum(axis=-1, keepdims=True) > 0, adjusted, np.nan)


def goodman(counts: npt.ArrayLike, *, level: float = 0.95) -> Floats:
    """Simultaneous interval for all contrasts of the three shares, (..., 2), not clipped.

    Goodman, Annals of Mathematical Statistics 35(2), 1964: z is replaced by sqrt(chi2 quantile, 2 df), which
    is sqrt(-2 ln(1 - level)) = 2.447747 at .95. Too wide for the one contrast NPS is, and zero at the same
    places as Wald.
    """
    two_sided_z(level)  # the same refusal of impossible levels
    return _around(nps(counts), sqrt(-2 * log(1 - level)) * standard_error(counts))


def tango(counts: npt.ArrayLike, *, level: float = 0.95) -> Floats:
    """Tango's score interval (..., 2): all true scores s with |NPS - s| <= z sqrt(V(s) / n).

    V(s) is the variance under the most likely shares that have score s. Limits are exact roots (1e-12), found
    for all segments at once. Where all answers are of one kind the limits have closed forms: with h = z^2 /
    (n + z^2), promoters only (1 - 2h, 1), detractors only (-1, 2h - 1), passives only (-h, h). nan where
    nobody answered.
    """
    return tango_at(counts, two_sided_z(level))


def tango_at(counts: npt.ArrayLike, z: npt.ArrayLike) -> Floats:
    """`tango` for given normal deviates z > 0, one number or one per segment, shape (...,)."""
    values = effective_counts(counts)
    flat = values.reshape(-1, 3)
    deviates = np.broadcast_to(np.asarray(z, dtype=np.float64), values.shape[:-1]).reshape(-1)
    answers = flat.sum(axis=1)
    limits = np.full((len(flat), 2), np.nan)
    answered = np.flatnonzero(answers > 0)
    for first in range(0, len(answered), _CHUNK):
        rows = answered[first : first + _CHUNK]
        shares = flat[rows] / answers[rows, None]
        scale = deviates[rows] / np.sqrt(answers[rows])
        limits[rows, 0] = _lower_limit(shares[:, 0], shares[:, 2], scale)
        limits[rows, 1] = -_lower_limit(shares[:, 2], shares[:, 0], scale)
    return limits.reshape(*values.shape[:-1], 2)


def _around(centre: Floats, half_width: Floats) -> Floats:
    return np.stack([centre - half_width, centre + half_width], axis=-1)


def _lower_limit(detractors: Floats, promoters: Floats, scale: Floats) -> Floats:
    """Shares, and scale = z / sqrt(n), (k,). The upper limit is this one, roles swapped and sign turned."""
    score = promoters - detractors

    def excess(s: Floats) -> Floats:
        return np.asarray(score - s - scale * np.sqrt(_null_variance(s, detractors, promoters)))

    found = find_roots(excess, np.full_like(score, -1.0), score)
    # All promoters, or all passives: the score itself is a root too, and not the one wanted.
    step = scale**2 / (1 + scale**2)
    found = np.where(promoters == 1, 1 - 2 * step, found)
    return np.where((detractors == 0) & (promoters == 0), -step, found)


def _null_variance(s: Floats, detractors: Floats, promoters: Floats) -> Floats:
    """Variance of one answer at the maximum-likelihood shares whose score is s.

    The share q of detractors there is the larger root of 2q^2 + Bq - C = 0 with C = detractors s (1 - s),
    written so that nothing cancels; that of promoters is q + s, hence the variance 2q + s - s^2.
    """
    b = (2 - promoters + detractors) * s - promoters - detractors
    c = detractors * s * (1 - s)
    root = np.sqrt(np.maximum(b * b + 8 * c, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        q = np.where(b > 0, np.where(c == 0, 0.0, 2 * c / (b + root)), (root - b) / 4)
    q = np.clip(q, np.maximum(0.0, -s), (1 - s) / 2)
    return np.maximum(2 * q + s * (1 - s), 0.0)
