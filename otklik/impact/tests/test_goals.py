from __future__ import annotations

from dataclasses import replace

import pytest

from otklik.impact.rules.goals import goal
from otklik.impact.tests.samples import BREACHES, REOPENED, REPORT


def test_a_goal_is_reckoned_from_the_kept_report_as_from_the_rows() -> None:
    found = goal(REPORT, BREACHES, 0.1)
    assert found is not None
    assert (found.change, found.expected) == pytest.approx((-0.4, 3.64))
    assert found.interval == pytest.approx((1.24, 6.04))
    assert found.answers is not None
    variance = REPORT.outcome_variance * REPORT.design_effect
    assert found.answers == pytest.approx(2 * variance * 2.8016**2 / 3.64**2, abs=1)
    assert (found.weeks, found.outside) == (-(-found.answers // 35.4), False)
    beyond = goal(REPORT, BREACHES, 6.0)
    assert beyond is not None
    assert beyond.outside


def test_nothing_is_promised_where_no_effect_was_found_or_the_wish_is_no_amount() -> None:
    assert goal(REPORT, REOPENED, 0.1) is None
    assert goal(REPORT, replace(BREACHES, within=None), 0.1) is None
    assert goal(REPORT, BREACHES, float("nan")) is None


def test_a_wish_that_would_take_the_score_off_its_scale_gets_no_number() -> None:
    beyond = goal(REPORT, BREACHES, 10_000.0)
    assert beyond is not None
    assert (beyond.expected, beyond.interval, beyond.answers, beyond.outside) == (None, None, None, True)
    near = goal(REPORT, BREACHES, 14.0)
    assert near is not None
    assert near.expected == pytest.approx(-9.1 * 13.5)
    assert near.interval == pytest.approx((-131.5, -3.1 * 13.5)), "an NPS of 31.5 can fall by 131.5"
