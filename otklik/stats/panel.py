"""The effect of an exposure on an outcome, between units and within them, with errors clustered by unit.

Pooled: ordinary least squares. Within: the same with an effect of each unit and each period taken out, so
that whatever is constant for a unit, or common to a period, cannot stand behind the slope (Wooldridge,
"Econometric Analysis of Cross Section and Panel Data", 2nd ed., 2010, ch. 10; two ways and unbalanced:
Wansbeek and Kapteyn, Journal of Econometrics 41, 1989). What changes in time within a unit still can.

Everything is computed from sums by unit and by unit and period, so ten million rows take a few passes.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from otklik.stats.clustered import Clusters, Errors, Estimate, estimate
from otklik.stats.grouping import codes, sums_by
from otklik.stats.nps import Floats, Integers

MOST_CELLS = 10_000_000
_UNITS_WITH_PERIODS = 500
_MOST_NUMBERS = 20_000_000  # in a table of units by periods by periods; three of them are held at once
_COLLINEAR = 1e-9
_FLAT = 1e-14
_MOST_ALIKE = 0.9


class NotAPanel(ValueError):
    """Outcome, columns, units and periods must be as long as each other, finite, and not too many to hold."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Least squares of an outcome on columns, fixed effects (if any) taken out.

    `slopes` (k,) in units of outcome per unit of column; nan where a column does not vary once the rest is
    taken out. `freedom`: rows less everything estimated, fixed effects included.
    """

    slopes: Floats
    n: int
    units: int
    freedom: int
    residual_variance: float
    clusters: Clusters

    def estimate(self, column: int = 0, *, errors: Errors | None = None, level: float = 0.95) -> Estimate:
        """Slope of a column with its error; without `errors` those that fit the number of units."""
        return estimate(float(self.slopes[column]), self.clusters, column, errors=errors, level=level)

    def plain_error(self, column: int = 0) -> float:
        """Standard error if rows were independent: for partial R^2 and comparison, not for a verdict."""
        return float(np.sqrt(self.residual_variance * self.clusters.inverse[column, column]))


def pooled(outcome: npt.ArrayLike, columns: npt.ArrayLike, units: npt.ArrayLike) -> Fit:
    """Ordinary least squares of outcome (n,) on columns (n, k) and a constant; errors clustered by unit."""
    y, x, scale, whose, _ = _panel(outcome, columns, units, None)
    design = np.column_stack([x, np.ones(len(x))])
    inverse, rank, fixed = _inverse(design.T @ design, np.append(scale[:-1], len(x)))
    slopes = inverse @ (design.T @ y)
    residuals = y - design @ slopes
    count = int(whose.max()) + 1
    scores = np.stack([sums_by(whose, column * residuals, count) for column in design.T], axis=1)
    clusters = Clusters(inverse, _sums_of_products(design, whose, count), scores, len(y), rank)
    return _fit(slopes[:-1], fixed[:-1], residuals, len(y) - rank, clusters)


def within(
    outcome: npt.ArrayLike,
    columns: npt.ArrayLike,
    units: npt.ArrayLike,
    periods: npt.ArrayLike | None = None,
) -> Fit:
    """Outcome (n,) on columns (n, k) with fixed effects of units and, where given, of periods.

    Exact for any pattern of missing rows: columns are taken about the means of their unit, effects of periods
    are columns among the others. Raises NotAPanel.
    """
    y, x, scale, whose, when = _panel(outcome, columns, units, periods)
    answers = sums_by(whose)
    y = _unless_flat(_about_unit(y, whose, answers), scale)
    x = np.stack([_about_unit(column, whose, answers) for column in x.T], axis=1)
    cells = _Cells(whose, when, answers)
    by_cell = [cells.sums(column) for column in (*x.T, y)]
    gram = _normal_equations(x, by_cell[:-1], cells)
    inverse, rank, fixed = _inverse(gram, np.concatenate([scale[:-1], cells.rows.sum(axis=0)]))
    slopes = inverse @ np.concatenate([x.T @ y, by_cell[-1].sum(axis=0)])
    k = x.shape[1]
    residuals = y - x @ slopes[:k] - cells.effects(slopes[k:])
    beside = np.stack(by_cell[:-1], axis=1)
    left = by_cell[-1] - np.einsum("j,gjt->gt", slopes[:k], beside) - cells.sums_of_effects(slopes[k:])
    if len(answers) <= _UNITS_WITH_PERIODS and cells.rows.size * cells.rows.shape[1] <= _MOST_NUMBERS:
        grams = _unit_grams(x, by_cell[:-1], cells)
        beside = np.concatenate([beside, cells.dummies()], axis=1)
    else:  # one unit of so many hardly moves a period: the effects of periods leave the columns instead
        season = np.linalg.pinv(gram[k:, k:], rcond=_COLLINEAR, hermitian=True) @ gram[k:, :k]
        x = np.stack([x[:, j] - cells.effects(season[:, j]) for j in range(k)], axis=1)
        beside = np.stack([beside[:, j] - cells.sums_of_effects(season[:, j]) for j in range(k)], axis=1)
        inverse, grams = inverse[:k, :k], _sums_of_products(x, whose, len(answers))
    freedom = len(y) - rank - len(answers)
    scores = np.stack([sums_by(whose, column * residuals) for column in x.T], axis=1)
    if len(inverse) > k:
        scores = np.concatenate([scores, cells.sums(residuals)], axis=1)
    alike = _alike(left, beside, cells.rows, float(residuals @ residuals), freedom)
    clusters = Clusters(inverse, grams, scores, len(y), rank + 1, alike)
    return _fit(slopes[:k], fixed[:k], residuals, freedom, clusters)


def unit_means(values: npt.ArrayLike, units: npt.ArrayLike) -> Floats:
    """Mean of each row's unit, shape (n,): as a control it leaves the slope within units (Mundlak, 1978)."""
    whose = codes(units)
    given = np.asarray(values, dtype=np.float64)
    return np.asarray((sums_by(whose, given) / sums_by(whose))[whose])


class _Cells:
    """Sums by unit and period, (units, periods); without periods, tables of no columns."""

    def __init__(self, whose: Integers, when: Integers | None, answers: Floats) -> None:
        self.whose, self.when, self.answers = whose, when, answers
        units, periods = len(answers), 0 if when is None else int(when.max()) + 1
        if units * periods > MOST_CELLS:
            raise NotAPanel(f"{units} units in {periods} periods: use longer periods")
        self._at = None if when is None else whose * periods + when
        self._shape = (units, periods)
        self.rows = self.sums(None)

    def sums(self, values: Floats | None) -> Floats:
        if self._at is None:
            return np.zeros(self._shape)
        return sums_by(self._at, values, self._shape[0] * self._shape[1]).reshape(self._shape)

    def effects(self, season: Floats) -> Floats | float:
        """Each row's effect of its period, about the mean of its unit."""
        if self.when is None:
            return 0.0
        return np.asarray(season[self.when] - (self.rows @ season / self.answers)[self.whose])

    def sums_of_effects(self, season: Floats) -> Floats:
        """Their sums, (units, periods)."""
        return np.asarray(self.rows * (season - (self.rows @ season / self.answers)[:, None]))

    def dummies(self) -> Floats:
        """Sums of the columns of periods about the means of the unit, (units, periods, periods)."""
        own = np.eye(self.rows.shape[1])[None] * self.rows[:, :, None]
        return np.asarray(own - self.rows[:, :, None] * self.rows[:, None] / self.answers[:, None, None])


def _panel(
    outcome: npt.ArrayLike, columns: npt.ArrayLike, units: npt.ArrayLike, periods: npt.ArrayLike | None
) -> tuple[Floats, Floats, Floats, Integers, Integers | None]:
    """Outcome and columns about their means, sums of squares (outcome last), codes of units and periods."""
    y, x = np.asarray(outcome, dtype=np.float64), np.asarray(columns, dtype=np.float64)
    x = x[:, None] if x.ndim == 1 else x
    lengths = {len(x), len(np.asarray(units)), len(y) if periods is None else len(np.asarray(periods))}
    if y.ndim != 1 or x.ndim != 2 or lengths != {len(y)} or not len(y) or not x.shape[1]:
        raise NotAPanel(f"an outcome of shape {y.shape} with columns {x.shape} and {sorted(lengths)} labels")
    if not (np.isfinite(y).all() and np.isfinite(x).all()):
        raise NotAPanel("a value is missing or infinite: leave such rows out first")
    means = np.append(x.mean(axis=0), y.mean())
    x, y = x - means[:-1], y - means[-1]
    # A constant far from 0 is left with its rounding, which is not variation.
    scale = np.append((x**2).sum(axis=0), y @ y) + len(x) * (1e-6 * means) ** 2
    return _unless_flat(y, scale), x, scale, codes(units), None if periods is None else codes(periods)


def _unless_flat(y: Floats, scale: Floats) -> Floats:
    return y if y @ y > _FLAT * scale[-1] else np.zeros_like(y)


def _about_unit(column: Floats, whose: Integers, answers: Floats) -> Floats:
    return np.asarray(column - (sums_by(whose, column) / answers)[whose])


def _normal_equations(x: Floats, by_cell: list[Floats], cells: _Cells) -> Floats:
    k, periods = x.shape[1], cells.rows.shape[1]
    gram = np.empty((k + periods, k + periods))
    gram[:k, :k] = x.T @ x
    for j, sums in enumerate(by_cell):
        gram[j, k:] = gram[k:, j] = sums.sum(axis=0)
    shared = cells.rows / cells.answers[:, None]
    gram[k:, k:] = np.diag(cells.rows.sum(axis=0)) - cells.rows.T @ shared
    return gram


def _unit_grams(x: Floats, by_cell: list[Floats], cells: _Cells) -> Floats:
    """The same by unit, (units, k + periods, k + periods)."""
    units, periods = cells.rows.shape
    k = x.shape[1]
    grams = np.empty((units, k + periods, k + periods))
    grams[:, :k, :k] = _sums_of_products(x, cells.whose, units)
    for j, sums in enumerate(by_cell):
        grams[:, j, k:] = grams[:, k:, j] = sums
    grams[:, k:, k:] = cells.dummies()
    return grams


def _alike(left: Floats, columns: Floats, rows: Floats, squares: float, freedom: int) -> Floats | None:
    """What answers of a unit and period add to its cross-products, (units, p, p), by how alike they are: the
    mean product of two residuals of a unit and period over their variance (Donner, International Statistical
    Review 54(1), 1986, reviews this and other ways). None where they are not, or nowhere are two.

    `left` (units, periods), `columns` (units, p, periods): sums of residuals and of columns by unit and
    period; `squares`: sum of the squared residuals.
    """
    pairs = float((rows * (rows - 1)).sum())
    if pairs <= 0 or freedom <= 0 or squares <= 0:
        return None
    share = min((float((left**2).sum()) - squares) / pairs / (squares / freedom), _MOST_ALIKE)
    if share <= 0:
        return None
    return np.asarray(share / (1 - share) * columns @ columns.transpose(0, 2, 1))


def _sums_of_products(x: Floats, whose: Integers, count: int) -> Floats:
    k = x.shape[1]
    sums = np.empty((count, k, k))
    for i in range(k):
        for j in range(i, k):
            sums[:, i, j] = sums[:, j, i] = sums_by(whose, x[:, i] * x[:, j], count)
    return sums


def _inverse(gram: Floats, scale: Floats) -> tuple[Floats, int, npt.NDArray[np.bool_]]:
    """Generalised inverse, rank, and which columns have a slope of their own.

    `scale`: each column's sum of squares before fixed effects were taken out.
    """
    own = np.diag(gram)
    varies = own > _FLAT * np.maximum(scale, 1e-300)
    factor = np.where(varies, 1 / np.sqrt(np.where(varies, own, 1.0)), 0.0)
    values, vectors = np.linalg.eigh(gram * factor[:, None] * factor[None])
    kept = values > _COLLINEAR
    inverse = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T * factor[:, None] * factor[None]
    free = (np.abs(vectors[:, ~kept]) > 1e-5).any(axis=1)
    return np.asarray(inverse), int(kept.sum()), varies & ~free


def _fit(
    slopes: Floats, fixed: npt.NDArray[np.bool_], residuals: Floats, freedom: int, clusters: Clusters
) -> Fit:
    left = float(residuals @ residuals)
    return Fit(
        slopes=np.where(fixed, slopes, np.nan),
        n=len(residuals),
        units=len(clusters.scores),
        freedom=freedom,
        residual_variance=left / freedom if freedom > 0 else float("nan"),
        clusters=clusters,
    )
