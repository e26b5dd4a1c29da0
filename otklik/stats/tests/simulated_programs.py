"""Partner programs with a known truth: who waits how long, what it does to the score they give, and how often
what is said of it is right. Drawn by the slow tests and by bin/bench."""

from dataclasses import dataclass

import numpy as np

from otklik.stats.impact import Answers, study
from otklik.stats.impact_verdict import BadRow, Reason, Verdict, gate, named_confounders
from otklik.stats.panel import within

HELD = named_confounders(everybody_asked=True, difficulty_held=True, tickets_held=True, response_share=1.0)


@dataclass(frozen=True)
class Program:
    """Answers (n,): outcome +100 / 0 / -100, category 0..2, wait in this month and the next, what is held."""

    outcome: np.ndarray
    category: np.ndarray
    wait: np.ndarray
    next_wait: np.ndarray
    difficulty: np.ndarray
    partner: np.ndarray
    month: np.ndarray


def drifting(rng, partners, months, memory=0.6):
    """Standard normal by partner and month, months of a partner alike: what makes plain errors too small."""
    found = rng.normal(size=(partners, months))
    for month in range(1, months):
        found[:, month] = memory * found[:, month - 1] + np.sqrt(1 - memory**2) * found[:, month]
    return found


def answers_by_month(rng, partners, months, uneven):
    """Partner and month of each answer; uneven: some partners answer ten times as often as others."""
    partner, month = np.indices((partners, months)).reshape(2, -1)
    size = np.exp(rng.normal(size=partners)) if uneven else np.ones(partners)
    answers = rng.poisson(2 * size[partner] / size.mean())
    answers[np.arange(partners) * months + rng.integers(0, months, partners)] += 1  # everybody answers once
    return np.repeat(partner, answers), np.repeat(month, answers)


def linear_panel(rng, *, partners, months=12, uneven=False, effect=2.0):
    """Outcome with a straight effect of a wait that drifts, goes with the partner and with the month."""
    partner, month = answers_by_month(rng, partners, months, uneven)
    level, season = rng.normal(size=partners), rng.normal(size=months)
    wait = drifting(rng, partners, months) + level[:, None] + season
    x = wait[partner, month] + rng.normal(size=len(partner)) / 2
    mood = 8 * drifting(rng, partners, months)[partner, month] + 10 * level[partner] + 4 * season[month]
    return effect * x + mood + rng.normal(size=len(x)) * 10, x, partner, month


def program(rng, *, partners, months=12, effect=0.0, hidden=0.0, reverse=0.0, uneven=True):
    """Scores of answers whose wait goes with the partner's nature and with difficulty, both of which lower
    the score. `effect`: points of the 0..10 scale lost per unit of wait; `hidden`: strength of something
    unmeasured that changes in time and does both; `reverse`: how much a bad month lengthens the next wait.
    """
    partner, month = answers_by_month(rng, partners, months, uneven)
    nature, season = rng.normal(size=partners), rng.normal(size=months) / 2
    difficulty, unmeasured = drifting(rng, partners, months), drifting(rng, partners, months)
    shock = drifting(rng, partners, months)
    wait = (nature[:, None] + difficulty + season + hidden * unmeasured) / 2 + drifting(rng, partners, months)
    wait[:, 1:] -= reverse * shock[:, :-1]
    mood = 8 - nature[:, None] - difficulty / 2 + season + shock - hidden * unmeasured - effect * wait
    felt = mood[partner, month] + rng.normal(size=len(partner)) * 2
    score = np.clip(np.rint(felt), 0, 10)
    category = np.digitize(score, (7, 9))
    following = np.append(wait, np.full((partners, 1), np.nan), axis=1)[:, 1:]
    return Program(
        outcome=100.0 * (category - 1),
        category=category,
        wait=wait[partner, month],
        next_wait=following[partner, month],
        difficulty=difficulty[partner, month],
        partner=partner,
        month=month,
    )


def covered(runs, seed, errors=None, **shape):
    """Share of runs whose interval within partners holds the true slope; `shape`: as `linear_panel`."""
    rng = np.random.default_rng(seed)
    inside = 0
    for _ in range(runs):
        y, x, partner, month = linear_panel(rng, effect=2.0, **shape)
        low, high = within(y, x, partner, month).estimate(errors=errors).interval
        inside += low <= 2.0 <= high
    return inside / runs


def verdict_of(found):
    """What a reader is told of such a program."""
    quality = gate(len(found.wait), {BadRow.DUPLICATE_ANSWER: np.zeros(len(found.wait), bool)})
    answers = Answers(
        outcome=found.outcome,
        exposure=found.wait,
        units=found.partner,
        periods=found.month,
        controls=found.difficulty[:, None],
        lead=found.next_wait,
        ranks=found.category,
    )
    return study(answers, quality, confounders=HELD).verdict


def verdicts(runs, seed, **shape):
    """`shape`: as `program`."""
    rng = np.random.default_rng(seed)
    return [verdict_of(program(rng, **shape)) for _ in range(runs)]


def share(found, verdict):
    return sum(one.verdict is verdict for one in found) / len(found)


def at_most(chance, runs):
    """What a rate that is really ``chance`` stays under but for luck: two Monte-Carlo errors more."""
    return chance + 2 * np.sqrt(chance * (1 - chance) / runs)


def within_seen(found):
    """The interval excludes 0, whatever the placebo and the ranks said afterwards."""
    taken_back = found.reasons in ((Reason.FUTURE_MOVES_PAST,), (Reason.RANKS_DISAGREE,))
    return found.verdict is Verdict.EFFECT or taken_back
