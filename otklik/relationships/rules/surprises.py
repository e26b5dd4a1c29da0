"""What the team expected against what came. Neither is the truth; where they differ, somebody should ask.

Expected scores are locked before the wave is sent; these rules see them only afterwards. Formulas:
docs/formulas/relationships.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from statistics import fmean, median

from otklik.relationships.rules.vocabulary import Points, Role, category_of, weightiest
from otklik.stats.intervals import Interval
from otklik.stats.share import wilson
from otklik.stats.special import t_quantile

POINT_PER_STEP = 4.0
CATEGORY_POINTS = 12.0
"""A category between what was expected and what came; a promoter who is a detractor crosses two."""
KEY_POINTS: Mapping[Role, float] = {Role.DECISION_MAKER: 10.0, Role.INFLUENCER: 5.0, Role.UNKNOWN: 2.0}
BAD_NEWS_POINTS = 6.0
DIVIDED_POINTS = -6.0
"""Where the team itself lay this far apart: less was expected than there seems."""
DIVIDED_FROM = 4
SMALLEST = 2.0
"""Steps of the score from which a difference is a surprise without a change of category."""
FEWEST_PEOPLE = 8
"""Different people in a calibration; below it there are counts and no verdict."""
SILENT_FROM = 0.7
"""Chance of answering from which a silence is a surprise."""


class Direction(StrEnum):
    WORSE = "worse"
    BETTER = "better"
    AS_EXPECTED = "as_expected"
    SILENT = "silent"
    """Expected to answer, and did not."""


class SurpriseReason(StrEnum):
    SIZE = "size"
    CATEGORY = "category"
    ROLE = "role"
    BAD_NEWS = "bad_news"
    TEAM_DIVIDED = "team_divided"


class Next(StrEnum):
    ASK_WHAT_WE_MISSED = "ask_what_we_missed"
    FIND_OUT_WHAT_HELPED = "find_out_what_helped"
    REACH_PERSONALLY = "reach_personally"


@dataclass(frozen=True, slots=True)
class Guess:
    by: int
    score: int


@dataclass(frozen=True, slots=True)
class Expected:
    """A person, what each of the team expected of them, and what they answered (None: silent)."""

    person: int
    guesses: tuple[Guess, ...]
    score: int | None
    role: Role = Role.UNKNOWN
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class Surprise:
    """`size` = score - expected, in steps of the score; `expected` is the median of the team, `lowest` and
    `highest` its ends. `points` is the sum of the reasons'."""

    person: int
    direction: Direction
    expected: float
    lowest: int
    highest: int
    score: int | None
    size: float | None
    points: float
    reasons: tuple[Points, ...]
    next: Next | None


def surprise_of(expected: Expected) -> Surprise | None:
    """None where nobody of the team expected anything."""
    guessed = [guess.score for guess in expected.guesses]
    if not guessed:
        return None
    middle, low, high = float(median(guessed)), min(guessed), max(guessed)
    size = None if expected.score is None else expected.score - middle
    direction = _direction(middle, expected)
    reasons = weightiest(_reasons(direction, size, middle, high - low, expected))
    points = sum(one.points for one in reasons)
    follow = {
        Direction.WORSE: Next.ASK_WHAT_WE_MISSED,
        Direction.BETTER: Next.FIND_OUT_WHAT_HELPED,
        Direction.SILENT: Next.REACH_PERSONALLY,
    }.get(direction)
    return Surprise(
        expected.person, direction, middle, low, high, expected.score, size, points, reasons, follow
    )


def surprises(wave: Iterable[Expected]) -> list[Surprise]:
    """The whole wave, the greatest surprise first; who answered as expected comes last and is not dropped."""
    found = [one for one in map(surprise_of, wave) if one is not None]
    return sorted(found, key=lambda one: (one.next is None, -one.points, one.person))


def _direction(middle: float, expected: Expected) -> Direction:
    if expected.score is None:
        surprising = expected.chance is not None and expected.chance >= SILENT_FROM
        return Direction.SILENT if surprising else Direction.AS_EXPECTED
    size = expected.score - middle
    if abs(size) < SMALLEST and not (abs(size) >= 1 and _crossed(middle, expected.score)):
        return Direction.AS_EXPECTED
    return Direction.WORSE if size < 0 else Direction.BETTER


def _crossed(middle: float, score: int) -> int:
    """Borders between categories from the expected score to the one that came. A half belongs below: a
    median between passive and promoter expects a passive."""
    order = ("detractor", "passive", "promoter")
    return abs(order.index(category_of(score)) - order.index(category_of(int(middle))))


def _reasons(
    direction: Direction, size: float | None, middle: float, apart: int, expected: Expected
) -> list[Points]:
    if direction is Direction.AS_EXPECTED:
        return []
    reasons = [Points(SurpriseReason.ROLE, KEY_POINTS.get(expected.role, 0.0), expected.role.value)]
    if size is not None and expected.score is not None:
        reasons.append(Points(SurpriseReason.SIZE, POINT_PER_STEP * abs(size), size))
        crossed = _crossed(middle, expected.score)
        reasons.append(Points(SurpriseReason.CATEGORY, CATEGORY_POINTS * crossed, crossed))
    if direction is not Direction.BETTER:
        reasons.append(Points(SurpriseReason.BAD_NEWS, BAD_NEWS_POINTS, direction.value))
    if apart >= DIVIDED_FROM:
        reasons.append(Points(SurpriseReason.TEAM_DIVIDED, DIVIDED_POINTS, apart))
    return reasons


class Lean(StrEnum):
    """What may be said of a team beside its answers. None of it says who was right."""

    TEAM_HIGHER = "team_higher"
    TEAM_LOWER = "team_lower"
    NO_DIFFERENCE_SEEN = "no_difference_seen"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Pair:
    """One expectation and its answer."""

    person: int
    expected: float
    score: int

    @property
    def same_category(self) -> bool:
        return category_of(int(self.expected)) is category_of(self.score)


@dataclass(frozen=True, slots=True)
class Calibration:
    """`people` and `pairs` counted; `bias` = mean of expected - score, one value a person however often they
    were expected, with Student's interval over people; `apart`: mean distance either way; `hits`: pairs of
    the same category, with Wilson's interval. All None under FEWEST_PEOPLE."""

    people: int
    pairs: int
    lean: Lean
    bias: float | None = None
    interval: Interval | None = None
    apart: float | None = None
    hits: float | None = None
    hits_interval: Interval | None = None


def calibration(pairs: Sequence[Pair], *, level: float = 0.95) -> Calibration:
    """Team (or one of it) beside the answers. Raises NotALevel."""
    by_person: dict[int, list[Pair]] = {}
    for pair in pairs:
        by_person.setdefault(pair.person, []).append(pair)
    people = len(by_person)
    if people < FEWEST_PEOPLE:
        return Calibration(people, len(pairs), Lean.CANNOT_TELL)
    offs = [fmean(one.expected - one.score for one in those) for those in by_person.values()]
    bias = fmean(offs)
    spread = sqrt(sum((off - bias) ** 2 for off in offs) / (people - 1))
    half = t_quantile((1 + level) / 2, people - 1) * spread / sqrt(people)
    interval = Interval(bias - half, bias + half)
    # Answers of one person are not several proofs: as many hits of as many people.
    shares = [fmean(one.same_category for one in those) for those in by_person.values()]
    hits = fmean(shares)
    return Calibration(
        people,
        len(pairs),
        _lean(interval),
        bias,
        interval,
        fmean(fmean(abs(one.expected - one.score) for one in those) for those in by_person.values()),
        hits,
        wilson(min(hits * people, people), people, level=level),
    )


def _lean(interval: Interval) -> Lean:
    if interval.low > 0:
        return Lean.TEAM_HIGHER
    if interval.high < 0:
        return Lean.TEAM_LOWER
    return Lean.NO_DIFFERENCE_SEEN if max(-interval.low, interval.high) < 1 else Lean.CANNOT_TELL
