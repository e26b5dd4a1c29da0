"""Dose and response, what could explain a slope away, policies that came step by step, and the verdict."""

from itertools import pairwise

import numpy as np
import pytest

from otklik.stats.clustered import Errors, Estimate, design_effect
from otklik.stats.doseresponse import dose_response, nearest_monotone
from otklik.stats.goals import seen, what_if
from otklik.stats.impact import Answers, study
from otklik.stats.impact_verdict import (
    BadRow,
    Confounder,
    Note,
    Reason,
    Verdict,
    gate,
    judge,
    named_confounders,
    typical_swing,
)
from otklik.stats.intervals import Interval
from otklik.stats.ordered import ordered_logit
from otklik.stats.panel import NotAPanel, pooled, within
from otklik.stats.power import NotPlannable
from otklik.stats.sensitivity import sensitivity, sensitivity_of
from otklik.stats.staggered import NotStaggered, staggered_effect
from otklik.stats.weights import clustered


def program(seed=0, units=60, periods=8, effect=None):
    """Waits in hours, their effect (a function of hours) on the outcome; partners and months differ."""
    rng = np.random.default_rng(seed)
    whose, when = np.indices((units, periods)).reshape(2, -1)
    level = rng.normal(size=units)
    wait = np.exp(rng.normal(size=len(whose)) + level[whose] / 2)
    y = 20 - 15 * level[whose] + rng.normal(size=periods)[when] * 5 + rng.normal(size=len(whose)) * 10
    return y + (effect(wait) if effect else 0), wait, whose, when


def test_a_threshold_is_seen_where_it_is():
    y, wait, whose, when = program(1, units=200, effect=lambda hours: -30.0 * (hours > 1.5))
    doses = dose_response(y, wait, whose, when, bins=6)
    assert len(doses) == 6
    assert doses[0].estimate is doses[0].band is None
    assert doses[0].monotone == 0
    assert sum(dose.n for dose in doses) == len(y)
    for dose in doses[1:]:
        expected = -30 if dose.low > 1.5 else 0 if dose.high < 1.5 else -15
        assert dose.band.low < expected < dose.band.high or dose.low < 1.5 < dose.high
        assert dose.band.low < dose.estimate.interval.low < dose.estimate.effect
    assert [a.high < b.low for a, b in pairwise(doses)] == [True] * 5
    monotone = [dose.monotone for dose in doses]
    assert monotone == sorted(monotone, reverse=True)


def test_repeated_doses_stay_together():
    y, wait, whose, when = program(2)
    breaches = np.minimum((wait > 1.2).astype(int) + (wait > 3), 2)
    doses = dose_response(y, breaches, whose, when, controls=wait)
    assert [(dose.low, dose.high) for dose in doses] == [(0, 0), (1, 1), (2, 2)]
    assert dose_response(y, np.zeros(len(y)), whose, when) == []


def test_few_partners_get_a_curve_without_a_band():
    y, wait, whose, when = program(3, units=12)
    doses = dose_response(y, wait, whose, when)
    assert {dose.band for dose in doses} == {None}
    assert doses[1].estimate.effect is not None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 3, 2, 4], [1, 2.5, 2.5, 4]),
        ([4, 2, 3, 1], [4, 2.5, 2.5, 1]),
        ([5, 5, 5, 5], [5, 5, 5, 5]),
        ([1, 2, 3, 0.5], [2, 2, 2, 0.5]),
    ],
)
def test_the_nearest_curve_that_never_turns(values, expected):
    assert nearest_monotone(np.array(values, float), np.ones(4)).tolist() == expected


def test_darfur_is_as_robust_as_published():
    """Cinelli and Hazlett 2020, table 1: being harmed and attitudes to peace, 783 degrees of freedom."""
    found = sensitivity(0.09731582 / 0.02325654, 783)
    assert found.partial_r2 == pytest.approx(0.02187, abs=5e-6)
    assert found.robustness == pytest.approx(0.13878, abs=5e-6)
    assert found.robustness_of_verdict == pytest.approx(0.07626, abs=5e-6)


def test_a_partly_linear_world_is_read_as_machine_learning_reads_it():
    """Chernozhukov et al. 2018 as DoubleML draws it: naive .689269, by forests .490752, robustness 39.5 %."""
    drawn = np.random.RandomState(3141)
    alike = 0.7 ** np.abs(np.subtract.outer(np.arange(20), np.arange(20)))
    x = drawn.multivariate_normal(np.zeros(20), alike, size=500)
    bend = 1 / (1 + np.exp(-x))
    exposure = x[:, 0] + 0.25 * bend[:, 2] + drawn.standard_normal(500)
    y = 0.5 * exposure + bend[:, 0] + 0.25 * x[:, 2] + drawn.standard_normal(500)
    rows = np.arange(500)
    assert pooled(y, exposure, rows).slopes[0] == pytest.approx(0.689269, abs=1e-6)
    held = pooled(y, np.column_stack([exposure, x]), rows)
    assert held.slopes[0] == pytest.approx(0.490752, abs=0.02)
    found = sensitivity_of(held)
    assert found.robustness == pytest.approx(0.3953, abs=0.01)
    assert found.robustness_of_verdict == pytest.approx(0.3498, abs=0.02)


def test_robustness_has_no_holes():
    assert sensitivity(0.0, 100).robustness == 0
    assert sensitivity(1.5, 100).robustness_of_verdict == 0, "0 is in the interval already"
    assert 0.999 < sensitivity(1e6, 100).robustness < 1
    huge = sensitivity(1e6, 100)
    assert huge.robustness_of_verdict <= huge.robustness
    values = [sensitivity(t, 50) for t in np.linspace(2.1, 100, 300)]
    steps = np.diff([value.robustness_of_verdict for value in values])
    assert ((steps > 0) & (steps < 0.06)).all()


def test_a_confounder_as_strong_as_the_robustness_value_brings_the_slope_to_zero():
    rng = np.random.default_rng(4)
    n = 400
    x = rng.normal(size=n)
    y = 0.5 * x + rng.normal(size=n)
    x, y = x - x.mean(), y - y.mean()
    t = within(y, x, np.zeros(n)).slopes[0] / within(y, x, np.zeros(n)).plain_error()
    strength = sensitivity(t, n - 2).robustness
    off = y - x * (x @ y) / (x @ x)
    free = rng.normal(size=n)
    basis, _ = np.linalg.qr(np.column_stack([np.ones(n), x, off, free]))
    z = basis[:, 3]
    # R2 of z with x is `strength`, and with what x leaves of y given x too
    share = np.sqrt(strength)
    ux, uy = x / np.linalg.norm(x), off / np.linalg.norm(off)
    other = np.sqrt(1 - strength)
    confounder = share * ux + other * (share * uy + np.sqrt(1 - strength) * z)
    held = within(y, np.column_stack([x, confounder]), np.zeros(n))
    assert held.slopes[0] == pytest.approx(0, abs=1e-8)


def test_clustered_intervals_make_the_verdict_less_robust():
    y, wait, whose, when = program(5, effect=lambda hours: -3 * hours)
    found = sensitivity_of(within(y, wait, whose, when))
    assert 0 < found.robustness_of_verdict < found.robustness < 1
    assert sensitivity_of(within(y, np.ones(len(y)), whose, when)) is None


def staggered_program(seed, units=90, periods=16, noise=1.0, grow=0.3):
    """A third of the partners get the policy at 5, a third at 10, with effects that differ and grow."""
    rng = np.random.default_rng(seed)
    whose, when = np.indices((units, periods)).reshape(2, -1)
    start = np.array([5, 10, 10**6])[np.arange(units) % 3]
    on = when >= start[whose]
    truth = np.where(on, 2.0 + (start[whose] == 5) + grow * (when - start[whose]), 0.0)
    y = rng.normal(size=units)[whose] * 3 + np.sin(when) * 2 + truth
    return y + noise * rng.normal(size=len(y)), on, whose, when, truth


def test_a_policy_that_came_step_by_step_has_the_effect_it_had():
    y, on, whose, when, truth = staggered_program(1, noise=0.0)
    found = staggered_effect(y, on, whose, when)
    assert found.average.effect == pytest.approx(truth[on].mean(), abs=1e-9)
    since = when - np.array([5, 10, 99])[whose % 3]
    for age, estimate in found.by_age:
        assert estimate.effect == pytest.approx(truth[on & (since == age)].mean(), abs=1e-9)
    assert (found.treated_units, found.left_out) == (60, 0)
    naive = within(y, on.astype(float), whose, when).slopes[0]
    assert naive < truth[on].mean() - 0.5, "plain two-way effects are far below"


def written_out_two_stages(y, on, whose, when):
    """Gardner's two regressions and their joint sandwich, every dummy a column."""
    marks = np.column_stack(
        [whose[:, None] == np.unique(whose), when[:, None] == np.unique(when)[1:]]
    ).astype(float)
    first = np.where(on[:, None], 0.0, marks)
    bread = np.linalg.pinv(first.T @ first)
    left = y - marks @ (bread @ first.T @ y)
    effect = left[on].mean()
    learnt = bread @ (marks.T @ on.astype(float))
    score = on * (left - effect) - (first @ learnt) * np.where(on, 0, left)
    sums = np.array([score[whose == unit].sum() for unit in np.unique(whose)])
    carried = np.where(on, 1.0, first @ learnt) ** 2
    carried = np.array([carried[whose == unit].sum() for unit in np.unique(whose)])
    carriers = carried.sum() ** 2 / (carried**2).sum()
    return effect, np.sqrt(carriers / (carriers - 1) * (sums**2).sum()) / on.sum(), carriers - 1


def test_two_stages_and_their_error_as_written_out():
    y, on, whose, when, _ = staggered_program(2, units=30)
    kept = np.random.default_rng(3).random(len(y)) < 0.8
    y, on, whose, when = y[kept], on[kept], whose[kept], when[kept]
    found = staggered_effect(y, on, whose, when).average
    expected = written_out_two_stages(y, on, whose, when)
    assert (found.effect, found.se, found.df) == pytest.approx(expected, rel=1e-8)
    assert found.df < 29
    by_region = staggered_effect(y, on, whose, when, clusters=whose // 2).average
    assert by_region.effect == pytest.approx(expected[0])
    assert (by_region.units, by_region.se) == (15, None), "15 regions: nothing is inferred"


def test_rows_with_nothing_to_compare_with_are_left_out_and_counted():
    y, on, whose, when, truth = staggered_program(4, noise=0.0)
    always = np.concatenate([on, np.ones(16, bool)])
    whose_too, when_too = np.append(whose, np.full(16, 90)), np.append(when, np.arange(16))
    found = staggered_effect(np.append(y, np.full(16, 1e6)), always, whose_too, when_too)
    assert found.left_out == 16
    assert found.average.effect == pytest.approx(truth[on].mean(), abs=1e-9)
    everybody = whose % 3 < 2  # nobody is left without the policy from period 10 on
    found = staggered_effect(y[everybody], on[everybody], whose[everybody], when[everybody])
    assert found.left_out == int((everybody & (when >= 10)).sum())
    assert found.average.effect == pytest.approx(truth[on & everybody & (when < 10)].mean(), abs=1e-9)


def test_a_policy_for_few_partners_is_not_judged():
    y, on, whose, when, _ = staggered_program(5)
    few = on & (whose < 12)
    assert staggered_effect(y, few, whose, when).treated_units == 8
    assert staggered_effect(y, few, whose, when).average.interval is None


def test_what_is_not_a_policy_that_came_and_stayed_is_refused():
    y, on, whose, when, _ = staggered_program(6)
    for treated in (on & (when != 12), np.zeros(len(y)), np.ones(len(y))):
        with pytest.raises(NotStaggered):
            staggered_effect(y, treated, whose, when)
    for outcome, treated in ((np.append(y[1:], np.nan), on), (y, on * 0.5), (y[1:], on)):
        with pytest.raises(NotAPanel):
            staggered_effect(outcome, treated, whose, when)


CLEAN = gate(1000, {BadRow.DUPLICATE_ANSWER: np.arange(1000) < 50})


def estimate(effect, se=1.0, units=60):
    inferred = units >= 20
    return Estimate(
        effect=effect,
        se=se if inferred else None,
        interval=Interval(effect - 2 * se, effect + 2 * se) if inferred else None,
        p_value=0.5 if inferred else None,
        df=units - 1 if inferred else None,
        errors=Errors.CRV1 if inferred else None,
        n=1000,
        units=units,
        smallest_visible=2.8 * se if inferred else None,
    )


def rank_slope(sign):
    rng = np.random.default_rng(7)
    x = rng.normal(size=200)
    return ordered_logit(np.digitize(sign * 2 * x + rng.logistic(size=200), [-1, 1]), x[:, None], ["wait"])


@pytest.mark.parametrize(
    ("within_", "more", "verdict", "reason"),
    [
        (estimate(-5.0), {}, Verdict.EFFECT, Reason.INTERVAL_EXCLUDES_ZERO),
        (estimate(-1.0), {}, Verdict.NO_EFFECT_SEEN, Reason.INTERVAL_IS_SMALL),
        (estimate(-1.0), {"swing": -4.0}, Verdict.CANNOT_TELL, Reason.INTERVAL_TOO_WIDE),
        (estimate(-5.0), {"placebo": estimate(3.0)}, Verdict.CANNOT_TELL, Reason.FUTURE_MOVES_PAST),
        (estimate(-1.0), {"placebo": estimate(3.0)}, Verdict.CANNOT_TELL, Reason.FUTURE_MOVES_PAST),
        (estimate(-5.0), {"placebo": estimate(1.0)}, Verdict.EFFECT, Reason.INTERVAL_EXCLUDES_ZERO),
        (estimate(-5.0), {"ordered": rank_slope(1)}, Verdict.CANNOT_TELL, Reason.RANKS_DISAGREE),
        (estimate(-5.0), {"ordered": rank_slope(-1)}, Verdict.EFFECT, Reason.INTERVAL_EXCLUDES_ZERO),
        (estimate(-5.0, units=19), {}, Verdict.REFUSED, Reason.TOO_FEW_UNITS),
    ],
)
def test_the_verdict_and_its_reason(within_, more, verdict, reason):
    found = judge(CLEAN, within_, **{"swing": 2.0, "worth_noticing": 10.0, **more})
    assert (found.verdict, found.reasons) == (verdict, (reason,))
    assert (found.smallest_visible is None) == (verdict is Verdict.REFUSED)


def test_both_reasons_not_to_tell_are_told():
    found = judge(CLEAN, estimate(-1.0), placebo=estimate(3.0), swing=20, worth_noticing=10)
    assert found.verdict is Verdict.CANNOT_TELL
    assert found.reasons == (Reason.FUTURE_MOVES_PAST, Reason.INTERVAL_TOO_WIDE)


def test_bad_rows_refuse_whatever_the_slope():
    bad = gate(
        1000, {BadRow.DUPLICATE_ANSWER: np.arange(1000) < 51, BadRow.IMPOSSIBLE_TIMES: np.zeros(1000, bool)}
    )
    assert (bad.bad_share, bad.reasons) == (0.051, ((BadRow.DUPLICATE_ANSWER, 51),))
    found = judge(bad, estimate(-50.0), swing=1, worth_noticing=10)
    assert (found.verdict, found.reasons, found.notes) == (Verdict.REFUSED, (Reason.BAD_ROWS,), ())
    twice_bad = {
        reason: np.arange(1000) < 50 for reason in (BadRow.VALUE_UNREADABLE, BadRow.SCORE_OUT_OF_RANGE)
    }
    assert gate(1000, twice_bad).passed, "a row is bad once"
    assert not gate(0, {}).passed


def test_an_exposure_that_never_varies_is_refused():
    y, _, whose, when = program(8)
    never = within(y, np.ones(len(y)), whose, when).estimate()
    found = judge(CLEAN, never, swing=1, worth_noticing=10)
    assert (found.verdict, found.reasons) == (Verdict.REFUSED, (Reason.NOTHING_TO_COMPARE,))


def test_what_should_be_heard_beside_an_effect():
    sure = {"swing": 2.0, "worth_noticing": 10.0}
    found = judge(
        CLEAN,
        estimate(-2.5),
        pooled=estimate(4.0),
        placebo=estimate(0.0, se=5.0),
        ordered=rank_slope(0),
        sensitivity=sensitivity(2.1, 5000),
        swing=2.0,
        worth_noticing=10.0,
    )
    assert found.verdict is Verdict.EFFECT
    assert set(found.notes) == {
        Note.POOLED_DISAGREES,
        Note.PLACEBO_TOO_WEAK,
        Note.RANKS_DO_NOT_CONFIRM,
        Note.EASILY_EXPLAINED_AWAY,
        Note.SMALLER_THAN_WORTH_NOTICING,
    }
    plain = judge(CLEAN, estimate(-6.0), pooled=estimate(-6.5), placebo=estimate(0.1), **sure)
    assert plain.notes == ()
    assert judge(CLEAN, estimate(-6.0), **sure).notes == (Note.PLACEBO_MISSING,)


def test_without_units_nothing_is_told_however_sure_the_slope_looks():
    found = judge(CLEAN, None, pooled=estimate(-6.0), swing=10, worth_noticing=1)
    assert (found.verdict, found.reasons) == (Verdict.CANNOT_TELL, (Reason.NO_UNITS,))
    bad = gate(100, {BadRow.SCORE_OUT_OF_RANGE: np.arange(100) < 6})
    assert judge(bad, None, swing=10, worth_noticing=1).verdict is Verdict.REFUSED


def test_confounders_are_named_until_they_are_held():
    everything = named_confounders(
        everybody_asked=False,
        difficulty_held=False,
        tickets_held=False,
        response_share=None,
        units_known=False,
    )
    assert everything == tuple(Confounder)
    held = named_confounders(
        everybody_asked=True, difficulty_held=True, tickets_held=True, response_share=0.9
    )
    assert held == (Confounder.CHANGES_IN_TIME,)
    assert judge(CLEAN, estimate(-5.0), swing=1, worth_noticing=1, confounders=held).confounders == held


def test_a_typical_swing_is_one_that_happens():
    assert typical_swing(np.arange(101)) == 80
    assert typical_swing([0] * 95 + [1, 1, 2, 9, 40]) == 2
    assert typical_swing([0] * 180 + [1] * 20) == 1, "nobody has a tenth of a breach"
    assert typical_swing([3] * 92 + [2] * 4 + [4] * 4) == 1, "what varies on both sides varies"
    assert typical_swing([]) == typical_swing([3, 3]) == 0


WAITS = np.linspace(2, 10, 401)  # hours, 6 on average


def test_a_shorter_wait_has_its_price_in_answers_and_weeks():
    goal = what_if(estimate(-5.0), WAITS, wish=4.0, outcome_variance=100.0**2 * 0.67, answers_a_week=50)
    assert (goal.change, goal.expected) == pytest.approx((-2, 10))
    assert goal.interval == pytest.approx((6, 14))
    assert goal.answers == 1052, "two groups, 10 points, variance .67, power 80 %"
    assert (goal.weeks, goal.outside) == (22, False)
    kept = what_if(estimate(-5.0), seen(WAITS), wish=4.0, outcome_variance=100.0**2 * 0.67, answers_a_week=50)
    assert kept == goal, "the rows themselves are not needed again"
    alike = what_if(
        estimate(-5.0),
        WAITS,
        wish=4.0,
        outcome_variance=100.0**2 * 0.67,
        answers_a_week=50,
        design_effect=2.0,
    )
    assert alike.answers == pytest.approx(2 * goal.answers, abs=1)


def test_wishes_beyond_what_was_seen_are_told():
    more = {"outcome_variance": 6700.0, "answers_a_week": 50}
    assert what_if(estimate(-5.0), WAITS, wish=0.5, **more).outside
    assert what_if(estimate(-5.0), WAITS, wish=40.0, **more).outside
    stay = what_if(estimate(-5.0), WAITS, wish=float(WAITS.mean()), **more)
    assert (stay.expected, stay.answers, stay.weeks) == (0, None, None)
    unknown = what_if(estimate(-5.0, units=12), WAITS, wish=4.0, **more)
    assert (unknown.expected, unknown.interval, unknown.answers) == (None, None, None)
    for bad in ({"wish": float("nan")}, {"wish": 4.0, "answers_a_week": 0}):
        with pytest.raises(NotPlannable):
            what_if(estimate(-5.0), WAITS, **{**more, **bad})
    with pytest.raises(NotPlannable):
        what_if(estimate(-5.0), [], wish=4.0, **more)


def test_looking_at_many_exposures_widens_what_decides_and_not_what_takes_an_effect_back():
    y, wait, whose, when = program(4, effect=lambda hours: -1.0 * hours)
    rng = np.random.default_rng(4)
    answers = Answers(y, wait, whose, when, lead=rng.normal(size=len(y)), ranks=np.digitize(y, (0, 30)))
    one, many = (study(answers, CLEAN, doses=True, level=level) for level in (0.95, 0.995))
    assert many.within.effect == one.within.effect
    for wide, narrow in (
        (many.within.interval, one.within.interval),
        (many.pooled.interval, one.pooled.interval),
        (many.doses[-1].band, one.doses[-1].band),
    ):
        assert wide.low < narrow.low < narrow.high < wide.high
    assert many.placebo == one.placebo
    assert many.sensitivity.robustness_of_verdict < one.sensitivity.robustness_of_verdict


def test_answers_of_one_partner_that_are_alike_count_for_fewer():
    rng = np.random.default_rng(5)
    whose, noise = np.repeat(np.arange(200), 6), rng.normal(size=1200)
    assert design_effect(noise, whose) == pytest.approx(1, abs=0.25)
    assert design_effect(np.repeat(rng.normal(size=200), 6), whose) == pytest.approx(6, rel=0.02)
    categories = rng.integers(0, 3, 1200)
    counts = np.stack([np.bincount(whose, categories == one, 200) for one in range(3)], axis=1)
    by_account = clustered(counts.astype(int)).standard_error
    points = categories - 1.0
    assert design_effect(points, whose) == pytest.approx(by_account**2 / (points.var(ddof=1) / 1200))
    assert design_effect(np.ones(4), [1, 1, 2, 2]) == design_effect(noise[:3], [1, 1, 1]) == 1
