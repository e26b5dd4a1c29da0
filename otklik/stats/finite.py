"""The score of a small group all of whose people are known: five of the seven at a partner answered.

The truth is the score all N would give. Those who answered are part of it, so two things are known that an
interval of a large population does not use: little is left to err about (the finite population factor), and
the others can at worst all be detractors and at best all be promoters (`possible`). Formulas, coverage by
enumeration and where it falls short: docs/formulas/finite.md.
"""

from functools import lru_cache
from math import sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from otklik.stats.intervals import Interval, tango_at
from otklik.stats.nps import Floats, Integers, nps, variance, whole_counts
from otklik.stats.shrinkage import NotAPrior, Prior, shrink
from otklik.stats.special import log_gamma, two_sided_z
from otklik.stats.weights import AS_GOOD_AS_ALL, PopulationTooSmall, remaining_share

TANGO_FROM = 5
"""Answers: with fewer Tango's interval promises nothing."""
EXACT_UP_TO = 60
"""People: beyond it the exact interval takes seconds."""
ADDED_UP_TO = 120
"""Silent people: beyond it the limits of a shrunk score are approximate, to two points of the screen."""
_ON_THE_EDGE = 1e-9


class Predicted(NamedTuple):
    """The score all N would give, as answers and prior together foretell it."""

    mean: float
    low: float
    high: float


class TooManyToEnumerate(ValueError):
    """The exact interval is for groups of up to EXACT_UP_TO people."""


def possible(counts: npt.ArrayLike, people: npt.ArrayLike) -> Floats:
    """(..., 2): the lowest and highest score all N can have, counts (..., 3) of those who answered.

    nan where the group is empty. Raises NotCounts, PopulationTooSmall.
    """
    answers, size = _group(counts, people)
    net = (answers[..., 2] - answers[..., 0]).astype(np.float64)
    silent = size - answers.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([(net - silent) / size, (net + silent) / size], axis=-1)


def group_intervals(counts: npt.ArrayLike, people: npt.ArrayLike, *, level: float = 0.95) -> Floats:
    """Intervals (..., 2) on [-1, 1] of the score all `people` would give, counts (..., 3), people (...).

    Tango's interval of n (N - 1) / (N - n) answers, drawn in to what is still possible and out to the scores
    N people can have; up to EXACT_UP_TO people `exact_interval` where fewer than TANGO_FROM answered or one
    of the three kinds of answers is missing. No width where everybody answered; all that is possible where
    nobody did; nan for nobody.
    """
    answers, size = _group(counts, people)
    limits = _tango(answers, size, level)
    n = answers.sum(axis=-1)
    hard = (n < TANGO_FROM) | (answers == 0).any(axis=-1)
    rows = np.argwhere(hard & (n > 0) & (n < size) & (size <= EXACT_UP_TO))
    # Groups of one size together: they share what was enumerated.
    for at in sorted(map(tuple, rows), key=lambda row: (size[row], n[row])):
        limits[at] = _exact(tuple(answers[at].tolist()), int(size[at]), level)
    return limits


def group_interval(counts: npt.ArrayLike, people: int, *, level: float = 0.95) -> Interval | None:
    """`group_intervals` of one group, counts (3,); None for a group of nobody."""
    low, high = group_intervals(counts, people, level=level).tolist()
    return None if low != low else Interval(low, high)


def exact_interval(counts: npt.ArrayLike, people: int, *, level: float = 0.95) -> Interval | None:
    """The interval that never covers less than `level`: every score some possible make-up of the N people has
    under which neither so high nor so low a sample is rarer than (1 - level) / 2.

    Counts (3,); a little wider than Tango's. Raises TooManyToEnumerate above EXACT_UP_TO people.
    """
    answers, size = _group(counts, people)
    two_sided_z(level)
    if size > EXACT_UP_TO:
        raise TooManyToEnumerate(f"{people} people")
    return Interval(*_exact(tuple(answers.tolist()), int(size), level)) if size else None


def predict(counts: npt.ArrayLike, people: int, prior: Prior, *, level: float = 0.95) -> Predicted | None:
    """The shrunk score of the whole group: those who answered count as they did, the others as the prior and
    the answers together foretell (Dirichlet-multinomial). Equal-tailed limits, exact up to ADDED_UP_TO silent
    people.

    Everybody answered: the score itself. None for a group of nobody. Raises NotAPrior, NotALevel.
    """
    answers, size = _group(counts, people)
    z = two_sided_z(level)
    if not all(np.isfinite(pseudo) and pseudo > 0 for pseudo in prior):
        raise NotAPrior(f"every pseudo-count must be finite and above 0: {tuple(prior)}")
    if not size:
        return None
    silent = int(size - answers.sum())
    net = int(answers[2] - answers[0])
    alpha = answers + np.array(prior)
    mean = float(nps(alpha))
    if silent <= ADDED_UP_TO:
        low, high = _added_up(alpha, silent, level)
    else:
        share = shrink(answers, prior, level=level)
        within = float(variance(alpha)) * alpha.sum() / (alpha.sum() + 1) * z**2 / silent
        low = silent * max(-1.0, mean - sqrt((mean - float(share.low[0])) ** 2 + within))
        high = silent * min(1.0, mean + sqrt((float(share.high[0]) - mean) ** 2 + within))
    return Predicted((net + silent * mean) / people, (net + low) / people, (net + high) / people)


def _added_up(alpha: Floats, silent: int, level: float) -> tuple[float, float]:
    """Limits of the net of so many people, by adding up every outcome."""
    outcomes = _outcomes(silent)
    logs = (log_gamma(outcomes + alpha) - log_gamma(alpha) - log_gamma(outcomes + 1.0)).sum(axis=1)
    chance = np.exp(logs - logs.max())
    by_net = np.bincount(outcomes[:, 2] - outcomes[:, 0] + silent, weights=chance / chance.sum())
    reached = np.cumsum(by_net)
    low = int(np.searchsorted(reached, (1 - level) / 2 - _ON_THE_EDGE))
    high = min(int(np.searchsorted(reached, (1 + level) / 2 - _ON_THE_EDGE)), 2 * silent)
    return float(low - silent), float(high - silent)


def _tango(answers: Integers, size: Integers, level: float) -> Floats:
    bounds = possible(answers, size)
    n = answers.sum(axis=-1)
    left = np.where(size > 1, (size - n) / np.maximum(size - 1, 1), 0.0)
    limits = tango_at(answers / np.maximum(left, 1 / AS_GOOD_AS_ALL)[..., None], two_sided_z(level))
    limits = np.where((n > 0)[..., None], limits, bounds)
    low = np.floor(limits[..., 0] * size + _ON_THE_EDGE) / np.maximum(size, 1)
    high = np.ceil(limits[..., 1] * size - _ON_THE_EDGE) / np.maximum(size, 1)
    return np.stack([np.maximum(low, bounds[..., 0]), np.minimum(high, bounds[..., 1])], axis=-1)


@lru_cache(maxsize=16384)
def _exact(counts: tuple[int, int, int], people: int, level: float) -> tuple[float, float]:
    makeups, below, above = _tails(people, sum(counts))
    seen = counts[2] - counts[0] + sum(counts)  # of -n..n, from 0 up
    rare = (1 - level) / 2
    likely = np.where(
        (makeups >= np.array(counts)).all(axis=1), np.minimum(below[:, seen], above[:, seen]), -1.0
    )
    # At levels near 0 no make-up is likely enough: then the likeliest.
    nets = (makeups[:, 2] - makeups[:, 0])[likely >= min(rare, likely.max())]
    return float(nets.min()) / people, float(nets.max()) / people


def _group(counts: npt.ArrayLike, people: npt.ArrayLike) -> tuple[Integers, Integers]:
    answers = whole_counts(counts)
    size = np.asarray(people)
    if size.dtype.kind not in "iu":
        raise PopulationTooSmall("the size of a group is a whole number")
    remaining_share(answers.sum(axis=-1), size)
    return answers, np.broadcast_to(size.astype(np.int64), answers.shape[:-1])


def _outcomes(n: int) -> Integers:
    """Every (detractors, passives, promoters) with sum n."""
    d, p = np.indices((n + 1, n + 1)).reshape(2, -1)
    fits = d + p <= n
    return np.stack([d, n - d - p, p], axis=1)[fits].astype(np.int64)


@lru_cache(maxsize=16)
def _tails(people: int, n: int) -> tuple[Integers, Floats, Floats]:
    """Every make-up of N people, and the chance of a net of at most, and of at least, -n..n in n answers."""
    makeups, samples = _outcomes(people), _outcomes(n)
    ways = _choices(people)
    chance = np.ones((len(makeups), len(samples)))
    for kind in range(3):
        chance *= ways[makeups[:, kind][:, None], samples[:, kind][None, :]]
    chance /= ways[people, n]
    nets = samples[:, 2] - samples[:, 0] + n
    by_net = chance @ (nets[:, None] == np.arange(2 * n + 1)[None, :])
    below = np.cumsum(by_net, axis=1)
    above = np.cumsum(by_net[:, ::-1], axis=1)[:, ::-1]
    return makeups, below, above


@lru_cache(maxsize=4)
def _choices(people: int) -> Floats:
    """Pascal's triangle: [a, b] = a choose b."""
    table = np.zeros((people + 1, people + 1))
    table[:, 0] = 1
    for row in range(1, people + 1):
        table[row, 1:] = table[row - 1, 1:] + table[row - 1, :-1]
    return table
