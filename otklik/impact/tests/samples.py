"""A report as a computation would leave it, for pages and records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from otklik.impact.rules.change_study import ChangeStudy, Span
from otklik.impact.rules.report import (
    Bin,
    DriverFound,
    Drivers,
    ExposureStudy,
    Report,
    Seen,
)
from otklik.impact.rules.slopes import Slope
from otklik.impact.rules.vocabulary import ChangeDoubt, ChangeReason, Exposure, Outcome
from otklik.stats.impact_verdict import BadRow, Confounder, Note, Reason, Verdict

BREACHES = ExposureStudy(
    exposure=Exposure.BREACHES,
    verdict=Verdict.EFFECT,
    reasons=(Reason.INTERVAL_EXCLUDES_ZERO,),
    notes=(Note.PLACEBO_TOO_WEAK,),
    confounders=(Confounder.HARD_TICKETS_ARE_SLOWER, Confounder.CHANGES_IN_TIME),
    level=0.995,
    pooled=Slope(-12.0, 2.0, -17.7, -6.3, 1840, 212, 8.4),
    within=Slope(-9.1, 2.1, -15.1, -3.1, 1840, 212, 7.9),
    placebo=Slope(-1.2, 3.0, -9.8, 7.4, 1310, 180, 11.3),
    ordered_slope=-0.31,
    ordered_p=0.0004,
    robustness=0.112,
    robustness_of_verdict=0.048,
    swing=2.0,
    worth_noticing=10.0,
    doses=(
        Bin(0, 0, 0.0, 34.0, 1300, None, None, None, 0.0),
        Bin(1, 1, 1.0, 22.5, 380, -8.0, -16.0, -0.1, -8.0),
        Bin(2, 7, 2.9, 3.1, 160, -21.0, -35.0, -7.0, -21.0),
    ),
    seen=Seen(0.5, 0.0, 0.0, 0.0, 2.0, 5.0, 0.71),
)
REOPENED = replace(
    BREACHES,
    exposure=Exposure.REOPENED,
    verdict=Verdict.NO_EFFECT_SEEN,
    reasons=(Reason.INTERVAL_IS_SMALL,),
    notes=(Note.PLACEBO_MISSING,),
    pooled=Slope(0.4, 2.0, -3.6, 4.4, 1840, 212, 8.4),
    within=Slope(0.9, 1.6, -3.6, 5.4, 1840, 212, 6.1),
    placebo=None,
    doses=(),
)
REPORT = Report(
    outcome=Outcome.NPS,
    since=date(2025, 3, 1),
    until=date(2026, 3, 1),
    rows=1862,
    bad=22,
    bad_rows=((BadRow.ANSWER_BEFORE_EXPOSURE, 20), (BadRow.SCORE_OUT_OF_RANGE, 2)),
    left_out=140,
    passed=True,
    answers=1840,
    partners=212,
    asked=4100,
    answers_a_week=35.4,
    outcome_mean=31.5,
    outcome_variance=5210.0,
    design_effect=1.6,
    studies=(BREACHES, REOPENED),
    drivers=Drivers(
        found=(
            DriverFound(Exposure.BREACHES, 0.062, 0.031, 0.099, 0.43, 0.060, 0.041),
            DriverFound(Exposure.PAYOUTS_LATE, 0.051, 0.022, 0.087, 0.36, 0.052, 0.047),
            DriverFound("tier", 0.030, 0.008, 0.055, 0.21, 0.030, 0.022),
        ),
        n=1840,
        partners=212,
        r_squared=0.143,
        unexplained=0.857,
        unexplained_low=0.812,
        unexplained_high=0.893,
        support=0.062,
        support_low=0.031,
        support_high=0.099,
        outside=0.081,
        not_separable=((Exposure.BREACHES, Exposure.PAYOUTS_LATE),),
        collinear=(),
        constant=(),
    ),
)

CHANGE = ChangeStudy(
    change=1,
    version=1,
    verdict=Verdict.EFFECT,
    reasons=(ChangeReason.INTERVAL_EXCLUDES_ZERO,),
    notes=(),
    doubts=tuple(ChangeDoubt),
    level=0.95,
    average=Slope(12.4, 2.5, 7.4, 17.4, 1700, 212, 7.1),
    before=(Span(-6, -4, 210, 1.2, -5.1, 7.5), Span(-3, -1, 220, -0.4, -6.6, 5.8)),
    since=(Span(0, 2, 230, 9.0, 2.1, 15.9), Span(3, 5, 190, 16.5, 8.8, 24.2)),
    worth_noticing=10.0,
    rows=1862,
    bad=22,
    under=420,
    left_out=3,
    split=14,
    partners=212,
    reached=96,
)
