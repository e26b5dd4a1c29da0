"""A policy that came to different units at different times: its average effect, by two-stage differences.

Gardner, "Two-stage differences in differences", 2021 (arXiv:2207.05943). First the effects of units and
periods are learnt from rows not yet (or never) under the policy; then the outcome less those is averaged over
the rows under it. Plain two-way fixed effects compare late units with early ones that are still changing and
can even get the sign wrong (Goodman-Bacon, Journal of Econometrics 225(2), 2021); they are not offered here.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from otklik.stats.clustered import FEWEST_UNITS, Errors, Estimate, with_error, without_inference
from otklik.stats.grouping import codes, sums_by
from otklik.stats.nps import Floats, Integers
from otklik.stats.panel import NotAPanel

FEWEST_TREATED = 10
_COLLINEAR = 1e-9


class NotStaggered(ValueError):
    """The policy must come to some units, stay where it came, and leave rows without it to compare with."""


@dataclass(frozen=True, slots=True)
class StaggeredEffect:
    """`average`: mean effect on the rows under the policy. `by_age`: the same by the time since it came, with
    intervals that hold all together (Bonferroni); `rows` under the policy at each of them.

    `left_out`: rows under the policy whose unit or period has nothing without it to compare with. Inference
    needs 20 units, 10 of them reached by the policy.
    """

    average: Estimate
    by_age: tuple[tuple[int, Estimate], ...]
    rows: tuple[int, ...]
    treated_units: int
    left_out: int


def staggered_effect(
    outcome: npt.ArrayLike,
    treated: npt.ArrayLike,
    units: npt.ArrayLike,
    periods: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    ages: npt.ArrayLike | None = None,
    level: float = 0.95,
) -> StaggeredEffect:
    """Outcome (n,), treated (n,) 0 / 1, units and periods (n,); periods sort in the order of time.

    `ages` (n,): whole numbers that `by_age` goes by, of the rows under the policy; without them the periods
    since the unit's first row under it, which are fewer than passed where a period has no rows. `clusters`
    (n,): whose errors go together where that is more than a unit. Errors account for the first stage
    (Gardner's section 4), with the factor C / (C - 1) and Student's t on C - 1 degrees of freedom; C is the
    number of clusters that carry the mean, (sum q)^2 / sum q^2 with q the variance a cluster would add if
    rows were independent. Raises NotAPanel, NotStaggered.
    """
    y, under = np.asarray(outcome, dtype=np.float64), np.asarray(treated, dtype=np.float64)
    whose, when = codes(units), codes(periods)
    if not y.shape == under.shape == whose.shape == when.shape or y.ndim != 1:
        raise NotAPanel("outcome, treated, units and periods must be as long as each other")
    if not np.isfinite(y).all() or not np.isin(under, (0, 1)).all():
        raise NotAPanel("outcomes must be finite, treated 0 or 1")
    on = under == 1
    age = _ages(on, whose, when)
    if ages is not None:
        age = np.asarray(ages, dtype=np.int64)
    stage = _FirstStage(y, on, whose, when)
    compared = on & stage.comparable
    if not compared.any():
        raise NotStaggered("no row under the policy has anything to compare with")
    groups = whose if clusters is None else codes(clusters)
    reached = len(np.unique(whose[compared]))
    told, rows = np.unique(age[compared], return_counts=True)
    (average,) = _second_stage(stage, compared[:, None], groups, reached, level)
    at_age, together = compared[:, None] & (age[:, None] == told), 1 - (1 - level) / len(told)
    by_age = _second_stage(stage, at_age, groups, reached, together)
    return StaggeredEffect(
        average=average,
        by_age=tuple(zip(told.tolist(), by_age, strict=True)),
        rows=tuple(rows.tolist()),
        treated_units=reached,
        left_out=int(on.sum() - compared.sum()),
    )


def _ages(on: npt.NDArray[np.bool_], whose: Integers, when: Integers) -> Integers:
    """Periods since the policy came to the row's unit; negative before."""
    never = int(when.max()) + 1
    first = np.full(int(whose.max()) + 1, never)
    np.minimum.at(first, whose[on], when[on])
    age = when - first[whose]
    if (on != (age >= 0)).any():
        raise NotStaggered("the policy left a unit it had come to, or came to a part of a unit's period")
    if not on.any() or on.all():
        raise NotStaggered("the policy reached nobody, or everybody always")
    return np.asarray(age)


class _FirstStage:
    """Effects of units and periods from the rows without the policy, and what is left of every row."""

    def __init__(self, y: Floats, on: npt.NDArray[np.bool_], whose: Integers, when: Integers) -> None:
        self.on, self.whose, self.when = on, whose, when
        self._shape = (int(whose.max()) + 1, int(when.max()) + 1)
        off = ~on
        cells = sums_by(
            whose * self._shape[1] + when, off.astype(np.float64), self._shape[0] * self._shape[1]
        )
        self.rows = cells.reshape(self._shape)
        self.by_unit, self.by_period = self.rows.sum(axis=1), self.rows.sum(axis=0)
        per_unit = np.maximum(self.by_unit, 1.0)
        system = np.diag(self.by_period) - self.rows.T @ (self.rows / per_unit[:, None])
        self._solver = np.linalg.pinv(system, rcond=_COLLINEAR, hermitian=True)
        unit, period = self.solve(
            sums_by(whose, y * off, self._shape[0]), sums_by(when, y * off, self._shape[1])
        )
        self.left = y - unit[whose] - period[when]
        part_of_unit, part_of_period = self._parts()
        self.comparable = (
            (self.by_unit[whose] > 0)
            & (self.by_period[when] > 0)
            & (part_of_unit[whose] == part_of_period[when])
        )

    def solve(self, by_unit: Floats, by_period: Floats) -> tuple[Floats, Floats]:
        """Normal equations of the first stage for a right-hand side by unit and by period."""
        per_unit = np.maximum(self.by_unit, 1.0)
        period = self._solver @ (by_period - self.rows.T @ (by_unit / per_unit))
        return np.asarray((by_unit - self.rows @ period) / per_unit), np.asarray(period)

    def _parts(self) -> tuple[Integers, Integers]:
        """Units and periods linked by rows without the policy carry the number of their part."""
        linked, many = self.rows > 0, self._shape[1]
        period = np.arange(many)
        while True:
            unit = np.where(linked, period[None], many).min(axis=1)
            spread = np.where(linked, unit[:, None], many).min(axis=0)
            spread = np.minimum(period, spread)
            if (spread == period).all():
                return unit, period
            period = spread


def _second_stage(
    stage: _FirstStage, chosen: npt.NDArray[np.bool_], groups: Integers, reached: int, level: float
) -> list[Estimate]:
    """Mean of what is left over the rows chosen in each column of (n, m), with errors of both stages."""
    count, n = int(groups.max()) + 1, int((chosen.any(axis=1) | ~stage.on).sum())
    enough = count >= FEWEST_UNITS and reached >= FEWEST_TREATED
    found = []
    for column in chosen.T.astype(np.float64):
        rows = float(column.sum())
        mean = float(stage.left @ column) / rows
        unit, period = stage.solve(
            sums_by(stage.whose, column, len(stage.by_unit)),
            sums_by(stage.when, column, len(stage.by_period)),
        )
        pull = np.where(stage.on, column, -unit[stage.whose] - period[stage.when]) / rows
        scores = sums_by(groups, pull * (stage.left - mean * column), count)
        # Few partners may carry the mean: those reached, or the last to compare with.
        carried = sums_by(groups, pull**2, count)
        carriers = float(carried.sum() ** 2 / (carried**2).sum())
        se = sqrt(carriers / (carriers - 1) * float(scores @ scores)) if carriers > 1 else 0.0
        if enough and se > 0:
            estimate = with_error(
                mean, se, carriers - 1, errors=Errors.TWO_STAGE, n=n, units=count, level=level
            )
        else:
            estimate = without_inference(mean, n, count)
        found.append(estimate)
    return found
