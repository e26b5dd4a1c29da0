"""What a wish for a cause would bring, reckoned from what was kept of its study."""

from __future__ import annotations

from math import ceil

from otklik.impact.rules.report import ExposureStudy, Report
from otklik.stats.goals import Goal
from otklik.stats.impact_verdict import Verdict
from otklik.stats.intervals import Interval
from otklik.stats.power import group_size


def goal(report: Report, study: ExposureStudy, wish: float) -> Goal | None:
    """From the mean of the exposure to ``wish``. None where the verdict is not an effect: then there is
    nothing to expect."""
    slope = study.within
    if study.verdict is not Verdict.EFFECT or slope is None or slope.effect is None:
        return None
    change, outside = wish - study.seen.mean, not study.seen.p1 <= wish <= study.seen.p99
    expected = slope.effect * change
    low, high = sorted(((slope.low or 0.0) * change, (slope.high or 0.0) * change))
    if expected == 0 or report.answers_a_week <= 0:
        return Goal(change, expected, Interval(low, high), None, None, outside)
    answers = group_size(expected, variance=report.outcome_variance * report.design_effect)
    return Goal(
        change, expected, Interval(low, high), answers, ceil(answers / report.answers_a_week), outside
    )
