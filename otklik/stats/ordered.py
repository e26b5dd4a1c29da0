"""The proportional-odds logit for outcomes that are ranks, not amounts: detractor, passive, promoter.

P(Y <= j) = logistic(cut_j - x b) (McCullagh, JRSS B 42(2), 1980). Maximum likelihood by Newton's method with
the second derivatives written out; the likelihood is concave (Pratt, JASA 76, 1981), so it ends at the top or
there is none. It checks the linear model: a slope whose sign hangs on calling a passive "halfway" is no
finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

from otklik.stats.grouping import codes, sums_by
from otklik.stats.nps import Floats, Integers

_MOST_STEPS = 60
_NEARLY_THERE = 1e-9  # twice the rise of the log-likelihood that is left
_NOTHING_KNOWN = 1e4  # variance of a slope per standard deviation of its column: the likelihood has no top


class NotOrdered(ValueError):
    """Categories must be whole numbers from 0, columns finite and as long, weights not negative."""


class OneCategory(ValueError):
    """All answers fall into one category: nothing can be compared."""


class Separated(ValueError):
    """A column splits the categories without overlap, so its slope would be infinite; `names` says which."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"categories do not overlap along {', '.join(names)}")
        self.names = tuple(names)


class Collinear(ValueError):
    """A column is constant or determined by others; `names` says which."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"no slope of its own: {', '.join(names)}")
        self.names = tuple(names)


@dataclass(frozen=True, slots=True)
class OrderedFit:
    """Slopes in log odds of a higher category per unit of column, (k,), and cut points.

    `se` from the observed information; `clustered_se` from the sandwich by unit where units were given.
    `empty`: categories between 0 and the highest that nobody is in; the cuts are those between the others.
    """

    names: tuple[str, ...]
    slopes: Floats
    se: Floats
    clustered_se: Floats | None
    cuts: Floats
    deviance: float
    n: float
    empty: tuple[int, ...]

    def p_values(self) -> Floats:
        """Two-sided, normal, of each slope; by the clustered errors where there are any."""
        errors = self.se if self.clustered_se is None else self.clustered_se
        return np.array([erfc(abs(z) / sqrt(2)) for z in (self.slopes / errors).tolist()])


def ordered_logit(
    categories: npt.ArrayLike,
    columns: npt.ArrayLike,
    names: Sequence[str],
    *,
    weights: npt.ArrayLike | None = None,
    units: npt.ArrayLike | None = None,
) -> OrderedFit:
    """Categories (n,) 0, 1, 2, ... on columns (n, k); `weights`: how many answers a row stands for.

    Raises NotOrdered, OneCategory, Separated, Collinear.
    """
    given, x, weight, counted = _answers(categories, columns, names, weights)
    used, category = np.unique(given, return_inverse=True)
    if len(used) < 2:
        raise OneCategory("all answers fall into one category")
    centre, spread = _scale(x, weight, names)
    model = _Model(category.reshape(-1), (x - centre) / spread, weight, len(used))
    place, inverse = _climb(model, names)
    cuts = len(used) - 1
    clustered = None
    if units is not None:
        if len(np.asarray(units)) != len(counted):
            raise NotOrdered(f"{len(np.asarray(units))} units for {len(counted)} rows")
        whose = codes(np.asarray(units)[counted])
        clustered = np.sqrt(np.diag(_sandwich(model, place, inverse, whose)))[cuts:] / spread
    slopes = place[cuts:] / spread
    return OrderedFit(
        names=tuple(names),
        slopes=slopes,
        se=np.sqrt(np.diag(inverse))[cuts:] / spread,
        clustered_se=clustered,
        cuts=place[:cuts] + float(centre @ slopes),
        deviance=-2 * model.log_likelihood(place),
        n=float(weight.sum()),
        empty=tuple(sorted(set(range(int(used.max()))) - set(used.tolist()))),
    )


def _answers(
    categories: npt.ArrayLike, columns: npt.ArrayLike, names: Sequence[str], weights: npt.ArrayLike | None
) -> tuple[Integers, Floats, Floats, npt.NDArray[np.bool_]]:
    given, x = np.asarray(categories, dtype=np.float64), np.asarray(columns, dtype=np.float64)
    weight = np.ones(len(given)) if weights is None else np.asarray(weights, dtype=np.float64)
    if given.ndim != 1 or x.shape != (len(given), len(names)) or weight.shape != given.shape or not names:
        raise NotOrdered(f"categories {given.shape}, columns {x.shape}, {len(names)} names")
    if not (np.isfinite(x).all() and np.isfinite(weight).all()) or (weight < 0).any():
        raise NotOrdered("columns must be finite, weights finite and not negative")
    if not np.isfinite(given).all() or (given != np.floor(given)).any() or (given < 0).any():
        raise NotOrdered("categories are whole numbers from 0")
    counted = weight > 0
    if not counted.any():
        raise OneCategory("nobody answered")
    return given[counted].astype(np.int64), x[counted], weight[counted], counted


def _scale(x: Floats, weight: Floats, names: Sequence[str]) -> tuple[Floats, Floats]:
    """Means and standard deviations of the columns; raises Collinear."""
    centre = weight @ x / weight.sum()
    off = x - centre
    spread = np.sqrt(weight @ off**2 / weight.sum())
    flat = spread <= 1e-10 * np.maximum(np.abs(centre), 1e-300)
    if flat.any():
        raise Collinear([names[j] for j in np.flatnonzero(flat).tolist()])
    scaled = off / spread
    _, singular, directions = np.linalg.svd((scaled * weight[:, None]).T @ scaled / weight.sum())
    lost = directions[singular < 1e-10 * len(names)]
    if len(lost):
        raise Collinear([names[j] for j in np.flatnonzero((np.abs(lost) > 1e-5).any(axis=0)).tolist()])
    return np.asarray(centre), np.asarray(spread)


class _Model:
    """Log-likelihood and derivatives at a place (cuts, slopes) of categories 0..levels - 1.

    The chance of a category is F(a) - F(b) with a, b the cuts above and below less the row's score, and
    ln of it = ln F(a) + ln F(-b) + ln(1 - exp(b - a)): the last part hangs on the cuts alone, and nothing
    cancels in the tails.
    """

    def __init__(self, category: Integers, x: Floats, weight: Floats, levels: int) -> None:
        self._x, self._weight, self._levels = x, weight, levels
        self._category = category
        self._by_category = sums_by(category, weight, levels)
        self.answers = float(weight.sum())

    def start(self) -> Floats:
        below = np.cumsum(self._by_category)[:-1] / self._by_category.sum()
        return np.concatenate([np.log(below / (1 - below)), np.zeros(self._x.shape[1])])

    def log_likelihood(self, place: Floats) -> float:
        above, below, gaps = self._bounds(place)
        rows = np.logaddexp(0, -above) + np.logaddexp(0, below)
        inner = self._by_category[1:-1] @ np.log(-np.expm1(-gaps))
        return float(inner - self._weight @ rows)

    def gradients(self, place: Floats) -> Floats:
        """First derivatives of each row's part, (n, cuts + k)."""
        above, below, gaps = self._bounds(place)
        up, down = _logistic(-above), _logistic(below)
        cuts = self._levels - 1
        rows = np.zeros((len(above), cuts + self._x.shape[1]))
        rows[:, cuts:] = (down - up)[:, None] * self._x
        at = np.arange(len(above))
        pull = np.concatenate([[0.0], 1 / np.expm1(gaps), [0.0]])[self._category]
        has_upper, has_lower = self._category < cuts, self._category > 0
        rows[at[has_upper], self._category[has_upper]] = (up + pull)[has_upper]
        rows[at[has_lower], self._category[has_lower] - 1] = -(down + pull)[has_lower]
        return rows * self._weight[:, None]

    def information(self, place: Floats) -> Floats:
        """Minus the second derivatives, (cuts + k, cuts + k)."""
        above, below, gaps = self._bounds(place)
        up = self._weight * _logistic(above) * _logistic(-above)
        down = self._weight * _logistic(below) * _logistic(-below)
        cuts, x = self._levels - 1, self._x
        found = np.zeros((cuts + x.shape[1],) * 2)
        found[cuts:, cuts:] = (x * (up + down)[:, None]).T @ x
        for j in range(cuts):
            at, over = self._category == j, self._category == j + 1
            found[j, j] = up[at].sum() + down[over].sum()
            found[j, cuts:] = found[cuts:, j] = -(up[at] @ x[at] + down[over] @ x[over])
        squeeze = self._by_category[1:-1] / (4 * np.sinh(gaps / 2) ** 2)
        for j, tight in enumerate(squeeze.tolist()):
            found[j, j] += tight
            found[j + 1, j + 1] += tight
            found[j, j + 1] -= tight
            found[j + 1, j] -= tight
        return found

    def _bounds(self, place: Floats) -> tuple[Floats, Floats, Floats]:
        cuts, slopes = place[: self._levels - 1], place[self._levels - 1 :]
        score = self._x @ slopes
        edges = np.concatenate([[-np.inf], cuts, [np.inf]])
        return edges[self._category + 1] - score, edges[self._category] - score, np.diff(cuts)


def _logistic(z: Floats) -> Floats:
    return np.asarray(np.exp(-np.logaddexp(0, -z)))


def _climb(model: _Model, names: Sequence[str]) -> tuple[Floats, Floats]:
    """The top of the likelihood and the inverse of the information there; raises Separated."""
    place = model.start()
    for _ in range(_MOST_STEPS):
        inverse = _inverse_information(model, place, names)
        gradient = model.gradients(place).sum(axis=0)
        step = inverse @ gradient
        if gradient @ step < _NEARLY_THERE + 1e-13 * model.answers:
            # The next step would be the square of this one: no need to see the likelihood rise by rounding.
            return place + step, _inverse_information(model, place + step, names)
        place = _uphill(model, place, step, len(names))
    raise Separated(names)


def _uphill(model: _Model, place: Floats, step: Floats, slopes: int) -> Floats:
    """A step, halved until the likelihood does not fall and the cuts stay in order."""
    value = model.log_likelihood(place)
    for _ in range(40):
        candidate = place + step
        if (np.diff(candidate[:-slopes]) > 0).all() and model.log_likelihood(candidate) >= value:
            return candidate
        step = step / 2
    return place


def _inverse_information(model: _Model, place: Floats, names: Sequence[str]) -> Floats:
    """Where categories do not overlap along some direction, the way up is endless and ever flatter: the
    variance in that direction grows without bound, and the columns that make it up are named.
    """
    inverse = np.asarray(np.linalg.pinv(model.information(place), rcond=1e-14, hermitian=True))
    values, directions = np.linalg.eigh(inverse[-len(names) :, -len(names) :])
    if not 0 < values[-1] < _NOTHING_KNOWN:
        weight = np.abs(directions[:, -1])
        raise Separated([names[j] for j in np.flatnonzero(weight > weight.max() / 2).tolist()])
    return inverse


def _sandwich(model: _Model, place: Floats, inverse: Floats, whose: Integers) -> Floats:
    rows = model.gradients(place)
    sums = np.stack([sums_by(whose, column) for column in rows.T], axis=1) @ inverse
    return np.asarray(len(sums) / max(len(sums) - 1, 1) * sums.T @ sums)
