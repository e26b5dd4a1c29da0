"""What a computation found, as numbers and codes: every page, export and interface reads this one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from otklik.impact.rules.change_study import ChangeStudy, change_from_data
from otklik.impact.rules.slopes import Slope
from otklik.impact.rules.vocabulary import Exposure, Outcome
from otklik.stats.impact_verdict import BadRow, Confounder, Note, Reason, Verdict


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose exposure lies from ``low`` to ``high``. ``effect`` with ``band_low`` and ``band_high``:
    difference from the lowest bin within the same partners, the band holding all bins together; None in the
    lowest bin and where nothing is inferred."""

    low: float
    high: float
    mean_dose: float
    mean_outcome: float
    n: int
    effect: float | None
    band_low: float | None
    band_high: float | None
    monotone: float | None


@dataclass(frozen=True, slots=True)
class Seen:
    """How the exposure was distributed over the answers: percentiles, mean, and the share of exact zeros."""

    mean: float
    p1: float
    p10: float
    p50: float
    p90: float
    p99: float
    zero_share: float


@dataclass(frozen=True, slots=True)
class ExposureStudy:
    """One exposure against the outcome. ``within``: partners compared with themselves, which decides;
    ``pooled``: with each other; ``placebo``: by the exposure that came after the answer. ``confounders``:
    what these data cannot rule out. ``level``: confidence of the intervals after so many exposures were
    looked at together; the placebo's is 95 % all the same, so that nothing passes it more easily. ``within``
    None: nothing was inferred, because the gate refused. ``robustness``: share that something unmeasured
    would have to explain of exposure and outcome to bring the slope to 0 (``robustness_of_verdict``: 0 into
    the interval). ``swing``: by how much of it the effect is told: a usual change, one unit where the line
    over that would leave the scale. ``ordered``: slope of the ranks with its p-value."""

    exposure: Exposure
    verdict: Verdict
    reasons: tuple[Reason, ...]
    notes: tuple[Note, ...]
    confounders: tuple[Confounder, ...]
    level: float
    pooled: Slope | None
    within: Slope | None
    placebo: Slope | None
    ordered_slope: float | None
    ordered_p: float | None
    robustness: float | None
    robustness_of_verdict: float | None
    swing: float
    worth_noticing: float
    doses: tuple[Bin, ...]
    seen: Seen


@dataclass(frozen=True, slots=True)
class DriverFound:
    """Parts of the variance of the outcome, 0..1, with what noise alone gives taken off; ``share`` is
    ``lmg`` as a part of all drivers' together.

    ``name`` is an Exposure, or "waits" (both of them), "tickets", "tier", "segment", "role", "country",
    "month", and for CSAT "topic", "priority", "channel", "mood"."""

    name: str
    lmg: float
    low: float | None
    high: float | None
    share: float
    johnson: float
    last: float


@dataclass(frozen=True, slots=True)
class Drivers:
    """``support`` and ``outside``: LMG summed over each side, less what noise alone gives and never below 0;
    ``r_squared`` is both together, ``unexplained`` the rest, so that support + outside + unexplained = 1. Of
    ``found``, those of Exposure that are not OUTSIDE_SUPPORT, and "waits", are support; all others are
    outside. Intervals None where fewer than 20 partners."""

    found: tuple[DriverFound, ...]
    n: int
    partners: int
    r_squared: float
    unexplained: float
    unexplained_low: float | None
    unexplained_high: float | None
    support: float
    support_low: float | None
    support_high: float | None
    outside: float
    not_separable: tuple[tuple[str, str], ...]
    collinear: tuple[tuple[str, ...], ...]
    constant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """``rows`` looked at, of which ``bad`` failed the gate, by reason in ``bad_rows``; ``answers`` of
    ``partners`` were studied. ``left_out``: further answers that are good, but support is not known for their
    whole window. Where the gate refused (not ``passed``), studies have no slopes. ``asked``: people asked in
    the time, None where not known. ``outcome_variance`` of one answer; ``design_effect``: by how much answers
    of one partner being alike widens a variance."""

    outcome: Outcome
    since: date
    until: date
    rows: int
    bad: int
    bad_rows: tuple[tuple[BadRow, int], ...]
    left_out: int
    passed: bool
    answers: int
    partners: int
    asked: int | None
    answers_a_week: float
    outcome_mean: float
    outcome_variance: float
    design_effect: float
    studies: tuple[ExposureStudy, ...]
    drivers: Drivers | None
    changes: tuple[ChangeStudy, ...] = ()

    def of(self, exposure: Exposure) -> ExposureStudy | None:
        return next((study for study in self.studies if study.exposure is exposure), None)

    def of_change(self, change_id: int, version: int) -> ChangeStudy | None:
        """None where it was recorded, or corrected, since."""
        found = (one for one in self.changes if (one.change, one.version) == (change_id, version))
        return next(found, None)


def as_data(report: Report) -> dict[str, Any]:
    """For a JSON column; ``from_data`` reads it back equal."""
    data = asdict(report)
    return {**data, "since": report.since.isoformat(), "until": report.until.isoformat()}


def from_data(data: Mapping[str, Any]) -> Report:
    drivers = data["drivers"]
    return Report(
        **{
            **data,
            "outcome": Outcome(data["outcome"]),
            "since": date.fromisoformat(data["since"]),
            "until": date.fromisoformat(data["until"]),
            "bad_rows": tuple((BadRow(reason), n) for reason, n in data["bad_rows"]),
            "studies": tuple(_study(one) for one in data["studies"]),
            "drivers": None if drivers is None else _drivers(drivers),
            "changes": tuple(change_from_data(one) for one in data["changes"]),
        }
    )


def _study(data: Mapping[str, Any]) -> ExposureStudy:
    slopes = {
        name: None if data[name] is None else Slope(**data[name]) for name in ("pooled", "within", "placebo")
    }
    return ExposureStudy(
        **{
            **data,
            **slopes,
            "exposure": Exposure(data["exposure"]),
            "verdict": Verdict(data["verdict"]),
            "reasons": tuple(Reason(one) for one in data["reasons"]),
            "notes": tuple(Note(one) for one in data["notes"]),
            "confounders": tuple(Confounder(one) for one in data["confounders"]),
            "doses": tuple(Bin(**one) for one in data["doses"]),
            "seen": Seen(**data["seen"]),
        }
    )


def _drivers(data: Mapping[str, Any]) -> Drivers:
    return Drivers(
        **{
            **data,
            "found": tuple(DriverFound(**one) for one in data["found"]),
            "not_separable": tuple((a, b) for a, b in data["not_separable"]),
            "collinear": tuple(tuple(names) for names in data["collinear"]),
            "constant": tuple(data["constant"]),
        }
    )
