"""The few special functions the statistics need, so that scipy need not be loaded to print a score.

Accuracy asked of each (and held against scipy in the tests): relative 1e-10, far beyond what a score on a
screen shows.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from otklik.stats.nps import Floats

_STANDARD_NORMAL = NormalDist()
_SHIFT = 8  # Stirling's series is used from here up: its last kept term is then below 1e-14
_MOST_ITERATIONS = 200


class NotALevel(ValueError):
    """A confidence level must lie strictly between 0 and 1."""


def normal_quantile(probability: float) -> float:
    """Standard normal quantile, probability in (0, 1)."""
    return _STANDARD_NORMAL.inv_cdf(probability)


def two_sided_z(level: float) -> float:
    """z with P(|Z| <= z) = level: 1.959963985 for 0.95. Raises NotALevel."""
    if not 0 < level < 1:
        raise NotALevel(f"the level must lie between 0 and 1, not {level}")
    return normal_quantile((1 + level) / 2)


def two_sided_p(z: npt.ArrayLike) -> Floats:
    """P(|Z| >= |z|) for a standard normal Z, shape of z; nan stays nan."""
    return np.asarray(np.vectorize(math.erfc, otypes=[np.float64])(np.abs(z) / math.sqrt(2)))


def chi2_sf(x: float, df: float) -> float:
    """P(X >= x) for chi-square with df > 0: the upper regularised incomplete gamma function.

    Series below the mean, Lentz's continued fraction above it (Abramowitz & Stegun 6.5.29 and 6.5.31). Both
    take steps like sqrt(df), so above a million degrees the cube root of x / df counts as normal (Wilson and
    Hilferty, PNAS 17, 1931, pp. 684-688), there good to 2e-8.
    """
    if x <= 0:
        return 1.0
    if df > 1e6:
        spread = 2 / (9 * df)
        return math.erfc(((x / df) ** (1 / 3) - (1 - spread)) / math.sqrt(2 * spread)) / 2
    shape, half = df / 2, x / 2
    log_front = shape * math.log(half) - half - math.lgamma(shape)
    if half < shape + 1:
        return 1.0 - math.exp(log_front) * _gamma_series(shape, half)
    return math.exp(log_front) * _gamma_fraction(shape, half)


def _gamma_series(shape: float, x: float) -> float:
    term = total = 1 / shape
    step = shape
    while term > total * 1e-17:
        step += 1
        term *= x / step
        total += term
    return total


def _gamma_fraction(shape: float, x: float) -> float:
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / b
    fraction, step = d, 0
    change = 0.0
    while abs(change - 1) > 1e-16 and step < 100_000:
        step += 1
        a = -step * (step - shape)
        b += 2
        d = 1 / (a * d + b or tiny)
        c = b + a / c or tiny
        change = c * d
        fraction *= change
    return fraction


def two_sided_t_p(t: float, df: float) -> float:
    """P(|T| >= |t|) for Student's t with df > 0, whole or not.

    The incomplete beta function I_x(df / 2, 1 / 2) at x = df / (df + t^2), by its continued fraction
    (Abramowitz & Stegun 26.5.27 and 26.5.8). Above a million degrees the normal distribution stands for it,
    there good to 1e-5 of the tail.
    """
    if math.isnan(t):
        return math.nan
    if df > 1e6 or math.isinf(t):
        return math.erfc(abs(t) / math.sqrt(2))
    tail, rest = df / (df + t * t), t * t / (df + t * t)
    if tail < (df / 2 + 1) / (df / 2 + 2.5):
        return _beta_share(tail, rest, df / 2, 0.5)
    return 1.0 - _beta_share(rest, tail, 0.5, df / 2)


def _beta_share(x: float, complement: float, a: float, b: float) -> float:
    """Regularised incomplete beta I_x(a, b) for x below its turning point; complement = 1 - x."""
    if x <= 0:
        return 0.0
    log_front = a * math.log(x) + b * math.log(complement) - math.log(a)
    log_front += math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    tiny = 1e-300
    d = 1 / (1 - (a + b) * x / (a + 1) or tiny)
    c, fraction = 1.0, d
    step, change = 0, 0.0
    while abs(change - 1) > 1e-15 and step < 100_000:
        step += 1
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        change = 1.0
        for term in (even, odd):
            d, c = 1 / (1 + term * d or tiny), 1 + term / c or tiny
            change *= c * d
        fraction *= change
    return math.exp(log_front) * fraction


@lru_cache(maxsize=4096)
def t_quantile(probability: float, df: float) -> float:
    """Student's t quantile for probability in [0.5, 1) and df > 0, whole or not.

    Newton's method on ln P(T > t) as a function of ln t, nearly a straight line in the heavy tail.
    """
    upper = 1 - probability
    if upper >= 0.5:
        return 0.0
    t = normal_quantile(probability)
    log_density = math.lgamma((df + 1) / 2) - math.lgamma(df / 2) - math.log(df * math.pi) / 2
    for _ in range(_MOST_ITERATIONS):
        beyond = two_sided_t_p(t, df) / 2
        density = math.exp(log_density - (df + 1) / 2 * math.log1p(t * t / df))
        step = (math.log(beyond) - math.log(upper)) * beyond / (t * density)
        t *= math.exp(max(-2.0, min(step, 2.0)))
        if abs(step) < 1e-13:
            break
    return t


def log_gamma(x: npt.ArrayLike) -> Floats:
    """ln Gamma(x) for x > 0: Stirling's series (Abramowitz & Stegun 6.1.41) after shifting x up."""
    given = np.asarray(x, dtype=np.float64)
    shifted = given + _SHIFT
    inverse = 1 / shifted**2
    series = (
        1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))
    ) / shifted
    stirling = (shifted - 0.5) * np.log(shifted) - shifted + 0.5 * math.log(2 * math.pi) + series
    return np.asarray(stirling - np.log(_shifts(given)).sum(axis=-1))


def _shifts(x: Floats) -> Floats:
    """x, x + 1, ... below the shift, along a new last axis."""
    return np.asarray(x[..., None] + np.arange(_SHIFT))


def digamma(x: npt.ArrayLike) -> Floats:
    """First derivative of ln Gamma(x) for x > 0 (Abramowitz & Stegun 6.3.18)."""
    given = np.asarray(x, dtype=np.float64)
    shifted = given + _SHIFT
    inverse = 1 / shifted**2
    series = inverse * (
        1 / 12 - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse / 132)))
    )
    return np.asarray(np.log(shifted) - 0.5 / shifted - series - (1 / _shifts(given)).sum(axis=-1))


def trigamma(x: npt.ArrayLike) -> Floats:
    """Second derivative of ln Gamma(x) for x > 0 (Abramowitz & Stegun 6.4.12)."""
    given = np.asarray(x, dtype=np.float64)
    shifted = given + _SHIFT
    inverse = 1 / shifted**2
    series = inverse * (
        1 / 6 - inverse * (1 / 30 - inverse * (1 / 42 - inverse * (1 / 30 - inverse * 5 / 66)))
    )
    tail = 1 / shifted + inverse / 2 + series / shifted
    return np.asarray(tail + (1 / _shifts(given) ** 2).sum(axis=-1))


def sign_test_p(up: int, down: int) -> float:
    """Exact two-sided sign test: twice the smaller binomial(up + down, 1/2) tail, at most 1.

    Only the 60 standard deviations next to the observed count are summed; what lies further is below 1e-300
    of it.
    """
    moves, fewer = up + down, min(up, down)
    if moves == 0:
        return 1.0
    first = max(0, fewer - int(30 * math.sqrt(moves)) - 30)
    k = np.arange(first, fewer + 1, dtype=np.float64)
    log_terms = log_gamma(moves + 1.0) - log_gamma(k + 1) - log_gamma(moves - k + 1) - moves * math.log(2)
    return min(1.0, 2 * float(np.exp(log_terms).sum()))


def find_roots(
    function: Callable[[Floats], Floats], low: Floats, high: Floats, *, tolerance: float = 1e-12
) -> Floats:
    """Roots of a vectorised function, one in each bracket [low, high], all at once.

    Chandrupatla, "A new hybrid quadratic/bisection algorithm", Advances in Engineering Software 28(3), 1997:
    inverse quadratic steps where they are safe, bisection where not, so it never leaves the bracket. An end
    where the function is already 0 is returned as it is; where both ends have one sign the end nearer to 0 is
    returned.
    """
    a, b = high.astype(np.float64), low.astype(np.float64)
    fa, fb = function(a), function(b)
    # An end that is a root, or the nearest thing to one, closes its bracket.
    settled = (np.signbit(fa) == np.signbit(fb)) | (fa == 0) | (fb == 0)
    end = np.where(np.abs(fa) < np.abs(fb), a, b)
    a, b = np.where(settled, end, a), np.where(settled, end, b)
    c, fc = a.copy(), fa.copy()
    step = np.full_like(a, 0.5)
    for _ in range(_MOST_ITERATIONS):
        x = a + step * (b - a)
        fx = function(x)
        same = np.signbit(fx) == np.signbit(fa)
        c, fc = np.where(same, a, b), np.where(same, fa, fb)
        b, fb = np.where(same, b, a), np.where(same, fb, fa)
        a, fa = x, fx
        best = np.where(np.abs(fa) < np.abs(fb), a, b)
        width = np.abs(b - a)
        limit = tolerance / np.maximum(width, tolerance)
        if bool(((limit >= 0.5) | (fa == 0) | (fb == 0)).all()):
            break
        step = np.clip(_next_step(a, b, c, fa, fb, fc), limit, 1 - limit)
    return np.asarray(best)


def _next_step(a: Floats, b: Floats, c: Floats, fa: Floats, fb: Floats, fc: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        xi = (a - b) / (c - b)
        phi = (fa - fb) / (fc - fb)
        quadratic = (phi**2 < xi) & ((1 - phi) ** 2 < 1 - xi)
        guess = fa / (fb - fa) * fc / (fb - fc) + (c - a) / (b - a) * fa / (fc - fa) * fb / (fc - fb)
    return np.where(quadratic & np.isfinite(guess), guess, 0.5)
