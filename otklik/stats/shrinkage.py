"""Dirichlet-multinomial shrinkage: what small segments borrow from sisters, and whether they differ.

Segments' shares of detractors, passives and promoters are taken as draws from one Dirichlet distribution,
fitted to the segments themselves (empirical Bayes: Carlin and Louis, "Bayes and Empirical Bayes Methods for
Data Analysis", 1996; fit: Minka, "Estimating a Dirichlet distribution", 2000). A segment's posterior is
Dirichlet(counts + prior).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from otklik.stats.nps import Floats, Integers, effective_counts, whole_counts
from otklik.stats.special import chi2_sf, digamma, find_roots, log_gamma, trigamma, two_sided_z

FEWEST_ANSWERS_FOR_A_PRIOR = 30
_MOST_NEWTON_STEPS = 200
_NO_DIFFERENCE = (
    1e8  # pseudo-answers that stand for "the segments are alike": a fit going there has no maximum
)


class Prior(NamedTuple):
    """Pseudo-answers of a Dirichlet prior, each > 0."""

    detractors: float
    passives: float
    promoters: float

    @property
    def answers(self) -> float:
        return self.detractors + self.passives + self.promoters


class NotAPrior(ValueError):
    """Every pseudo-count of a prior must be finite and above 0."""


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Posterior of each segment's score: arrays of shape (k,)."""

    mean: Floats
    sd: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class DirichletFit:
    """`log_likelihood` is of the answers in their order; `alike`: no finite maximum, the prior is a bound."""

    prior: Prior
    log_likelihood: float
    alike: bool


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """Pearson's chi-square test that all segments share one distribution of answers.

    `p_value` reads chi2 with df degrees of freedom; it is off where most segments have few answers.
    `p_sparse` is not: it fits a scaled chi-square to the exact mean and variance of the statistic. Decisions
    use `p_sparse`.
    """

    chi2: float
    df: int
    p_value: float
    p_sparse: float


def fit_prior(counts: npt.ArrayLike) -> Prior | None:
    """Empirical-Bayes prior from sister segments (k, 3) by maximum likelihood; None when they are too few.

    Needs 2 segments with 2 answers or more and 30 answers in all. The prior never weighs more than all
    answers it was learnt from: where segments look exactly alike the maximum lies at infinity, and certainty
    out of nothing would be the result. Nor does it weigh less than one answer, below which the posterior has
    two humps. A category (nearly) nobody chose keeps the share half an answer would have, so that it stays
    possible.
    """
    people = whole_counts(counts).reshape(-1, 3)
    answers = people.sum(axis=1)
    total = int(answers.sum())
    if (answers >= 2).sum() < 2 or total < FEWEST_ANSWERS_FOR_A_PRIOR:
        return None
    fitted = np.array(fit_dirichlet(people).prior)
    shares = np.maximum(fitted / fitted.sum(), 0.5 / (total + 1.5))
    weight = np.clip(fitted.sum(), 1.0, total)
    return Prior(*(weight * shares / shares.sum()).tolist())


def fit_dirichlet(counts: npt.ArrayLike) -> DirichletFit:
    """Maximum-likelihood Dirichlet-multinomial for segments (k, 3), at least one of them with 2 answers.

    Newton's method on the logarithms of the pseudo-counts, damped so that the likelihood never falls.
    """
    people = whole_counts(counts).reshape(-1, 3)
    people = people[people.sum(axis=1) > 0]
    if not (people.sum(axis=1) > 1).any():
        raise NotAPrior("nothing can be learnt about differences from segments with one answer each")
    pooled = people.sum(axis=0)
    used = pooled > 0
    shares = pooled[used] / pooled.sum()
    kinds, times = np.unique(people[:, used], axis=0, return_counts=True)
    alike = used.sum() < 2 or _overdispersion(kinds, times, shares) <= 0
    start = shares * (_NO_DIFFERENCE if alike else _rough_size(kinds, times, shares))
    alpha = start if alike else _newton(kinds, times, start)
    alike = bool(alike or alpha.sum() >= _NO_DIFFERENCE)
    log_likelihood = float(_log_likelihood(kinds, times, alpha))
    full = np.full(3, alpha.sum() * 0.5 / (pooled.sum() + 1.5))
    full[used] = alpha
    return DirichletFit(Prior(*full.tolist()), log_likelihood, alike)


def shrink(counts: npt.ArrayLike, prior: Prior, *, level: float = 0.95) -> Shrunk:
    """Posterior mean, sd, equal-tailed interval of each score, counts (k, 3); n = 0 gives the prior.

    With a = counts + prior, A = sum a: mean m = (aP - aD) / A, sd^2 = [(aP + aD) / A - m^2] / (A + 1).
    Limits by Barndorff-Nielsen's r* (saddlepoint) approximation: P(score <= t) is the probability that a
    linear combination of three gamma variables is negative, whose cumulant function is explicit. Against
    numerical integration (in the tests) a tail meant to hold .025 holds at most .033, and .0248 to .0252 once
    each category has a few answers. The interval always holds the mean.
    """
    if not all(np.isfinite(alpha) and alpha > 0 for alpha in prior):
        raise NotAPrior(f"every pseudo-count must be finite and above 0: {tuple(prior)}")
    z = two_sided_z(level)
    alpha = effective_counts(counts).reshape(-1, 3) + np.array(prior)
    size = alpha.sum(axis=1)
    mean = (alpha[:, 2] - alpha[:, 0]) / size
    sd = np.sqrt(np.maximum((alpha[:, 2] + alpha[:, 0]) / size - mean**2, 0.0) / (size + 1))
    return Shrunk(mean, sd, *_posterior_limits(alpha, mean, z))


def posterior_quantile(alpha: Floats, z: float) -> Floats:
    """Score with posterior probability Phi(z) below it, for Dirichlet pseudo-counts (k, 3); |z| >= 0.5."""
    size = alpha.sum(axis=1)
    mean = (alpha[:, 2] - alpha[:, 0]) / size
    # A tilt of one hundredth of a deviate: nearer to 0 the formula loses its digits.
    inner = 0.01 / np.sqrt(np.maximum(alpha[:, 2] + alpha[:, 0] - size * mean**2, 0.01))
    outer = np.full(len(alpha), 1 - 1e-15)
    tilt = find_roots(lambda r: _r_star(alpha, r) - z, np.sign(z) * inner, np.sign(z) * outer)
    return _tilted_score(alpha, tilt)


def heterogeneity(counts: npt.ArrayLike) -> Heterogeneity | None:
    """Do these segments (k, 3) differ at all? None when fewer than 2 segments or 2 categories have answers.

    Moments of the statistic given both margins: Haldane, Biometrika 31, 1940, pp. 346-355; the scaled
    chi-square: Nass, Biometrika 46, 1959, pp. 365-385. Checked by shuffling answers (in the tests).
    """
    people = whole_counts(counts).reshape(-1, 3)
    people = people[people.sum(axis=1) > 0][:, people.sum(axis=0) > 0]
    if people.size == 0 or min(people.shape) < 2:
        return None
    rows, columns = people.sum(axis=1).astype(float), people.sum(axis=0).astype(float)
    total = rows.sum()
    expected = rows[:, None] * columns[None, :] / total
    chi2 = float(((people - expected) ** 2 / expected).sum())
    df = (len(rows) - 1) * (len(columns) - 1)
    mean, spread = _chi2_moments(rows, columns)
    p_value = chi2_sf(chi2, df)
    # These margins may allow one value of the statistic only; its spread is then 0 but for rounding.
    p_sparse = chi2_sf(chi2 * 2 * mean / spread, 2 * mean**2 / spread) if spread > 1e-9 * mean**2 else 1.0
    return Heterogeneity(chi2, df, p_value, p_sparse)


def _chi2_moments(rows: Floats, columns: Floats) -> tuple[float, float]:
    n = float(rows.sum())
    if n <= 3:
        return 1.0, 0.0
    half = []
    for margin in (rows, columns):
        k = len(margin)
        spread = (k - 1) * (n - k) / (n - 1)
        uneven = (n * float((1 / margin).sum()) - k * k) / (n - 2)
        half.append((spread, uneven))
    (v1, w1), (v2, w2) = half
    mean = n * (len(rows) - 1) * (len(columns) - 1) / (n - 1)
    return mean, 2 * n / (n - 3) * (v1 - w1) * (v2 - w2) + n * n / (n - 1) * w1 * w2


def _overdispersion(kinds: Integers, times: Integers, shares: Floats) -> float:
    """Slope of the likelihood in 1 / A at A = infinity; not above 0: no differences beyond chance."""
    answers = kinds.sum(axis=1)
    same = (kinds * (kinds - 1) / shares).sum(axis=1)
    return float((times * (same - answers * (answers - 1))).sum())


def _rough_size(kinds: Integers, times: Integers, shares: Floats) -> float:
    """Moment estimate of A, only to start from: how much too often answers of a segment agree."""
    pairs = float((times * kinds.sum(axis=1) * (kinds.sum(axis=1) - 1)).sum())
    agree = float((times * (kinds * (kinds - 1)).sum(axis=1)).sum()) / pairs
    expected = float((shares**2).sum())
    excess = (agree - expected) / (1 - expected)
    return float(np.clip(1 / max(excess, 1e-6) - 1, 0.1, 1e6))


def _log_likelihood(kinds: Integers, times: Integers, alpha: Floats) -> float:
    table, at = _with_totals(kinds, alpha)
    rows = log_gamma(at + table) - log_gamma(at)
    return float((times * (rows[:, :-1].sum(axis=1) - rows[:, -1])).sum())


def _with_totals(kinds: Integers, alpha: Floats) -> tuple[Integers, Floats]:
    """Answers and pseudo-counts with their sums as a last column: all terms of the likelihood are alike."""
    return np.column_stack([kinds, kinds.sum(axis=1)]), np.append(alpha, alpha.sum())


def _newton(kinds: Integers, times: Integers, start: Floats) -> Floats:
    alpha = start
    value = _log_likelihood(kinds, times, alpha)
    damping = 1e-3
    for _ in range(_MOST_NEWTON_STEPS):
        slope, curvature = _derivatives(kinds, times, alpha)
        if (
            np.abs(slope).max() < 1e-9 * max(1.0, abs(value))
            or alpha.sum() > _NO_DIFFERENCE
            or damping > 1e12
        ):
            break
        scale = np.abs(np.diag(curvature)) + 1e-12
        step = np.linalg.solve(curvature - damping * np.diag(scale), -slope)
        candidate = alpha * np.exp(np.clip(step, -3, 3))
        reached = _log_likelihood(kinds, times, candidate)
        if reached > value:
            alpha, value, damping = candidate, reached, damping / 10
        else:
            damping *= 10
    return alpha


def _derivatives(kinds: Integers, times: Integers, alpha: Floats) -> tuple[Floats, Floats]:
    """Gradient and Hessian of the log-likelihood in ln(alpha)."""
    table, at = _with_totals(kinds, alpha)
    *slopes, common = times @ (digamma(at + table) - digamma(at))
    *bends, common_bend = times @ (trigamma(at + table) - trigamma(at))
    slope = np.array(slopes) - common
    in_logs = np.diag(alpha**2 * np.array(bends) + alpha * slope) - np.outer(alpha, alpha) * common_bend
    return np.asarray(alpha * slope), np.asarray(in_logs)


def _posterior_limits(alpha: Floats, mean: Floats, z: float) -> tuple[Floats, Floats]:
    """The approximation breaks, and gets too narrow, where hardly anything pulls towards a side. It is
    given at least a quarter of an answer there, which errs to the wide.
    """
    pulled_down, pulled_up = np.maximum(alpha, (0.25, 0, 0)), np.maximum(alpha, (0, 0, 0.25))
    low, high = posterior_quantile(pulled_down, -z), posterior_quantile(pulled_up, z)
    return np.minimum(low, mean), np.maximum(high, mean)


def _tilted_score(alpha: Floats, tilt: Floats) -> Floats:
    """The score whose saddlepoint equation this tilt r solves: aP / (1 - r) against aD / (1 + r)."""
    promoters, detractors = alpha[:, 2] / (1 - tilt), alpha[:, 0] / (1 + tilt)
    return np.asarray((promoters - detractors) / (promoters + detractors + alpha[:, 1]))


def _r_star(alpha: Floats, tilt: Floats) -> Floats:
    """Normal deviate of the posterior probability below `_tilted_score`; tilt in (-1, 1), not 0."""
    t = _tilted_score(alpha, tilt)
    stretch = 1 - t * tilt
    cumulant = (
        alpha.sum(axis=1) * np.log(stretch) - alpha[:, 2] * np.log1p(-tilt) - alpha[:, 0] * np.log1p(tilt)
    )
    root = np.sign(tilt) * np.sqrt(np.maximum(-2 * cumulant, 1e-300))
    spread = (
        alpha[:, 2] * ((1 - t) / (1 - tilt)) ** 2
        + alpha[:, 0] * ((1 + t) / (1 + tilt)) ** 2
        + alpha[:, 1] * t**2
    )
    wald = tilt * np.sqrt(spread)  # s sqrt(K''(s)) with s = tilt / stretch and K'' = spread stretch^2
    return np.asarray(root + np.log(wald / root) / root)
