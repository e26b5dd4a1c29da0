"""A report as pictures: the words of the charts in the reader's language, the figures as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from otklik.impact.labels import CAUSES, OUTCOMES, VERDICTS, driver_name
from otklik.impact.rules.headline import in_order
from otklik.impact.rules.report import Bin, Drivers, ExposureStudy
from otklik.impact.rules.telling import over_swing
from otklik.impact.rules.vocabulary import OUTSIDE_SUPPORT, Exposure, Outcome
from otklik.impact.sentences import swing_ends
from otklik.impact.words import answers_words, dose, number, score, score_span, span
from otklik.kit import charts
from otklik.kit.charts import Sureness
from otklik.kit.templatetags.otklik import percent
from otklik.stats.impact_verdict import Verdict

# Widths of what the charts stand in: a whole page, a phone.
WIDE, NARROW = 860, 340
_SURENESS = {Verdict.EFFECT: Sureness.TOLD, Verdict.NO_EFFECT_SEEN: Sureness.SMALL}


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart drawn twice: scaled down, the wide one cannot be read on a phone."""

    wide: SafeString
    narrow: SafeString


def drawn(draw: Callable[[str, float], str], key: str) -> Picture:
    """By ``draw(key, width)``."""
    wide, narrow = draw(key, WIDE), draw(f"{key}-narrow", NARROW)
    return Picture(mark_safe(wide), mark_safe(narrow))  # noqa: S308 (drawn by our own code, which escapes)


def effects_picture(studies: Sequence[ExposureStudy], outcome: Outcome) -> Picture:
    """Every cause by what its usual swing does, support and outside apart."""
    rows = [_effect_row(study) for study in by_side(studies)]
    words = charts.EstimateWords(
        title=_("What each cause does to %(outcome)s") % {"outcome": OUTCOMES[outcome]},
        description=_(
            "One line each: the change between a good time and a bad one, with its interval. Left of zero "
            "the score is lower."
        ),
        axis=_("%(outcome)s, points: bad time less good time") % {"outcome": OUTCOMES[outcome]},
        marks=_marks(),
        number=number,
    )
    reach = max((study.worth_noticing for study in studies), default=0.0)
    return drawn(
        lambda key, width: charts.estimates(rows, words, key=key, width=width, reach=reach), "effects"
    )


def dose_picture(study: ExposureStudy, outcome: Outcome) -> Picture:
    points = [
        charts.DosePoint(
            span(one.low, one.high),
            one.n,
            0.0 if at == 0 else one.effect,
            one.band_low,
            one.band_high,
            one.monotone,
            tip=_dose_tip(study.exposure, one),
        )
        for at, one in enumerate(study.doses)
    ]
    words = charts.DoseWords(
        title=_("The more of it, the lower the score?"),
        description=_(
            "From left to right more and more of the cause. The line: the difference from the lowest, within "
            "the same partners. The columns: how many answers."
        ),
        axis=str(CAUSES[study.exposure]),
        effect=_("difference from the lowest"),
        band=_("where the whole curve lies"),
        monotone=_("nearest curve that never turns"),
        answers=_("Answers"),
        number=number,
    )
    return drawn(lambda key, width: charts.doses(points, words, key=key, width=width), "doses")


def drivers_picture(found: Drivers) -> Picture:
    rows = [
        charts.EstimateRow(
            driver_name(one.name),
            one.lmg * 100,
            None if one.low is None else one.low * 100,
            None if one.high is None else one.high * 100,
            figures=percent(one.lmg, 1),
            tip=f"{driver_name(one.name)}: {percent(one.lmg, 1)}",
            group=_("Support") if is_support(one.name) else _("Outside support"),
        )
        for one in sorted(found.found, key=lambda one: (not is_support(one.name), -one.lmg))
    ]
    words = charts.EstimateWords(
        title=_("What goes with the differences between answers"),
        description=_("One line each: the share of the differences that goes with it, with its interval."),
        axis=_("share of the differences between answers, %"),
        marks={Sureness.TOLD: ""},
        number=number,
    )
    return drawn(lambda key, width: charts.estimates(rows, words, key=key, width=width), "drivers")


def shares_picture(found: Drivers) -> Picture:
    parts = [
        charts.Part(label, share, percent(share))
        for label, share in (
            (_("Support"), found.support),
            (_("Outside support"), found.outside),
            (_("Explained by nothing we know"), found.unexplained),
        )
    ]
    title = _("How much of it is known")
    description = ", ".join(f"{part.label}: {part.figure}" for part in parts)
    return drawn(
        lambda key, width: charts.shares(parts, key=key, title=title, description=description, width=width),
        "shares",
    )


def by_side(studies: Sequence[ExposureStudy]) -> list[ExposureStudy]:
    """Support first; within each side what is sure first, and of that the largest."""
    return sorted(in_order(studies), key=lambda study: study.exposure in OUTSIDE_SUPPORT)


def is_support(name: str) -> bool:
    return name == "waits" or (name in set(Exposure) and Exposure(name) not in OUTSIDE_SUPPORT)


def dose_span(exposure: Exposure, low: float, high: float) -> str:
    """0 returns; 2-7 returns."""
    return dose(exposure, low) if low == high else f"{number(low)}\u2013{dose(exposure, high)}"


def _dose_tip(exposure: Exposure, one: Bin) -> str:
    return f"{dose_span(exposure, one.low, one.high)} · {answers_words(one.n)} · {score(one.effect)}"


def _effect_row(study: ExposureStudy) -> charts.EstimateRow:
    low, high = swing_ends(study, study.within)
    has_effect = study.within is not None and study.within.effect is not None
    is_refused = study.verdict is Verdict.REFUSED or not has_effect
    interval = score_span(low, high)
    return charts.EstimateRow(
        str(CAUSES[study.exposure]),
        None if is_refused else over_swing(study),
        None if is_refused else low,
        None if is_refused else high,
        _SURENESS.get(study.verdict, Sureness.UNSURE),
        figures=str(VERDICTS[study.verdict]) if is_refused else f"{score(over_swing(study))} ({interval})",
        tip=f"{CAUSES[study.exposure]}: {VERDICTS[study.verdict]}",
        group=_("Outside support") if study.exposure in OUTSIDE_SUPPORT else _("Support"),
    )


def _marks() -> dict[Sureness, str]:
    return {
        Sureness.TOLD: str(VERDICTS[Verdict.EFFECT]),
        Sureness.SMALL: str(VERDICTS[Verdict.NO_EFFECT_SEEN]),
        Sureness.UNSURE: str(VERDICTS[Verdict.CANNOT_TELL]),
    }
