"""By how much of a cause its effect is told."""

from __future__ import annotations

from otklik.impact.rules.report import ExposureStudy
from otklik.impact.rules.vocabulary import SCALE, Exposure, Outcome
from otklik.stats.clustered import Estimate
from otklik.stats.intervals import Interval

_LASTING = frozenset({Exposure.WAIT_MEDIAN, Exposure.WAIT_LONG, Exposure.MONEY_HELD})


def room(outcome: Outcome, mean: float) -> Interval:
    """How far a mean of answers can fall and rise before it leaves its scale."""
    low, high = SCALE[outcome]
    return Interval(low - mean, high - mean)


def told_swing(swing: float, within: Estimate | None, outcome: Outcome, mean: float) -> float:
    """The usual swing, or one unit where the line over the usual one would leave the scale: 9 breaches at 21
    points each are 189 points that no NPS can fall by."""
    effect = 0.0 if within is None or within.effect is None else within.effect
    can = room(outcome, mean)
    return swing if can.low <= effect * swing <= can.high else min(swing, 1.0)


def told_change(study: ExposureStudy) -> float:
    """A change that happens: once more of what is counted, the usual swing of what lasts, in whole units."""
    if study.exposure not in _LASTING:
        return 1.0
    return float(round(study.swing)) if study.swing >= 1 else study.swing or 1.0


def over_swing(study: ExposureStudy) -> float:
    """Points of the outcome from a low tenth of exposures to a high one; 0 where there is no slope."""
    effect = None if study.within is None else study.within.effect
    return 0.0 if effect is None else effect * study.swing
