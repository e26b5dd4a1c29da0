"""Studies and drivers as lines of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from otklik.impact.labels import CAUSES, CONFOUNDERS, SIGNS, VERDICTS, driver_name
from otklik.impact.pictures import by_side, dose_span, is_support
from otklik.impact.rules.report import Bin, Drivers, ExposureStudy, Report
from otklik.impact.rules.telling import over_swing
from otklik.impact.rules.vocabulary import OUTSIDE_SUPPORT, Outcome
from otklik.impact.sentences import swing_ends, verdict_sentence
from otklik.impact.words import dose, mean_words, score, score_span
from otklik.stats.impact_verdict import Confounder, Verdict

TONES = {Verdict.EFFECT: "tone-main", Verdict.NO_EFFECT_SEEN: ""}


@dataclass(frozen=True, slots=True)
class CauseLine:
    key: str
    name: str
    is_outside: bool
    sign: str
    verdict: str
    tone: str
    sentence: str
    swing: str
    change: str
    interval: str


@dataclass(frozen=True, slots=True)
class BinLine:
    dose: str
    bin: Bin
    mean: str
    difference: str
    band: str


@dataclass(frozen=True, slots=True)
class DriverLine:
    """``key``: of the cause, where there is a page of it."""

    name: str
    key: str
    is_support: bool
    lmg: float
    low: float | None
    high: float | None
    share: float
    johnson: float
    last: float


def cause_line(study: ExposureStudy, report: Report) -> CauseLine:
    low, high = swing_ends(study, study.within)
    has_change = study.verdict is not Verdict.REFUSED and study.within is not None
    return CauseLine(
        key=study.exposure.value,
        name=str(CAUSES[study.exposure]),
        is_outside=study.exposure in OUTSIDE_SUPPORT,
        sign=SIGNS[study.verdict],
        verdict=str(VERDICTS[study.verdict]),
        tone=TONES.get(study.verdict, "tone-care"),
        sentence=verdict_sentence(study, report.outcome),
        swing=dose(study.exposure, study.swing) if study.swing else "",
        change=score(over_swing(study)) if has_change else "–",
        interval=score_span(low, high),
    )


def cause_lines(report: Report) -> list[CauseLine]:
    return [cause_line(study, report) for study in by_side(report.studies)]


def bin_lines(study: ExposureStudy, outcome: Outcome) -> list[BinLine]:
    return [
        BinLine(
            dose_span(study.exposure, one.low, one.high),
            one,
            mean_words(one.mean_outcome, outcome),
            "" if at == 0 else score(one.effect),
            score_span(one.band_low, one.band_high),
        )
        for at, one in enumerate(study.doses)
    ]


def driver_lines(found: Drivers, studies: Sequence[ExposureStudy]) -> list[DriverLine]:
    studied = {study.exposure.value for study in studies}
    return [
        DriverLine(
            driver_name(one.name),
            one.name if one.name in studied else "",
            is_support(one.name),
            one.lmg,
            one.low,
            one.high,
            one.share,
            one.johnson,
            one.last,
        )
        for one in sorted(found.found, key=lambda one: -one.lmg)
    ]


def doubts(studies: Sequence[ExposureStudy]) -> list[tuple[Promise, Promise]]:
    """What cannot be ruled out of any of them."""
    named = {one for study in studies for one in study.confounders}
    return [CONFOUNDERS[one] for one in Confounder if one in named]
