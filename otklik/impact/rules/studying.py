"""Every exposure of a table against its outcome: the gate first, then studies at one common level.

Which columns each study holds, and why: docs/formulas/effects.md, "Which columns are held".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import numpy as np

from otklik.impact.rules.changes import Starts, studies_of_changes
from otklik.impact.rules.driving import drivers_of
from otklik.impact.rules.leads import lead, next_answers
from otklik.impact.rules.reading import WAITS
from otklik.impact.rules.report import Bin, ExposureStudy, Report, Seen
from otklik.impact.rules.slopes import slope_of
from otklik.impact.rules.table import Masks, Table, indicators, stacked
from otklik.impact.rules.telling import told_swing
from otklik.impact.rules.vocabulary import OUTSIDE_SUPPORT, Exposure, Outcome
from otklik.stats.clustered import design_effect
from otklik.stats.doseresponse import Dose
from otklik.stats.impact import WORTH_NOTICING, Answers, Study, study
from otklik.stats.impact_verdict import (
    Confounder,
    Gate,
    Reason,
    Verdict,
    gate,
    named_confounders,
    typical_swing,
)
from otklik.stats.nps import Floats, Integers

ALPHA = 0.05
FEWEST_ANSWERS = 3
SOME_WITHOUT_TICKETS = 0.1
MOSTLY = 0.8
_DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """``people`` asked in the time, and how many of them ``answered``."""

    people: int
    answered: int

    def tells_of(self, answers: int) -> bool:
        """Whether these are most of the answers; of those that came from elsewhere nobody knows who was
        asked."""
        return self.people > 0 and self.answered >= MOSTLY * answers

    @property
    def share(self) -> float:
        return self.answered / self.people


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all studies of one report share."""

    table: Table
    following: Integers
    quality: Gate
    level: float
    response_share: float | None
    everybody_asked: bool


def report_of(
    table: Table, *, since: date, until: date, asked: Asked | None, changes: Sequence[Starts] = ()
) -> Report:
    """Of answers from ``since`` on, as known at ``until``. What is known of support does not matter to a
    policy: there also the answers count that came before the desk did."""
    usable = table.only(table.known)
    wrong = reduce(np.logical_or, usable.bad.values())
    quality = gate(len(usable), usable.bad)
    good = usable.only(~wrong)
    studied = quality.passed and len(good) >= FEWEST_ANSWERS
    known = asked if asked is not None and asked.tells_of(len(good)) else None
    outcome = good.outcome if len(good) else np.zeros(1)
    return Report(
        outcome=table.outcome_kind,
        since=since,
        until=until,
        rows=quality.rows,
        bad=quality.bad_rows,
        bad_rows=quality.reasons,
        left_out=len(table) - len(usable),
        passed=quality.passed,
        answers=len(good),
        partners=len(np.unique(good.partners)),
        asked=None if known is None else known.people,
        answers_a_week=_a_week(good, until),
        outcome_mean=float(outcome.mean()),
        outcome_variance=float(outcome.var(ddof=1)) if len(outcome) > 1 else 0.0,
        design_effect=max(1.0, design_effect(outcome, good.partners)) if len(good) else 1.0,
        studies=_studies(good, quality, None if known is None else known.share),
        drivers=drivers_of(good) if studied else None,
        changes=studies_of_changes(table, changes, until=until),
    )


def _a_week(good: Table, until: date) -> float:
    """Over the time from the first answer on: before it nobody asked."""
    if not len(good):
        return 0.0
    first: date = good.at.min().astype("datetime64[D]").item()
    return len(good) * _DAYS_A_WEEK / max((until - first).days, _DAYS_A_WEEK)


def _studies(good: Table, quality: Gate, response_share: float | None) -> tuple[ExposureStudy, ...]:
    if not quality.passed:
        return tuple(_refused(one, values, Reason.BAD_ROWS) for one, values in good.exposures.items())
    looked_at = sum(bool(np.ptp(_there(values))) for values in good.exposures.values() if len(_there(values)))
    ground = _Ground(
        table=good,
        following=next_answers(good.partners, good.at),
        quality=quality,
        level=1 - ALPHA / max(looked_at, 1),
        response_share=response_share,
        everybody_asked=bool(len(good)) and float(good.without_ticket.mean()) >= SOME_WITHOUT_TICKETS,
    )
    return tuple(_one(one, ground) for one in good.exposures)


def _one(exposure: Exposure, ground: _Ground) -> ExposureStudy:
    values = ground.table.exposures[exposure]
    rows = np.isfinite(values)
    if rows.sum() < FEWEST_ANSWERS:
        return _refused(exposure, values, Reason.TOO_FEW_UNITS)
    table = ground.table.only(rows)
    found = study(
        Answers(
            outcome=table.outcome,
            exposure=table.exposures[exposure],
            units=table.partners,
            periods=table.months,
            controls=held(exposure, table),
            lead=lead(values, ground.following)[rows],
            ranks=table.ranks,
        ),
        ground.quality,
        worth_noticing=WORTH_NOTICING,
        confounders=confounders(exposure, table.outcome_kind, ground.everybody_asked, ground.response_share),
        doses=True,
        level=ground.level,
    )
    swing = told_swing(found.swing, found.within, table.outcome_kind, float(table.outcome.mean()))
    return _kept(exposure, found, table.exposures[exposure], ground.level, swing)


def held(exposure: Exposure, table: Table) -> Floats:
    """Causes of both, never what lies on the way from the exposure to the score; (n, c)."""
    columns = [indicators(table.labels[name]) for name in table.held]
    if table.tickets is not None and exposure not in OUTSIDE_SUPPORT:
        columns += [table.tickets, np.log1p(table.tickets)]
    columns += [
        values for one, values in table.exposures.items() if one in OUTSIDE_SUPPORT and one is not exposure
    ]
    return stacked(columns, len(table))


def confounders(
    exposure: Exposure, outcome: Outcome, everybody_asked: bool, response_share: float | None
) -> tuple[Confounder, ...]:
    """What stays open. A rating is of its ticket, whoever opens one, and only tickets are rated; what does
    not come out of tickets cannot look worse because there are more or harder ones."""
    of_tickets = exposure not in OUTSIDE_SUPPORT
    return named_confounders(
        everybody_asked=outcome is Outcome.CSAT or (everybody_asked and exposure not in WAITS),
        difficulty_held=outcome is Outcome.CSAT or not of_tickets,
        tickets_held=outcome is Outcome.NPS,
        response_share=response_share,
    )


def _refused(exposure: Exposure, values: Floats, reason: Reason) -> ExposureStudy:
    there = _there(values)
    return ExposureStudy(
        exposure=exposure,
        verdict=Verdict.REFUSED,
        reasons=(reason,),
        notes=(),
        confounders=(),
        level=1 - ALPHA,
        pooled=None,
        within=None,
        placebo=None,
        ordered_slope=None,
        ordered_p=None,
        robustness=None,
        robustness_of_verdict=None,
        swing=typical_swing(there),
        worth_noticing=WORTH_NOTICING,
        doses=(),
        seen=_seen(there),
    )


def _kept(exposure: Exposure, found: Study, values: Floats, level: float, swing: float) -> ExposureStudy:
    return ExposureStudy(
        exposure=exposure,
        verdict=found.verdict.verdict,
        reasons=found.verdict.reasons,
        notes=found.verdict.notes,
        confounders=found.verdict.confounders,
        level=level,
        pooled=slope_of(found.pooled),
        within=None if found.within is None else slope_of(found.within),
        placebo=None if found.placebo is None else slope_of(found.placebo),
        ordered_slope=None if found.ordered is None else float(found.ordered.slopes[0]),
        ordered_p=None if found.ordered is None else float(found.ordered.p_values()[0]),
        robustness=None if found.sensitivity is None else found.sensitivity.robustness,
        robustness_of_verdict=(
            None if found.sensitivity is None else found.sensitivity.robustness_of_verdict
        ),
        swing=swing,
        worth_noticing=found.worth_noticing,
        doses=_bins(found.doses),
        seen=_seen(values),
    )


def _bins(doses: Sequence[Dose]) -> tuple[Bin, ...]:
    found = []
    for dose in doses:
        low, high = dose.band or (None, None)
        found.append(
            Bin(
                low=dose.low,
                high=dose.high,
                mean_dose=dose.mean_dose,
                mean_outcome=dose.mean_outcome,
                n=dose.n,
                effect=None if dose.estimate is None else dose.estimate.effect,
                band_low=low,
                band_high=high,
                monotone=dose.monotone,
            )
        )
    return tuple(found)


def _seen(values: Floats) -> Seen:
    if not len(values):
        return Seen(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    p1, p10, p50, p90, p99 = np.quantile(values, [0.01, 0.1, 0.5, 0.9, 0.99]).tolist()
    return Seen(float(values.mean()), p1, p10, p50, p90, p99, float((values == 0).mean()))


def _there(values: Floats) -> Floats:
    there: Masks = np.isfinite(values)
    return values[there]
