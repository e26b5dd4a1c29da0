"""By how much of a cause its effect is told."""

from __future__ import annotations

from otklik.impact.rules.report import ExposureStudy
from otklik.impact.rules.vocabulary import Exposure

_LASTING = frozenset({Exposure.WAIT_MEDIAN, Exposure.WAIT_LONG, Exposure.MONEY_HELD})


def told_change(study: ExposureStudy) -> float:
    """A change that happens: once more of what is counted, the usual swing of what lasts, in whole units."""
    if study.exposure not in _LASTING:
        return 1.0
    return float(round(study.swing)) if study.swing >= 1 else study.swing or 1.0


def over_swing(study: ExposureStudy) -> float:
    """Points of the outcome from a low tenth of exposures to a high one; 0 where there is no slope."""
    effect = None if study.within is None else study.within.effect
    return 0.0 if effect is None else effect * study.swing
