"""What a plan will give: answers, the interval of the score, and the days until it is as narrow as wished.

Formulas: docs/formulas/sampling.md. A response rate without history is an assumption and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, inf, sqrt
from typing import NamedTuple

from otklik.stats.intervals import interval
from otklik.stats.special import two_sided_z
from otklik.stats.summary import TOO_FEW_ANSWERS
from otklik.stats.waits import quantile
from otklik.stats.weights import AS_GOOD_AS_ALL, remaining_share

ASSUMED_RATE = 0.2
ASSUMED_WEIGHT = 20
"""Invitations the assumed rate counts for beside those of the history."""
WORST_SHARES = (0.5, 0.0, 0.5)
ENOUGH_SHARES = 30
ENOUGH_DELAYS = 20


class Source(StrEnum):
    HISTORY = "history"
    ASSUMED = "assumed"


class Reach(StrEnum):
    REACHED = "reached"
    NEVER = "never"
    """With this plan, however long one waits."""
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Past:
    """Of one role: invitations that were sent, and how many of them were answered."""

    invited: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True)
class RoleEstimate:
    role: str
    people: int
    invited: int
    rate: float
    source: Source
    expected: float


class Range(NamedTuple):
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """`half_width` on [-1, 1], None under five answers; `widest` and `narrowest` belong to the ends of
    `answers`. `shares` (detractors, passives, promoters) are what the width was reckoned with."""

    roles: tuple[RoleEstimate, ...]
    people: int
    invited: int
    expected: float
    answers: Range
    half_width: float | None
    widest: float | None
    narrowest: float | None
    shares: tuple[float, float, float]
    shares_source: Source


class Days(NamedTuple):
    """`days` is None unless reached."""

    reach: Reach
    days: int | None = None


def estimate(
    people: Mapping[str, int],
    invited: Mapping[str, int],
    past: Mapping[str, Past],
    scores: tuple[int, int, int] | None = None,
    *,
    level: float = 0.95,
) -> Estimate:
    """By role: people who could have been asked, those the plan asks, and what came of earlier invitations.
    `scores`: earlier answers (detractors, passives, promoters); too few of them count as the worst case."""
    z = two_sided_z(level)
    roles, spread = [], 0.0
    for role in sorted(people):
        count, before = invited.get(role, 0), past.get(role, Past())
        rate, variance = _answers_of(count, before)
        source = Source.HISTORY if before.invited else Source.ASSUMED
        roles.append(RoleEstimate(role, people[role], count, rate, source, count * rate))
        spread += variance
    everybody, asked = sum(people.values()), sum(one.invited for one in roles)
    expected = sum(one.expected for one in roles)
    reach = z * sqrt(spread)
    answers = Range(max(0, ceil(expected - reach)), min(asked, int(expected + reach)))
    shares, source = _shares(scores)

    def width(answers: float) -> float | None:
        return half_width(answers, shares, everybody, level=level)

    return Estimate(
        tuple(roles),
        everybody,
        asked,
        expected,
        answers,
        width(expected),
        width(answers.low),
        width(answers.high),
        shares,
        source,
    )


def half_width(
    answers: float, shares: Sequence[float], people: int | None = None, *, level: float = 0.95
) -> float | None:
    """Half of Tango's interval for so many answers with these shares, from a population of so many people.
    None under five answers: there is no score then."""
    if answers < TOO_FEW_ANSWERS:
        return None
    left = float(remaining_share(answers, max(answers, inf if people is None else people)))
    effective = [answers * share / max(left, 1 / AS_GOOD_AS_ALL) for share in shares]
    limits = interval(effective, level=level)
    return None if limits is None else (limits.high - limits.low) / 2


def answers_needed(wished: float, shares: Sequence[float], people: int, *, level: float = 0.95) -> int | None:
    """The fewest answers whose half-width is at most `wished` (on [-1, 1]); None where all people are not
    enough to have a score."""

    def is_enough(answers: int) -> bool:
        width = half_width(answers, shares, people, level=level)
        return width is not None and width <= wished

    if not is_enough(people):
        return None
    low, high = 0, people
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def days_of_wave(needed: int | None, expected: float, delays: Sequence[float]) -> Days:
    """`delays`: days from invitation to answer of earlier waves, ascending. The needed answers are so large a
    share of the expected ones; when was that share in, before?"""
    if needed is None or needed > expected:
        return Days(Reach.NEVER)
    if len(delays) < ENOUGH_DELAYS:
        return Days(Reach.CANNOT_TELL)
    share = needed / expected
    return Days(Reach.REACHED, ceil(delays[-1] if share >= 1 else quantile(delays, share).value))


def days_of_rolling(
    needed: int | None, per_day: float, rate: float, every_days: int, delays: Sequence[float]
) -> Days:
    """With so many people asked a day. Within one round everybody answers once; what one round does not give,
    further rounds of the same people do not either. `delays` as above; none known count as at once."""
    if needed is None or per_day <= 0 or rate <= 0:
        return Days(Reach.NEVER)
    asked_for = ceil(needed / (per_day * rate) - 1e-9)
    if asked_for > every_days:
        return Days(Reach.NEVER)
    wait = quantile(delays, 0.5).value if len(delays) >= ENOUGH_DELAYS else 0.0
    return Days(Reach.REACHED, asked_for + ceil(wait))


def _answers_of(invited: int, past: Past) -> tuple[float, float]:
    """Rate, and the variance of the number of answers: beta-binomial, as the rate itself is not known."""
    answered = min(past.answered, past.invited)
    weight = ASSUMED_WEIGHT + past.invited
    rate = (ASSUMED_WEIGHT * ASSUMED_RATE + answered) / weight
    return rate, invited * rate * (1 - rate) * (weight + invited) / (weight + 1)


def _shares(scores: tuple[int, int, int] | None) -> tuple[tuple[float, float, float], Source]:
    total = sum(scores) if scores is not None else 0
    if scores is None or total < ENOUGH_SHARES:
        return WORST_SHARES, Source.ASSUMED
    detractors, passives, promoters = (count / total for count in scores)
    return (detractors, passives, promoters), Source.HISTORY
