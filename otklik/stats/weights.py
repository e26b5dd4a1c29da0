"""Scores from answers that are no plain random sample: finite populations, strata, weights, accounts.

One convention for all standard errors here, that of survey sampling (Cochran, "Sampling Techniques", 3rd ed.
1977, 2.6 and 5A.9; the R package survey does the same): variances are estimated with n - 1, the finite
population counts as the factor 1 - n / N. `nps.standard_error` is the plain form, divided by n and for an
endless population.

What intervals need from a design is its *effective counts*: the weighted shares times the number of
independent answers that would be as precise (Korn and Graubard, Survey Methodology 24(2), 1998, pp. 193-201).
`intervals` and `verdicts.summarise` take them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from otklik.stats.nps import Floats, effective_counts, nps, variance, whole_counts
from otklik.stats.special import t_quantile, two_sided_z

AS_GOOD_AS_ALL = 1e12  # effective answers per answer once everybody of a population has answered
_CODES = np.array([-1.0, 0.0, 1.0])


class PopulationTooSmall(ValueError):
    """More people answered than the population has."""


class StratumWithoutAnswers(ValueError):
    """A stratum nobody (or for a standard error only one person) answered for: merge it with a neighbour."""


class NotWeights(ValueError):
    """Weights must be finite, not negative, and not all 0."""


class MarginsDisagree(ValueError):
    """Raking cannot reach these margins: their totals differ, or the answers leave no way to all of them."""


@dataclass(frozen=True, slots=True)
class DesignScore:
    """A score with its design's standard error (None when one unit cannot show spread), scale [-1, 1].

    `n_effective` and `effective` (detractors, passives, promoters) describe a plain sample of the same
    precision; `deff` = variance / variance of a plain sample of n; `kish_n_effective` looks at the weights
    alone.
    """

    nps: float
    standard_error: float | None
    n: int
    n_effective: float
    kish_n_effective: float
    deff: float | None
    effective: tuple[float, float, float]


def remaining_share(answers: npt.ArrayLike, population: npt.ArrayLike) -> Floats:
    """The finite population factor 1 - n / N, shape of the inputs; N = inf is an endless population.

    Raises PopulationTooSmall.
    """
    n, size = np.asarray(answers, dtype=np.float64), np.asarray(population, dtype=np.float64)
    if np.isnan(size).any() or (size < n).any():
        raise PopulationTooSmall("the population must be a number not below the number of answers")
    with np.errstate(invalid="ignore"):
        return np.where(n > 0, 1 - n / size, 1.0)


def finite_standard_error(counts: npt.ArrayLike, population: npt.ArrayLike) -> Floats:
    """sqrt(var / (n - 1) * (1 - n / N)) for counts (..., 3); nan below 2 answers."""
    people = whole_counts(counts)
    answers = people.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        plain = np.where(answers > 1, variance(people) / (answers - 1), np.nan)
    return np.asarray(np.sqrt(plain * remaining_share(answers, population)))


def finite_effective(
    counts: npt.ArrayLike, population: npt.ArrayLike, *, effective: npt.ArrayLike | None = None
) -> Floats:
    """Effective counts (..., 3) of answers from a finite population: counts / (1 - n / N).

    Knowing the population never widens an interval, and N = inf changes nothing. Where everybody answered the
    counts are multiplied by 1e12: an interval of (practically) no width.
    """
    people = whole_counts(counts)
    base = people if effective is None else effective_counts(effective)
    left = remaining_share(people.sum(axis=-1), population)
    return np.asarray(base / np.maximum(left, 1 / AS_GOOD_AS_ALL)[..., None])


def kish_n_effective(weights: npt.ArrayLike) -> float:
    """(sum w)^2 / sum w^2: Kish, "Survey Sampling", 1965, 11.7. n when all weights are equal, else less."""
    given = np.asarray(weights, dtype=np.float64)
    if not np.isfinite(given).all() or (given < 0).any() or not (given > 0).any():
        raise NotWeights("weights must be finite, not negative, and not all 0")
    scaled = given / given.max()
    return float(scaled.sum() ** 2 / (scaled**2).sum())


def weighted_effective(counts: npt.ArrayLike, sums: npt.ArrayLike, squares: npt.ArrayLike) -> Floats:
    """Effective counts (..., 3) of weighted answers, for many segments at once.

    `counts`: people; `sums`, `squares`: sum of weights and of squared weights per category, all (..., 3).
    Equal weights give the counts back. The effective number is v (sum w)^2 / sum w^2 (y - mean)^2, at most n;
    where all weighted answers are of one kind it is Kish's.
    """
    people, w, w2 = whole_counts(counts), effective_counts(sums), effective_counts(squares)
    total = w.sum(axis=-1)
    spread = (w2 * (_CODES - nps(w)[..., None]) ** 2).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        by_variance = variance(w) * total**2 / spread
        kish = total**2 / w2.sum(axis=-1)
        size = np.minimum(np.where(spread > 0, by_variance, kish), people.sum(axis=-1))
        shares = w / total[..., None]
    return np.where(total[..., None] > 0, shares * size[..., None], 0.0)


def weighted(counts: npt.ArrayLike, sums: npt.ArrayLike, squares: npt.ArrayLike) -> DesignScore:
    """Weighted score of one segment (inputs (3,), see `weighted_effective`), weights taken as given.

    SE^2 = n / (n - 1) * sum w^2 (y - mean)^2 / (sum w)^2.
    """
    people, w, w2 = whole_counts(counts), effective_counts(sums), effective_counts(squares)
    total, n = float(w.sum()), int(people.sum())
    if total <= 0:
        raise NotWeights("the weights of the answers must not all be 0")
    spread = float((w2 * (_CODES - nps(w)) ** 2).sum())
    error = sqrt(n / (n - 1) * spread) / total if n > 1 else None
    effective = weighted_effective(people, w, w2)
    return _design_score(w / total, error, n, float(effective.sum()), total**2 / float(w2.sum()))


def post_stratified(counts: npt.ArrayLike, population: npt.ArrayLike) -> DesignScore:
    """Score weighted to known sizes of groups (roles, tiers): counts (g, 3), people per group (g,).

    Each answer of a group weighs N_g / n_g; SE^2 = n / (n - 1) * sum w_g^2 SS_g / N^2 with SS_g the squared
    deviations within the group (Taylor linearisation; Holt and Smith, JRSS A 142, 1979). No finite population
    factor. Raises StratumWithoutAnswers when a group with people has no answers.
    """
    people, sizes, answers = _strata(counts, population)
    weights = sizes / answers
    total, n = float(sizes.sum()), int(answers.sum())
    within = answers * variance(people)
    error = sqrt(n / (n - 1) * float((weights**2 * within).sum())) / total if n > 1 else None
    shares = (weights[:, None] * people).sum(axis=0) / total
    kish = total**2 / float((weights**2 * answers).sum())
    return _design_score(shares, error, n, _n_effective(shares, error, n, kish), kish)


def stratified(counts: npt.ArrayLike, population: npt.ArrayLike) -> DesignScore:
    """Score of a sample drawn within strata of known size, with the finite population factor in each.

    SE^2 = sum (N_h / N)^2 s_h^2 / n_h (1 - n_h / N_h); Cochran 5.3. `effective` contains the finite
    population already. Raises StratumWithoutAnswers below 2 answers in a stratum that was not asked
    completely.
    """
    people, sizes, answers = _strata(counts, population)
    left = remaining_share(answers, sizes)
    if ((answers < 2) & (left > 0)).any():
        raise StratumWithoutAnswers("a stratum needs 2 answers to show its spread")
    total, n = float(sizes.sum()), int(answers.sum())
    per_stratum = variance(people) / np.maximum(answers - 1, 1) * left
    error = sqrt(float(((sizes / total) ** 2 * per_stratum).sum()))
    weights = sizes / answers
    shares = (weights[:, None] * people).sum(axis=0) / total
    kish = total**2 / float((weights**2 * answers).sum())
    all_left = max(1 - n / total, 1 / AS_GOOD_AS_ALL)
    size = _n_effective(shares, error, n, kish, left=all_left)
    return _design_score(shares, error, n, size, kish)


def clustered(counts: npt.ArrayLike, *, level: float = 0.95) -> DesignScore:
    """Score of answers that come in accounts (people of one partner answer alike): counts per account (m, 3).

    SE^2 = m / (m - 1) * sum u_j^2 / n^2 with u_j = (promoters - detractors)_j - NPS n_j: accounts are the
    sample, drawn with replacement. `effective` also pays for knowing the spread from m accounts only: its
    size is multiplied by (z / t)^2 with m - 1 degrees of freedom at this `level` (Korn and Graubard 1998),
    never above n. With one account the effective number is 1.
    """
    people = whole_counts(counts).reshape(-1, 3)
    people = people[people.sum(axis=1) > 0]
    accounts, per_account = len(people), people.sum(axis=1)
    n = int(per_account.sum())
    if n == 0:
        raise StratumWithoutAnswers("no account has answered")
    pooled = people.sum(axis=0)
    kish = n**2 / float((per_account**2).sum())  # accounts, allowing for their unequal sizes
    if accounts == 1:
        return _design_score(pooled / n, None, n, 1.0, kish)
    off = people[:, 2] - people[:, 0] - float(nps(pooled)) * per_account
    error = sqrt(accounts / (accounts - 1) * float((off**2).sum())) / n
    few = (two_sided_z(level) / t_quantile((1 + level) / 2, accounts - 1)) ** 2
    size = max(1.0, _n_effective(pooled / n, error, n, kish) * few)
    return _design_score(pooled / n, error, n, size, kish)


def rake(answers: npt.ArrayLike, margins: Sequence[npt.ArrayLike]) -> Floats:
    """Weight per answer in each cell so that every margin is met (iterative proportional fitting).

    `answers`: people per cell, one axis per margin; `margins[i]`: people in the population per category of
    axis i. Deming and Stephan, Annals of Mathematical Statistics 11(4), 1940. Cells without answers get
    weight 0. Raises MarginsDisagree.
    """
    cells = np.asarray(answers, dtype=np.float64)
    targets = [np.asarray(margin, dtype=np.float64) for margin in margins]
    _check_margins(cells, targets)
    fitted = cells.copy()
    for _ in range(1000):
        worst = 0.0
        for axis, target in enumerate(targets):
            current = fitted.sum(axis=tuple(i for i in range(cells.ndim) if i != axis))
            if ((current == 0) & (target > 0)).any():
                raise MarginsDisagree("a category of the population has no answers")
            factor = np.divide(target, current, out=np.zeros_like(target), where=current > 0)
            worst = max(worst, float(np.abs(factor[current > 0] - 1).max()))
            fitted *= factor.reshape([-1 if i == axis else 1 for i in range(cells.ndim)])
        if worst < 1e-12:
            return np.divide(fitted, cells, out=np.zeros_like(cells), where=cells > 0)
    raise MarginsDisagree("the answers leave no way to meet all margins")


def _check_margins(cells: Floats, targets: list[Floats]) -> None:
    if [len(target) for target in targets] != list(cells.shape):
        raise MarginsDisagree("margins need one entry per category of the answers")
    if not all(np.isfinite(table).all() and (table >= 0).all() for table in (cells, *targets)):
        raise MarginsDisagree("raking needs cells and margins of finite numbers not below 0")
    totals = [float(target.sum()) for target in targets]
    if min(totals) <= 0 or max(totals) - min(totals) > 1e-9 * max(totals):
        raise MarginsDisagree("all margins need the same total, above 0")


def _strata(counts: npt.ArrayLike, population: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    people = whole_counts(counts).reshape(-1, 3).astype(np.float64)
    sizes = np.asarray(population, dtype=np.float64).reshape(-1)
    if len(sizes) != len(people):
        raise StratumWithoutAnswers(f"{len(people)} groups of answers but {len(sizes)} group sizes")
    answers = people.sum(axis=1)
    remaining_share(answers, sizes)
    inhabited = sizes > 0
    if (answers[inhabited] == 0).any() or not inhabited.any():
        raise StratumWithoutAnswers("a group with people has no answers: merge it with a neighbour")
    return people[inhabited], sizes[inhabited], answers[inhabited]


def _n_effective(shares: Floats, error: float | None, n: int, kish: float, *, left: float = 1.0) -> float:
    """n / deff, at most n / left (`left`: finite population factor): a lucky variance is not more people."""
    if error is None or error == 0:
        return min(kish, n) / left
    return min(n / left, float(variance(shares)) * n / (n - 1) / error**2)


def _design_score(shares: Floats, error: float | None, n: int, size: float, kish: float) -> DesignScore:
    plain = float(variance(shares)) / (n - 1) if n > 1 else 0.0
    deff = error**2 / plain if error is not None and plain > 0 else None
    detractors, passives, promoters = (float(share) * size for share in shares)
    return DesignScore(float(nps(shares)), error, n, size, kish, deff, (detractors, passives, promoters))
