"""How many answers it takes, and what a number of answers can show. Scores on [-1, 1]: 10 points are 0.10."""

from collections.abc import Callable
from math import ceil, erfc, inf, sqrt

import numpy as np

from otklik.stats.nps import Floats
from otklik.stats.shrinkage import Prior, posterior_quantile
from otklik.stats.special import log_gamma, normal_quantile, two_sided_z

WORST_VARIANCE = 1.0  # half promoters, half detractors
EVEN_VARIANCE = 0.67  # a third of each, as the published tables round 2/3
_EXACT_HPD_ANSWERS = 250
_TAIL_SPLITS = 7


class NotPlannable(ValueError):
    """Half-widths, differences, variances, powers and populations must be positive and finite."""


def sample_size(
    half_width: float, *, level: float = 0.95, variance: float = WORST_VARIANCE, population: int | None = None
) -> int:
    """Answers for an interval of NPS +- half_width: n0 = z^2 var / h^2 - 3, rounded up; at least 1.

    Inverts the adjusted Wald interval, hence the 3 (Sauro and Lewis, MeasuringU). With a population of N
    people: n0 / (1 + n0 / N), rounded up, which inverts the factor 1 - n / N of `weights`.
    """
    _positive(half_width=half_width, variance=variance)
    n = max(1, _ceil(two_sided_z(level) ** 2 * variance / half_width**2 - 3))
    if population is None:
        return n
    _positive(population=population)
    return _ceil(n / (1 + n / population))


def group_size(
    difference: float, *, variance: float = WORST_VARIANCE, power: float = 0.8, level: float = 0.95
) -> int:
    """Answers in each of two independent groups to see a true difference with this power, two-sided.

    n = 2 var (z_level + z_power)^2 / d^2, rounded up.
    """
    _positive(difference=abs(difference), variance=variance)
    return _ceil(2 * variance * (two_sided_z(level) + _power_z(power)) ** 2 / difference**2)


def power(
    difference: float, n_before: int, n_after: int, *, variance: float = WORST_VARIANCE, level: float = 0.95
) -> float:
    """Probability that a true difference of two independent scores is seen, in either direction."""
    _positive(n_before=n_before, n_after=n_after, variance=variance)
    shift = abs(difference) / sqrt(variance / n_before + variance / n_after)
    z = two_sided_z(level)
    return _normal_cdf(shift - z) + _normal_cdf(-shift - z)


def smallest_visible(standard_error: float, *, power: float = 0.8, level: float = 0.95) -> float:
    """The true difference that is seen with this power, given the standard error of the difference."""
    return standard_error * (two_sided_z(level) + _power_z(power))


def answers_for_posterior_length(length: float, *, prior: Prior | None = None, level: float = 0.95) -> int:
    """Answers that make the highest-density posterior interval on average `length` (0.05..1.5) at most.

    The average is over all outcomes the prior (default flat: 1, 1, 1) predicts, each with its
    Dirichlet-multinomial probability; method of Costa and Ponte ("average length criterion" of Joseph,
    Wolfson and du Berger, The Statistician 44(2), 1995). Enumerated; above 250 answers the interval is taken
    as 2 z sd.
    """
    if not 0.05 <= length <= 1.5:
        raise NotPlannable("the length of a posterior interval must lie between 0.05 and 1.5")
    believed = prior or Prior(1.0, 1.0, 1.0)
    low, high = 0, 1
    while _mean_length(high, believed, level, _by_deviation) > length:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        too_long = _mean_length(middle, believed, level, _by_deviation) > length
        low, high = (middle, high) if too_long else (low, middle)
    # The highest-density interval is a little shorter than 2 z sd: walk down from there.
    while 1 < high <= _EXACT_HPD_ANSWERS and _mean_length(high - 1, believed, level, _shortest) <= length:
        high -= 1
    return high


def _mean_length(
    answers: int, prior: Prior, level: float, measure: Callable[[Floats, float], Floats]
) -> float:
    detractors, promoters = np.indices((answers + 1, answers + 1)).reshape(2, -1)
    possible = detractors + promoters <= answers
    counts = np.stack([detractors, answers - detractors - promoters, promoters], axis=1)[possible]
    alpha = counts + np.array(prior)
    log_chance = (log_gamma(alpha) - log_gamma(counts + 1)).sum(axis=1)
    chance = np.exp(log_chance - log_chance.max())
    return float((chance * measure(alpha, level)).sum() / chance.sum())


def _by_deviation(alpha: Floats, level: float) -> Floats:
    size = alpha.sum(axis=1)
    mean = (alpha[:, 2] - alpha[:, 0]) / size
    spread = (alpha[:, 2] + alpha[:, 0]) / size - mean**2
    return np.asarray(2 * two_sided_z(level) * np.sqrt(spread / (size + 1)))


def _shortest(alpha: Floats, level: float) -> Floats:
    """Length of the shortest interval of this probability (the highest-density one): tries tail splits."""
    shortest = np.full(len(alpha), inf)
    for below in (1 - level) * np.arange(1, _TAIL_SPLITS + 1) / (_TAIL_SPLITS + 1):
        low = posterior_quantile(alpha, normal_quantile(float(below)))
        high = posterior_quantile(alpha, normal_quantile(float(below) + level))
        shortest = np.minimum(shortest, high - low)
    return shortest


def _power_z(power: float) -> float:
    if not 0 < power < 1:
        raise NotPlannable(f"power must lie between 0 and 1, not {power}")
    return normal_quantile(power)


def _normal_cdf(z: float) -> float:
    return erfc(-z / sqrt(2)) / 2


def _ceil(value: float) -> int:
    return ceil(value - 1e-9)  # a size that is whole but for rounding is that size


def _positive(**values: float) -> None:
    for name, value in values.items():
        if not 0 < value < inf:
            raise NotPlannable(f"{name} must be positive and finite, not {value}")
