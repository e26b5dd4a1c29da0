"""One JSON object for programs. Effects are in units of the outcome per unit of the exposure; scores 0-10
count as +100, 0 and -100, so that an effect on them is in points of NPS."""

from __future__ import annotations

from typing import Any

from otklik.cli.impact.findings import Findings
from otklik.cli.impact.sentences import Said
from otklik.stats.clustered import Estimate
from otklik.stats.doseresponse import Dose
from otklik.stats.drivers import Driver, DriverReport
from otklik.stats.impact import Study
from otklik.stats.impact_verdict import Verdict
from otklik.stats.intervals import Interval
from otklik.stats.ordered import OrderedFit
from otklik.stats.sensitivity import Sensitivity


def as_object(found: Findings, said: Said) -> dict[str, Any]:
    return {
        "verdict": _verdict(found),
        "n": found.n,
        "units": _units(found),
        "gate": {
            "bad_share": _round(found.quality.bad_share),
            "reasons": {reason.value: rows for reason, rows in found.quality.reasons},
            "rows": found.quality.rows,
            "examples": found.examples,
        },
        "left_out": found.left_out,
        "outcome_read_as": found.scale.value,
        **_study(found.study),
        **_drivers(found.drivers),
        "confounders": list(found.confounders),
        "text": {"verdict": said.verdict, "because": said.because, "beside": said.beside},
    }


def _verdict(found: Findings) -> str | None:
    if found.refused:
        return Verdict.REFUSED.value
    return None if found.study is None else found.study.verdict.verdict.value


def _units(found: Findings) -> int | None:
    if found.study is not None and found.study.within is not None:
        return found.study.within.units
    return None if found.drivers is None else found.drivers.units


def _study(study: Study | None) -> dict[str, Any]:
    if study is None:
        names = ("pooled", "within", "placebo", "ordered", "sensitivity")
        empty: dict[str, Any] = {"reasons": [], "notes": [], **dict.fromkeys(names)}
        return {
            **empty,
            "dose_response": [],
            "swing": None,
            "worth_noticing": None,
            "smallest_visible_effect": None,
        }
    return {
        "reasons": [one.value for one in study.verdict.reasons],
        "notes": [one.value for one in study.verdict.notes],
        "pooled": _estimate(study.pooled),
        "within": _estimate(study.within),
        "placebo": _estimate(study.placebo),
        "ordered": _ordered(study.ordered),
        "sensitivity": _sensitivity(study.sensitivity),
        "dose_response": [_dose(one) for one in study.doses],
        "swing": _round(study.swing),
        "worth_noticing": _round(study.worth_noticing),
        "smallest_visible_effect": _round(study.verdict.smallest_visible),
    }


def _estimate(found: Estimate | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "effect": _round(found.effect),
        "se": _round(found.se),
        "interval": _interval(found.interval),
        "p_value": _round(found.p_value),
        "df": _round(found.df),
        "n": found.n,
        "units": found.units,
    }


def _ordered(found: OrderedFit | None) -> dict[str, Any] | None:
    if found is None:
        return None
    slope = float(found.slopes[0])
    error = float((found.se if found.clustered_se is None else found.clustered_se)[0])
    return {
        "log_odds": _round(slope),
        "se": _round(error),
        "interval": [_round(slope - 1.959963984540054 * error), _round(slope + 1.959963984540054 * error)],
        "p_value": _round(float(found.p_values()[0])),
    }


def _sensitivity(found: Sensitivity | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "partial_r2": _round(found.partial_r2),
        "robustness_value": _round(found.robustness),
        "robustness_value_of_verdict": _round(found.robustness_of_verdict),
    }


def _dose(one: Dose) -> dict[str, Any]:
    return {
        "low": _round(one.low),
        "high": _round(one.high),
        "n": one.n,
        "mean_outcome": _round(one.mean_outcome),
        "difference": None if one.estimate is None else _round(one.estimate.effect),
        "band": _interval(one.band),
    }


def _drivers(report: DriverReport | None) -> dict[str, Any]:
    if report is None:
        return {"drivers": [], "not_separable": [], "r_squared": None, "unexplained": None, "collinear": []}
    return {
        "drivers": [_driver(one) for one in report.drivers],
        "not_separable": [list(pair) for pair in report.not_separable],
        "r_squared": _round(report.r_squared),
        "unexplained": _round(report.unexplained),
        "collinear": [list(names) for names in report.collinear],
    }


def _driver(one: Driver) -> dict[str, Any]:
    return {
        "name": one.name,
        "lmg": _round(one.lmg),
        "interval": _interval(one.interval),
        "johnson": _round(one.johnson),
        "johnson_interval": _interval(one.johnson_interval),
        "last": _round(one.last),
        "first": _round(one.first),
        "share": _round(one.share),
    }


def _interval(interval: Interval | None) -> list[float | None] | None:
    return None if interval is None else [_round(interval.low), _round(interval.high)]


def _round(value: float | None) -> float | None:
    """Twelve digits after the point: what is left of rounding is no information."""
    return None if value is None or value != value else round(value, 12) + 0.0
