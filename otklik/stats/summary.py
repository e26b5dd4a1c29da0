"""One score and what may be said about it: the policy for small numbers.

- Fewer than 5 answers: people and counts, a shrunk value with its interval where a prior exists, never a raw
score.
- Everybody of a known population has answered: the score is a count, not an estimate, and has no interval.
- Otherwise an interval always; from 5 to 29 answers (`Summary.small`) the shrunk value belongs beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import index

import numpy as np
import numpy.typing as npt

from otklik.stats.intervals import Interval, Method, intervals
from otklik.stats.nps import Floats, Integers, NotCounts, effective_counts, nps, whole_counts
from otklik.stats.shrinkage import Prior, shrink
from otklik.stats.weights import finite_effective

TOO_FEW_ANSWERS = 5
SMALL_ANSWERS = 30


class Kind(StrEnum):
    TOO_FEW = "too_few"
    COUNT = "count"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class Summary:
    """One score and what is known about it, on [-1, 1].

    `n` counts people who answered; with weights `nps` and `interval` are weighted while the counts stay raw.
    `nps` is None exactly when `kind` is too_few; `interval` is None unless `kind` is estimate.
    `shrunk` and `shrunk_interval` are None without a prior, and for a count (nothing is left to estimate).
    """

    n: int
    detractors: int
    passives: int
    promoters: int
    nps: float | None
    interval: Interval | None
    shrunk: float | None
    shrunk_interval: Interval | None
    kind: Kind
    method: Method
    level: float
    population: int | None

    @property
    def small(self) -> bool:
        """An estimate from so few answers that the shrunk value should stand beside it."""
        return self.kind is Kind.ESTIMATE and self.n < SMALL_ANSWERS

    @property
    def everyone_answered(self) -> bool:
        return self.population is not None and self.n > 0 and self.n == self.population


def summarise(
    counts: npt.ArrayLike,
    *,
    population: int | Sequence[int | None] | None = None,
    prior: Prior | None = None,
    level: float = 0.95,
    method: Method = Method.TANGO,
    effective: npt.ArrayLike | None = None,
) -> list[Summary]:
    """Summaries of k segments, in order, from counts of shape (k, 3).

    `population`: people who could have answered, one number for all segments or one per segment (None =
    unknown). `prior`: from `shrinkage.fit_prior` over sister segments. `effective`: (k, 3) from `weights`,
    where answers are weighted or clustered; score and interval then come from it.
    Raises NotCounts; PopulationTooSmall when a population is smaller than its answers; NotALevel; NotAPrior.
    """
    people = whole_counts(counts).reshape(-1, 3)
    sizes = _sizes(population, len(people))
    basis = people if effective is None else effective_counts(effective).reshape(-1, 3)
    if basis.shape != people.shape:
        raise NotCounts(f"effective counts {basis.shape} do not match counts {people.shape}")
    scores = nps(basis).tolist()
    limits = intervals(of_population(people, sizes, basis), method=method, level=level).tolist()
    shrunk = _shrunk(basis, prior, level)
    rows = zip(people.tolist(), sizes, scores, limits, shrunk, strict=True)
    return [_summary(*row, Method(method), level) for row in rows]


def with_shrunk(summaries: Sequence[Summary], prior: Prior | None, level: float = 0.95) -> list[Summary]:
    """The same summaries with the shrunk values that `prior` gives: for whoever has made them before the
    prior was known, as their intervals cost most. Weighted summaries keep no weights and are not for this."""
    counts = np.array([(one.detractors, one.passives, one.promoters) for one in summaries]).reshape(-1, 3)
    found = _shrunk(counts, prior, level)
    return [
        replace(one, shrunk=None, shrunk_interval=None)
        if shrunk is None or one.kind is Kind.COUNT
        else replace(one, shrunk=shrunk[0], shrunk_interval=shrunk[1])
        for one, shrunk in zip(summaries, found, strict=True)
    ]


def summarise_one(
    counts: npt.ArrayLike,
    *,
    population: int | None = None,
    prior: Prior | None = None,
    level: float = 0.95,
    method: Method = Method.TANGO,
    effective: npt.ArrayLike | None = None,
) -> Summary:
    """`summarise` for one segment, counts of shape (3,)."""
    one = None if effective is None else effective_counts(effective)[None]
    people = one_segment(counts)
    return summarise(people, population=population, prior=prior, level=level, method=method, effective=one)[0]


def one_segment(counts: npt.ArrayLike) -> Integers:
    """Counts (3,) as (1, 3). Raises NotCounts."""
    people = whole_counts(counts)
    if people.shape != (3,):
        raise NotCounts(f"one segment has counts of shape (3,), not {people.shape}")
    return people[None]


def _sizes(population: int | Sequence[int | None] | None, segments: int) -> list[int | None]:
    if not isinstance(population, Sequence | np.ndarray):
        return [_size(population)] * segments
    sizes = [_size(size) for size in population]
    if len(sizes) != segments:
        raise NotCounts(f"{segments} segments but {len(sizes)} populations")
    return sizes


def _size(population: int | None) -> int | None:
    try:
        return None if population is None else index(population)
    except TypeError as error:
        raise NotCounts(
            f"a population is a whole number, or None where unknown, not {population!r}"
        ) from error


def of_population(people: Integers, sizes: list[int | None], basis: npt.ArrayLike | None = None) -> Floats:
    """Effective counts with the finite population factor where a size is known."""
    known = [np.inf if size is None else float(size) for size in sizes]
    return finite_effective(people, known, effective=basis)


def _shrunk(basis: npt.ArrayLike, prior: Prior | None, level: float) -> list[tuple[float, Interval] | None]:
    values = effective_counts(basis)
    if prior is None:
        return [None] * len(values)
    found = shrink(values, prior, level=level)
    rows = zip(found.mean.tolist(), found.low.tolist(), found.high.tolist(), strict=True)
    return [(mean, Interval(low, high)) for mean, low, high in rows]


def _summary(
    counts: list[int],
    population: int | None,
    score: float,
    limits: list[float],
    shrunk: tuple[float, Interval] | None,
    method: Method,
    level: float,
) -> Summary:
    n = sum(counts)
    # Too few comes first: one partner's only contact who has answered is a person, not a score of 100.
    # So does a segment whose answers all weigh nothing (the score is nan).
    too_few = n < TOO_FEW_ANSWERS or score != score
    kind = Kind.TOO_FEW if too_few else Kind.COUNT if n == population else Kind.ESTIMATE
    kept = None if kind is Kind.COUNT else shrunk
    detractors, passives, promoters = counts
    return Summary(
        n=n,
        detractors=detractors,
        passives=passives,
        promoters=promoters,
        nps=None if kind is Kind.TOO_FEW else score,
        interval=Interval(*limits) if kind is Kind.ESTIMATE else None,
        shrunk=kept[0] if kept else None,
        shrunk_interval=kept[1] if kept else None,
        kind=kind,
        method=method,
        level=level,
        population=population,
    )
