"""What a change of an exposure would do to the outcome, and how long until it could be seen: no promise."""

from dataclasses import dataclass
from math import ceil, inf

import numpy as np
import numpy.typing as npt

from otklik.stats.clustered import Estimate
from otklik.stats.intervals import Interval
from otklik.stats.power import NotPlannable, group_size

ANY = Interval(-inf, inf)
_SELDOM = 0.01


@dataclass(frozen=True, slots=True)
class Goal:
    """`expected` change of the outcome with its `interval`, None where no effect could be inferred, or where
    the line would leave the scale of the outcome; such a wish is `outside`.

    `answers`: how many it takes, before and again after the change, to see the expected change with the power
    asked; `weeks`: how long the second lot takes. Both None where 0 is expected. `outside`: the wish lies
    beyond all but 1 % of what was seen, where nobody knows that the effect goes on.
    """

    change: float
    expected: float | None
    interval: Interval | None
    answers: int | None
    weeks: int | None
    outside: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """How much of an exposure there was: its mean, and the values that 1 % of rows lie below and above."""

    mean: float
    low: float
    high: float


def seen(exposure: npt.ArrayLike) -> Seen:
    """Of exposures (n,). Raises NotPlannable."""
    values = np.asarray(exposure, dtype=np.float64)
    if not values.size or not np.isfinite(values).all():
        raise NotPlannable("a goal needs exposures that were seen")
    low, high = np.quantile(values, [_SELDOM, 1 - _SELDOM]).tolist()
    return Seen(float(values.mean()), low, high)


def what_if(
    effect: Estimate,
    exposure: npt.ArrayLike | Seen,
    *,
    wish: float,
    outcome_variance: float,
    answers_a_week: float,
    design_effect: float = 1.0,
    room: Interval = ANY,
    power: float = 0.8,
    level: float = 0.95,
) -> Goal:
    """From the mean of the exposure seen, (n,) or as `Seen` where the rows are gone, to `wish`, by the slope
    of `effect` (outcome per exposure).

    `outcome_variance` of one answer, in the outcome's units squared; `design_effect`: by how much answers of
    one partner being alike widens a variance (`weights`); `room`: how far the mean outcome can fall and rise,
    to which the interval is cut. Raises NotPlannable.
    """
    if not np.isfinite(wish) or not answers_a_week > 0:
        raise NotPlannable("a goal needs a finite wish and some answers a week")
    now = exposure if isinstance(exposure, Seen) else seen(exposure)
    change, outside = wish - now.mean, not now.low <= wish <= now.high
    if effect.effect is None or effect.interval is None:
        return Goal(change, None, None, None, None, outside)
    expected = effect.effect * change
    if not room.low <= expected <= room.high:
        return Goal(change, None, None, None, None, True)
    ends = sorted((effect.interval.low * change, effect.interval.high * change))
    ends = [min(max(end, room.low), room.high) for end in ends]
    if expected == 0:
        return Goal(change, expected, Interval(*ends), None, None, outside)
    answers = group_size(expected, variance=outcome_variance * design_effect, power=power, level=level)
    return Goal(change, expected, Interval(*ends), answers, ceil(answers / answers_a_week), outside)
