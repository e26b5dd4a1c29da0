"""One question about an effect, asked from every side: between units, within them, of the future, in ranks.

This is what `otklik impact`, the pages and the simulations share, so that a verdict on a page is the one
whose error rates are known. The parts and their sources: docs/formulas/effects.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from otklik.stats.clustered import Estimate
from otklik.stats.doseresponse import Dose, dose_response
from otklik.stats.impact_verdict import Confounder, Gate, ImpactVerdict, judge, typical_swing
from otklik.stats.nps import Floats
from otklik.stats.ordered import Collinear, OneCategory, OrderedFit, Separated, ordered_logit
from otklik.stats.panel import pooled, unit_means, within
from otklik.stats.sensitivity import Sensitivity, sensitivity_of

WORTH_NOTICING = 10.0
"""Points of NPS somebody would act on."""
WORTH_NOTICING_SPREADS = 0.2
"""The same for any other number, in its standard deviations: Cohen's small effect."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Rows (n,) that passed the gate, every value finite but those of `lead`, which is nan where unknown.

    `units`: whose answers these are; without them each row is its own and nothing is looked at within.
    `controls` (n, c). `ranks`: categories 0, 1, 2, ... of the outcome, where it has any.
    """

    outcome: Floats
    exposure: Floats
    units: npt.NDArray[np.generic] | None = None
    periods: npt.NDArray[np.generic] | None = None
    controls: Floats | None = None
    lead: Floats | None = None
    ranks: Floats | None = None

    @property
    def columns(self) -> Floats:
        """The exposure first, the controls after it, (n, 1 + c)."""
        held = np.empty((len(self.exposure), 0)) if self.controls is None else self.controls
        return np.column_stack([self.exposure, held])


@dataclass(frozen=True, slots=True)
class Study:
    """`within`, `placebo`, `ordered`, `sensitivity`: None where the question could not be asked; `placebo` is
    the slope of the next exposure with today's held. `swing`: from a low tenth of exposures to a high one."""

    pooled: Estimate
    within: Estimate | None
    placebo: Estimate | None
    ordered: OrderedFit | None
    sensitivity: Sensitivity | None
    swing: float
    worth_noticing: float
    verdict: ImpactVerdict
    doses: tuple[Dose, ...] = ()


def study(
    answers: Answers,
    quality: Gate,
    *,
    worth_noticing: float = WORTH_NOTICING,
    confounders: Sequence[Confounder] = (),
    doses: bool = False,
    level: float = 0.95,
) -> Study:
    """Raises panel.NotAPanel. `quality` refuses by itself, whatever the slopes say.

    `level`: of the intervals that decide; 1 - .05 / m where m exposures are looked at together (Bonferroni).
    The placebo and the ranks stay at 5 %: looking at more must not make it easier to get past them.
    """
    whose = np.arange(len(answers.outcome)) if answers.units is None else answers.units
    between = pooled(answers.outcome, answers.columns, whose).estimate(level=level)
    inside, robust = None, None
    if answers.units is not None:
        fit = within(answers.outcome, answers.columns, answers.units, answers.periods)
        inside, robust = fit.estimate(level=level), sensitivity_of(fit, level=level)
    placebo, ranks, swing = _placebo(answers), _ranks(answers), typical_swing(answers.exposure)
    verdict = judge(
        quality,
        inside,
        swing=swing,
        worth_noticing=worth_noticing,
        pooled=between,
        placebo=placebo,
        ordered=ranks,
        sensitivity=robust,
        confounders=confounders,
    )
    curve = _curve(answers, level) if doses and answers.units is not None else ()
    return Study(between, inside, placebo, ranks, robust, swing, worth_noticing, verdict, curve)


def _placebo(answers: Answers) -> Estimate | None:
    if answers.lead is None or answers.units is None:
        return None
    seen = np.isfinite(answers.lead)
    if seen.sum() < 2:
        return None
    columns = np.column_stack([answers.lead, answers.columns])[seen]
    periods = None if answers.periods is None else answers.periods[seen]
    return within(answers.outcome[seen], columns, answers.units[seen], periods).estimate()


def _ranks(answers: Answers) -> OrderedFit | None:
    """With the unit's own means beside the columns, so that this slope, too, is within units."""
    if answers.ranks is None:
        return None
    columns = list(answers.columns.T)
    if answers.units is not None:
        columns += [unit_means(column, answers.units) for column in columns]
    kept = _kept(columns)
    if 0 not in kept:
        return None
    names = [str(number) for number in kept]
    table = np.column_stack([columns[number] for number in kept])
    try:
        return ordered_logit(answers.ranks, table, names, units=answers.units)
    except (Collinear, OneCategory, Separated):
        return None


def _kept(columns: Sequence[Floats]) -> list[int]:
    """Columns that vary once those before them are known: a control that is constant for a unit is its own
    mean, and says the same twice."""
    kept: list[int] = []
    basis: list[Floats] = []
    for number, column in enumerate(columns):
        left = column - column.mean()
        size = float(np.linalg.norm(left))
        for one in basis:
            left = left - float(one @ left) * one
        length = float(np.linalg.norm(left))
        if size > 0 and length > 1e-7 * size:
            kept.append(number)
            basis.append(left / length)
    return kept


def _curve(answers: Answers, level: float) -> tuple[Dose, ...]:
    assert answers.units is not None
    found = dose_response(
        answers.outcome,
        answers.exposure,
        answers.units,
        answers.periods,
        controls=answers.controls,
        level=level,
    )
    return tuple(found)
