"""Which study is told of first, and what support is beside everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from otklik.impact.rules.report import Drivers, ExposureStudy, Report
from otklik.impact.rules.vocabulary import OUTSIDE_SUPPORT
from otklik.stats.impact_verdict import Verdict

ORDER = (Verdict.EFFECT, Verdict.NO_EFFECT_SEEN, Verdict.CANNOT_TELL, Verdict.REFUSED)


@dataclass(frozen=True, slots=True)
class Headline:
    """``first``: the study to tell of, None where nothing was studied. ``effects``: how many of support,
    and how many of what is outside it. ``drivers``: support, outside and unexplained, None where not
    known."""

    verdict: Verdict
    first: ExposureStudy | None
    effects_of_support: int
    effects_outside: int
    drivers: Drivers | None


def headline(report: Report) -> Headline:
    order = in_order(report.studies)
    effects = [one for one in order if one.verdict is Verdict.EFFECT]
    outside = sum(one.exposure in OUTSIDE_SUPPORT for one in effects)
    return Headline(
        verdict=order[0].verdict if order else Verdict.REFUSED,
        first=order[0] if order else None,
        effects_of_support=len(effects) - outside,
        effects_outside=outside,
        drivers=report.drivers,
    )


def in_order(studies: Sequence[ExposureStudy]) -> list[ExposureStudy]:
    """Effects first, then what was shown to be small, then what nobody can tell; among these the largest
    change over a usual swing first, and otherwise as they stand."""
    return sorted(studies, key=lambda one: (ORDER.index(one.verdict), -change(one)))


def change(one: ExposureStudy) -> float:
    """Points of the outcome between a low and a high exposure, without its sign; 0 where there is no
    slope."""
    slope = None if one.within is None else one.within.effect
    return 0.0 if slope is None else abs(slope * one.swing)
