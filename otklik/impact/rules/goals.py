"""What a wish for a cause would bring, reckoned from what was kept of its study."""

from __future__ import annotations

from otklik.impact.rules.report import ExposureStudy, Report
from otklik.impact.rules.slopes import Slope
from otklik.impact.rules.telling import room
from otklik.stats.clustered import Estimate
from otklik.stats.goals import Goal, Seen, what_if
from otklik.stats.impact_verdict import Verdict
from otklik.stats.intervals import Interval
from otklik.stats.power import NotPlannable


def goal(report: Report, study: ExposureStudy, wish: float) -> Goal | None:
    """From the mean of the exposure to ``wish``. None where the verdict is not an effect: then there is
    nothing to expect; nor for a wish that is no amount. Without a number where the score would leave its
    scale."""
    slope = study.within
    if study.verdict is not Verdict.EFFECT or slope is None:
        return None
    try:
        return what_if(
            _estimate(slope),
            Seen(study.seen.mean, study.seen.p1, study.seen.p99),
            wish=wish,
            outcome_variance=report.outcome_variance,
            answers_a_week=report.answers_a_week,
            design_effect=report.design_effect,
            room=room(report.outcome, report.outcome_mean),
        )
    except NotPlannable:
        return None


def _estimate(slope: Slope) -> Estimate:
    interval = None if slope.low is None or slope.high is None else Interval(slope.low, slope.high)
    return Estimate(
        effect=slope.effect,
        se=slope.se,
        interval=interval,
        p_value=None,
        df=None,
        errors=None,
        n=slope.n,
        units=slope.units,
        smallest_visible=slope.smallest_visible,
    )
