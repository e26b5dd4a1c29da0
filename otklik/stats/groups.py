"""Two groups of rows compared like with like: within strata (topics), with errors clustered by unit.

Hard questions come by phone. So a difference between phone and e-mail is taken within each topic, and topics
are put together with the weights of Mantel and Haenszel (rows of one times rows of the other, over both).
Sources: W. G. Cochran (1954), Biometrics 10, 417-451; S. Greenland and J. M. Robins (1985), Biometrics 41,
55-68. The same number is the slope of least squares with an effect of each stratum, which is how the error
clustered by unit (`clustered`) is had.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from otklik.stats.clustered import Clusters, Estimate, estimate, without_inference
from otklik.stats.grouping import codes, sums_by
from otklik.stats.nps import Floats, Integers

_UNITS_WITH_CONSTANT = 500


class NotCells(ValueError):
    """Groups, units, strata, rows and sums must be as long as each other, finite, and no cell empty."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Rows added up by group, unit and stratum, each array (n,): how many there are and the sum of what is
    compared. ``group`` counts from 0. A cell may come in several parts."""

    group: Integers
    unit: Integers
    stratum: Integers
    rows: Floats
    sums: Floats

    def of(self, chosen: npt.NDArray[np.bool_]) -> "Cells":
        return Cells(
            self.group[chosen], self.unit[chosen], self.stratum[chosen], self.rows[chosen], self.sums[chosen]
        )


@dataclass(frozen=True, slots=True)
class Pair:
    """``first`` less ``second``: as they are (``plain``), and within the same strata (``alike``).

    ``covered``: share of the rows of both that lie in strata which both have; ``alike`` knows of no others.
    """

    first: int
    second: int
    plain: Estimate
    alike: Estimate
    covered: float


def cells(
    group: npt.ArrayLike,
    unit: npt.ArrayLike,
    stratum: npt.ArrayLike | None,
    rows: npt.ArrayLike,
    sums: npt.ArrayLike,
) -> Cells:
    """Without ``stratum`` all rows are alike. Raises NotCells."""
    size, total = np.asarray(rows, dtype=np.float64), np.asarray(sums, dtype=np.float64)
    strata = np.zeros(len(size), np.int64) if stratum is None else np.asarray(stratum)
    lengths = {len(np.asarray(column)) for column in (group, unit, strata, size, total)}
    if len(lengths) > 1 or not (np.isfinite(total).all() and (size > 0).all() and np.isfinite(size).all()):
        raise NotCells(f"columns of {sorted(lengths)} cells")
    return Cells(np.asarray(group, dtype=np.int64), np.asarray(unit), strata, size, total)


def compare_all(found: Cells, groups: Sequence[int], *, level: float = 0.95) -> list[Pair]:
    """Every two of these groups. ``level`` is that of each interval: the caller divides by how many there
    are (Bonferroni) where it names those that differ."""
    own = {one: found.of(found.group == one) for one in groups}
    return [_pair(one, other, own[one], own[other], level) for one, other in combinations(groups, 2)]


def _pair(one: int, other: int, first: Cells, second: Cells, level: float) -> Pair:
    rows = np.concatenate([first.rows, second.rows])
    sums = np.concatenate([first.sums, second.sums])
    unit = codes(np.concatenate([first.unit, second.unit])) if len(rows) else np.zeros(0, np.int64)
    stratum = codes(np.concatenate([first.stratum, second.stratum])) if len(rows) else np.zeros(0, np.int64)
    is_first = np.arange(len(rows)) < len(first.rows)
    whole = np.zeros(len(rows), dtype=np.int64)
    plain, _ = _difference(is_first, unit, whole, rows, sums, level)
    alike, covered = _difference(is_first, unit, stratum, rows, sums, level)
    return Pair(one, other, plain, alike, covered)


def _difference(
    is_first: npt.NDArray[np.bool_],
    unit: Integers,
    stratum: Integers,
    rows: Floats,
    sums: Floats,
    level: float,
) -> tuple[Estimate, float]:
    """Least squares of the outcome on being of the first group, with an effect of each stratum."""
    strata = int(stratum.max()) + 1 if len(stratum) else 0
    both = sums_by(stratum, rows, strata)
    share = sums_by(stratum, rows * is_first, strata) / np.where(both > 0, both, 1.0)
    kept = ((share > 0) & (share < 1))[stratum] if strata else np.zeros(0, dtype=np.bool_)
    if not kept.any():
        return without_inference(None, 0, 0), 0.0
    covered = float(rows[kept].sum() / rows.sum())
    x = (is_first - share[stratum])[kept]
    level_of = (sums_by(stratum, sums, strata) / np.where(both > 0, both, 1.0))[stratum][kept]
    rows, sums, whose = rows[kept], sums[kept], codes(unit[kept])
    spread = float(rows @ x**2)
    slope = float(x @ (sums - rows * level_of)) / spread
    residual = sums - rows * (level_of + slope * x)
    clusters = _clusters(whose, x, rows, residual, spread, int(((share > 0) & (share < 1)).sum()))
    return estimate(slope, clusters, 0, level=level), covered


def _clusters(
    whose: Integers, x: Floats, rows: Floats, residual: Floats, spread: float, strata: int
) -> Clusters:
    """The slope beside a constant, to which it is orthogonal once effects of strata are taken out. One unit
    of very many hardly moves the constant, and there it is left out."""
    units, n = int(whose.max()) + 1, float(rows.sum())
    if units > _UNITS_WITH_CONSTANT:
        gram, score = sums_by(whose, rows * x**2, units), sums_by(whose, x * residual, units)
        own = np.array([[1 / spread]])
        return Clusters(own, gram[:, None, None], score[:, None], int(n), strata + 1)
    grams = np.empty((units, 2, 2))
    grams[:, 0, 0] = sums_by(whose, rows * x**2, units)
    grams[:, 0, 1] = grams[:, 1, 0] = sums_by(whose, rows * x, units)
    grams[:, 1, 1] = sums_by(whose, rows, units)
    scores = np.stack([sums_by(whose, x * residual, units), sums_by(whose, residual, units)], axis=1)
    return Clusters(np.diag([1 / spread, 1 / n]), grams, scores, int(n), strata + 1)
