import math

import numpy as np
import pytest

from otklik.stats.logodds import (
    NotWordCounts,
    WordsVerdict,
    benjamini_hochberg,
    log_odds,
    separating_words,
)


def test_the_figures_are_those_worked_out_by_hand():
    odds = log_odds([20, 5, 75], [5, 10, 85])
    assert odds.delta[0] == pytest.approx(math.log(32.5 / 167.5) - math.log(17.5 / 182.5), rel=1e-12)
    assert odds.sd[0] == pytest.approx(math.sqrt(1 / 32.5 + 1 / 17.5), rel=1e-12)
    assert odds.z[0] == pytest.approx(2.37708830, rel=1e-8)


def test_a_prior_of_its_own_is_scaled_to_its_size():
    """Alpha = 5, 15 and 30 of 50."""
    odds = log_odds([10, 10, 30], [1, 19, 30], prior=[100, 300, 600], size=50)
    assert odds.delta[0] == pytest.approx(math.log(15 / 85) - math.log(6 / 94), rel=1e-12)
    assert odds.sd[2] == pytest.approx(math.sqrt(1 / 60 + 1 / 60), rel=1e-12)
    assert odds.delta[2] == 0


def test_groups_change_places_and_words_change_sign():
    rng = np.random.default_rng(3)
    first, second = rng.integers(0, 40, 30), rng.integers(1, 40, 30)
    assert np.allclose(log_odds(first, second).z, -log_odds(second, first).z)


def test_a_word_seen_once_never_leads_a_word_seen_often():
    """The trap of plain ratios: one against none is infinite."""
    z = log_odds([1, 40, 400], [0, 5, 500]).z
    assert abs(z[0]) < 1 < z[1]


def test_few_words_say_nothing_at_all():
    found = separating_words([5, 5, 10], [30, 1, 60])
    assert found.verdict is WordsVerdict.CANNOT_TELL
    assert found.odds is None
    assert separating_words([], []).verdict is WordsVerdict.CANNOT_TELL
    assert separating_words([60], [60]).verdict is WordsVerdict.CANNOT_TELL


def test_samples_of_one_vocabulary_hardly_ever_differ():
    rng = np.random.default_rng(20)
    shares = 1 / np.arange(1, 301)
    shares /= shares.sum()
    alarms = 0
    for _ in range(300):
        found = separating_words(rng.multinomial(300, shares), rng.multinomial(700, shares))
        alarms += found.verdict is WordsVerdict.DIFFERENT
    assert alarms <= 3


def test_a_word_that_one_group_uses_four_times_as_often_is_named():
    rng = np.random.default_rng(21)
    shares = np.full(100, 0.01)
    theirs = shares.copy()
    theirs[7] = 0.08
    found = separating_words(rng.multinomial(600, theirs / theirs.sum()), rng.multinomial(600, shares))
    assert found.first[0] == 7
    assert 7 not in found.second


def test_rare_words_are_not_tested_but_weigh_in_the_total():
    first, second = np.array([60, 2, 20]), np.array([60, 0, 20])
    found = separating_words(first, second)
    assert found.verdict is WordsVerdict.NO_DIFFERENCE_SEEN
    assert found.odds is not None
    assert len(found.odds.z) == 3


def test_benjamini_hochberg_passes_all_up_to_the_last_that_fits():
    """The example of the paper with 15 p-values, of which the rule at 5 % rejects four."""
    p = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
        0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
    ]  # fmt: skip
    assert benjamini_hochberg(p, 0.05).tolist() == [True] * 4 + [False] * 11
    # The second alone would not stand; the third lifts it.
    assert benjamini_hochberg([0.01, 0.04, 0.045], 0.05).tolist() == [True, True, True]
    assert benjamini_hochberg([], 0.05).tolist() == []


@pytest.mark.parametrize("first", [[1.5, 2], [-1, 2], [float("nan"), 2]])
def test_counts_that_are_none_are_refused(first):
    with pytest.raises(NotWordCounts):
        log_odds(first, [1, 1])
    with pytest.raises(NotWordCounts):
        log_odds([1, 2, 3], [1, 2])
