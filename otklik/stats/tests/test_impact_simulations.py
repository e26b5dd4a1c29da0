"""How often the verdict on an effect is right, over many programs whose truth is known. Slow."""

import numpy as np
import pytest

from otklik.stats.clustered import Errors
from otklik.stats.drivers import find_drivers
from otklik.stats.impact_verdict import Reason, Verdict
from otklik.stats.panel import within
from otklik.stats.pretrends import before_it_came
from otklik.stats.shapley import shares
from otklik.stats.staggered import staggered_effect
from otklik.stats.tests.simulated_programs import at_most, covered, share, verdicts, within_seen

pytestmark = pytest.mark.slow


@pytest.fixture
def told(capsys):
    """Says a line beside the test, whatever pytest captures."""

    def say(text):
        with capsys.disabled():
            print(f"\n{text}", end="")

    return say


@pytest.mark.parametrize("uneven", [False, True])
@pytest.mark.parametrize(("partners", "runs"), [(50, 1000), (100, 1000), (600, 400)])
def test_the_interval_within_partners_keeps_its_word(told, partners, runs, uneven):
    found = covered(runs, partners, partners=partners, uneven=uneven)
    told(f"{partners} partners{', uneven' * uneven}: the interval holds the truth in {found:.1%} of {runs:,}")
    assert 0.93 <= found <= 0.97


@pytest.mark.parametrize("uneven", [False, True])
@pytest.mark.parametrize("partners", [20, 30, 49])
def test_it_does_with_few_partners_where_the_usual_errors_do_not(told, partners, uneven):
    found = covered(1000, partners, partners=partners, uneven=uneven)
    told(f"{partners} partners{', uneven' * uneven}: the interval holds the truth in {found:.1%} of 1,000")
    assert 0.925 <= found <= 0.975
    if uneven:
        usual = covered(1000, partners, errors=Errors.CRV1, partners=partners, uneven=True)
        told(f"{partners} partners, uneven: by the usual errors (CRV1) in {usual:.1%}")
        assert usual < 0.925


@pytest.mark.parametrize(("rows", "partners"), [(60, None), (400, None), (600, 60), (400, 25)])
def test_shares_of_drivers_keep_their_word_and_equal_ones_are_not_ranked(rows, partners):
    """Two equal drivers and a weak one, all correlated; answers of a partner are half alike."""
    rng = np.random.default_rng(rows)
    among = np.array([[1, 0.5, 0.4], [0.5, 1, 0.4], [0.4, 0.4, 1]])
    slopes, noise = np.array([0.6, 0.6, 0.2]), 3.0
    joint = np.append(among @ slopes, slopes @ among @ slopes + noise)
    cross = np.block([[among, joint[:3, None]], [joint[None]]])
    truth = shares(cross[:, :, None]).lmg[:, 0]
    whose = None if partners is None else np.arange(rows) % partners
    inside, told_apart = np.zeros(3), 0
    for _ in range(500):
        own = rng.normal(size=(rows, 4))
        common = own if whose is None else rng.normal(size=(partners, 4))[whose]
        drawn = own if whose is None else (own + common) / np.sqrt(2)
        x = drawn[:, :3] @ np.linalg.cholesky(among).T
        y = x @ slopes + drawn[:, 3] * np.sqrt(noise)
        found = find_drivers(y, x, ["0", "1", "2"], units=whose, replicates=300)
        for driver in found.drivers:
            low, high = driver.interval
            inside[int(driver.name)] += low <= truth[int(driver.name)] <= high
        told_apart += not {("0", "1"), ("1", "0")} & set(found.not_separable)
    assert (inside / 500 > 0.915).all()
    assert told_apart / 500 < 0.09


@pytest.mark.parametrize(("partners", "runs"), [(60, 2000), (25, 1000)])
def test_no_effect_is_rarely_called_one(told, partners, runs):
    """Whatever lengthens the wait and lowers the score is constant for a partner, or held."""
    rate, limit = share(verdicts(runs, 1, partners=partners), Verdict.EFFECT), at_most(0.05, runs)
    told(f"no effect, {partners} partners: called one in {rate:.1%} of {runs:,} (at most {limit:.1%})")
    assert rate <= limit


def test_something_hidden_that_changes_in_time_misleads_and_is_named(told):
    found = verdicts(300, 2, partners=60, hidden=1.0)
    rate = share(found, Verdict.EFFECT)
    told(f"no effect, hidden confounder changing in time: called an effect in {rate:.0%} of programs")
    assert rate > 0.2, "nothing in the data can tell; that is why it is said"
    assert all("changes_in_time" in one.confounders for one in found)


def test_an_effect_that_can_be_seen_is_seen(told):
    """The linear slope of a program with 90 % power; and the curve of power, printed."""
    lines = []
    for effect in (0.0, 0.1, 0.2, 0.3, 0.4, 0.6):
        found = verdicts(200, 3, partners=60, effect=effect)
        counts = {verdict: share(found, verdict) for verdict in Verdict}
        seen = np.mean([within_seen(one) for one in found])
        lines.append((effect, seen, counts[Verdict.EFFECT], counts[Verdict.NO_EFFECT_SEEN]))
        if seen >= 0.9:
            assert counts[Verdict.EFFECT] >= 0.75, effect
    told("points lost per unit of wait: within slope seen, verdict effect, verdict no effect seen")
    for effect, seen, called, nothing in lines:
        told(f"  {effect:.1f}: {seen:.0%} {called:.0%} {nothing:.0%}")
    assert lines[-1][1] > 0.9


def test_the_placebo_catches_moods_that_make_people_wait(told):
    found = verdicts(300, 4, partners=60, reverse=0.6)
    caught = np.mean([Reason.FUTURE_MOVES_PAST in one.reasons for one in found])
    told(f"a bad mood that makes people wait: the placebo catches {caught:.0%} of programs")
    assert caught > 0.8
    assert np.mean([within_seen(one) for one in found]) > 0.2, "without the placebo this passes for an effect"
    assert share(found, Verdict.EFFECT) < 0.1


@pytest.mark.parametrize(
    ("partners", "reached"),
    [(60, (1 / 3, 1 / 3)), (25, (1 / 3, 1 / 3)), (60, (0.45, 0.45)), (100, (0.1, 0.1))],
)
def test_two_stage_intervals_keep_their_word_where_plain_two_way_effects_fail(partners, reached):
    """Thirds, but also where few stay without the policy or few get it: those few carry the result."""
    rng = np.random.default_rng(partners)
    whose, when = np.indices((partners, 16)).reshape(2, -1)
    inside, naive_inside = [], []
    truth_of_all = (11 * 4.5 + 6 * 2.75) / 17  # two starts as likely, 11 and 6 months under the policy
    for _ in range(500):
        start = rng.choice([5, 10, 99], partners, p=[*reached, 1 - sum(reached)])
        on = when >= start[whose]
        truth = np.where(on, 2.0 + (start[whose] == 5) + 0.3 * (when - start[whose]), 0.0)
        drift = rng.normal(size=(partners, 16)).cumsum(axis=1)[whose, when] * 0.3
        y = rng.normal(size=partners)[whose] + np.sin(when) + truth + drift + rng.normal(size=len(when))
        found = staggered_effect(y, on, whose, when).average.interval
        if found is not None:
            inside.append(found.low <= truth_of_all <= found.high)
        low, high = within(y, on.astype(float), whose, when).estimate().interval
        naive_inside.append(low <= truth_of_all <= high)
    assert len(inside) > 450
    assert 0.93 <= np.mean(inside) <= 0.98
    if partners == 60:
        assert np.mean(naive_inside) < 0.3


def test_leads_raise_a_false_alarm_in_one_program_of_twenty(told):
    """Two leads together, errors that belong together within a partner; and a dip before it is caught."""
    rng = np.random.default_rng(8)
    whose, when = np.indices((60, 16)).reshape(2, -1)
    alarms = {0.0: 0, -1.5: 0}
    for dip in alarms:
        for _ in range(300):
            age = when - rng.choice([6, 10, 99], 60)[whose]
            lead = np.where((age < 0) & (age >= -6), -((2 - age) // 3), 0)
            own = rng.normal(size=(60, 16))[whose, when] + rng.normal(size=60)[whose]
            y = own + np.sin(when) + 2.0 * (age >= 0) + dip * (lead == -1)
            found = before_it_came(y, age >= 0, whose, when, lead)
            alarms[dip] += any(
                not one.estimate.interval.low <= 0 <= one.estimate.interval.high for one in found
            )
    told(f"leads: false alarms {alarms[0.0] / 300:.0%}, a dip before it caught {alarms[-1.5] / 300:.0%}")
    assert 0.02 <= alarms[0.0] / 300 <= 0.08
    assert alarms[-1.5] / 300 > 0.9
