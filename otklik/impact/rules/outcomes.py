"""What goes with the score, and with broken promises, afterwards: renewal, staying, earnings. Going together
is no proof that one brings the other; formulas and what stands between: docs/formulas/outcomes.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from otklik.stats.clustered import FEWEST_UNITS, Estimate
from otklik.stats.intervals import Interval
from otklik.stats.nps import Floats, Integers
from otklik.stats.panel import pooled, within
from otklik.stats.share import newcombe
from otklik.stats.summary import TOO_FEW_ANSWERS

SCORE_DAYS = 365
QUARTER_SCORE_DAYS = 90
STAYING_DAYS = 180
RENEWED_BY_DAYS = 60
"""A contract's day that moves by less was corrected or put off, and nothing was renewed."""
WORTH_NOTICING = 0.10
COMPARISONS = 8
"""Three outcomes by two splits, and two of them within the same partners: all are on one page."""
LEVEL = 1 - 0.05 / COMPARISONS
_PROMOTERS_FROM, _DETRACTORS_BELOW = 8.5, 6.5

Chosen = npt.NDArray[np.bool_]


class Later(StrEnum):
    RENEWED = "renewed"
    STAYED = "stayed"
    EARNED = "earned"


class Split(StrEnum):
    """Whom is compared with whom: by the mean score before, and by promises broken before."""

    SCORE = "score"
    """Promoters less detractors."""
    PROMISES = "promises"
    """All kept less some broken."""


class Told(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    NO_DIFFERENCE = "no_difference"
    CANNOT_TELL = "cannot_tell"
    TOO_FEW = "too_few"


class Stands(StrEnum):
    """What may stand behind both, by name."""

    LARGE_SERVED_BETTER = "large_served_better"
    LEAVING_ANSWER_WORSE = "leaving_answer_worse"
    ONLY_WHO_ANSWERED = "only_who_answered"
    MARKET = "market"


@dataclass(frozen=True, slots=True)
class Heard:
    """Answers to the recommendation question, each array (n,), in the order of partner and day. ``day``:
    ordinal; ``broken``: promises broken in the 90 days before the answer."""

    partner: Integers
    day: Integers
    score: Integers
    broken: Integers


@dataclass(frozen=True, slots=True)
class Standing:
    """A change of a partner's standing on a day."""

    partner: int
    day: date
    renewal_before: date | None
    renewal_after: date | None
    left: bool
    came_back: bool = False


@dataclass(frozen=True, slots=True)
class Cases:
    """What became of partners after a day, each array (n,): 0 or 1, or the change of earnings."""

    partner: Integers
    day: Integers
    result: Floats


@dataclass(frozen=True, slots=True)
class Side:
    """``mean``: share, or mean change; None under five partners."""

    partners: int
    cases: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """``partners``: of both sides, each once. ``difference``: ``good`` less ``bad``; shares on [0, 1],
    earnings as a change of their mean. ``within``: of the same partner at different times, where times
    repeat. ``interval`` holds together with all others of the page."""

    later: Later
    split: Split
    good: Side
    bad: Side
    partners: int
    difference: float | None
    interval: Interval | None
    within: Estimate | None

    @property
    def is_too_few(self) -> bool:
        """Where nothing can be told for want of partners, and not because nothing differs among them."""
        return self.partners < FEWEST_UNITS or None in (self.good.mean, self.bad.mean)

    @property
    def told(self) -> Told:
        if self.interval is None:
            return Told.TOO_FEW
        if self.interval.low > 0:
            return Told.BETTER
        if self.interval.high < 0:
            return Told.WORSE
        small = max(-self.interval.low, self.interval.high) <= WORTH_NOTICING
        return Told.NO_DIFFERENCE if small else Told.CANNOT_TELL


def contracts(changes: Iterable[Standing], with_contract: frozenset[int], since: date) -> Cases:
    """Of each partner the last contract that was decided ``since``: 1 renewed, 0 left. ``changes``: in the
    order of days; ``with_contract``: partners whose renewal day is known by now."""
    decided: dict[int, tuple[int, float]] = {}
    dated = set(with_contract)
    for one in changes:
        moved = None
        if one.renewal_before is not None and one.renewal_after is not None:
            moved = (one.renewal_after - one.renewal_before).days
        if one.renewal_before is not None or one.renewal_after is not None:
            dated.add(one.partner)
        if one.left and one.partner in dated and one.day >= since:
            decided[one.partner] = (one.day.toordinal(), 0.0)
        elif moved is not None and moved >= RENEWED_BY_DAYS and one.day >= since:
            decided[one.partner] = (one.day.toordinal(), 1.0)
    return _cases((partner, day, result) for partner, (day, result) in decided.items())


def staying(changes: Iterable[Standing], heard: Heard, gone: frozenset[int], until: date) -> Cases:
    """Partners who were there half a year ago: 1 where they are still, 0 where they have left since.
    ``gone``: who has left by now; where nobody recorded when, as of one brought in so, they are neither."""
    landmark = until.toordinal() - STAYING_DAYS
    left_before: set[int] = set()
    left_since: set[int] = set()
    recorded: set[int] = set()
    for one in changes:
        left = left_since if one.day.toordinal() >= landmark else left_before
        if one.left:
            left.add(one.partner)
            recorded.add(one.partner)
        elif one.came_back:
            left.discard(one.partner)
    there = np.unique(heard.partner[heard.day < landmark]).tolist()
    return _cases(
        (partner, landmark, 0.0 if partner in left_since else 1.0)
        for partner in there
        if partner not in left_before and (partner in recorded or partner not in gone)
    )


def growth(before: Floats, after: Floats) -> Floats:
    """(after - before) over their mean, from -2 (stopped) to 2 (began), nan where neither is above 0.

    S. Davis, J. Haltiwanger and S. Schuh, "Job Creation and Destruction", MIT Press 1996: it is the same up
    and down, and knows what a stop is, which a logarithm does not."""
    first, second = np.maximum(before, 0.0), np.maximum(after, 0.0)
    total = first + second
    return np.where(total > 0, 2 * (second - first) / np.where(total > 0, total, 1.0), np.nan)


def compare(later: Later, split: Split, cases: Cases, heard: Heard) -> Outcome:
    """Cases by what was heard from the partner in the time before: those of whom nothing was are left out."""
    good, bad, known = divided(later, split, cases, heard)
    sides = _side(cases, good), _side(cases, bad)
    partners = len(np.unique(cases.partner[good | bad]))
    if later is Later.EARNED:
        return _of_earnings(split, cases, good, bad, known, sides, partners)
    return _of_shares(later, split, sides, partners)


def divided(later: Later, split: Split, cases: Cases, heard: Heard) -> tuple[Chosen, Chosen, Chosen]:
    """Which cases are of the good side, which of the bad one, and which are known at all."""
    days = QUARTER_SCORE_DAYS if later is Later.EARNED else SCORE_DAYS
    score, broken = before(heard, cases.partner, cases.day, days)
    if split is Split.SCORE:
        good, bad = score >= _PROMOTERS_FROM, score < _DETRACTORS_BELOW
    else:
        good, bad = broken == 0, broken > 0
    known = np.isfinite(score) & np.isfinite(cases.result)
    return good & known, bad & known, known


def before(heard: Heard, partner: Integers, day: Integers, days: int) -> tuple[Floats, Floats]:
    """Of each partner and day: mean score, and broken promises, of the answers in so many days before it; nan
    where there were none."""
    key = _key(heard.partner, heard.day)
    first = np.searchsorted(key, _key(partner, day - days))
    last = np.searchsorted(key, _key(partner, day))
    n = (last - first).astype(np.float64)
    found = []
    for column in (heard.score, heard.broken):
        sums = np.concatenate([[0], np.cumsum(column)])
        found.append(np.where(n > 0, (sums[last] - sums[first]) / np.where(n > 0, n, 1.0), np.nan))
    return found[0], found[1]


def _key(partner: Integers, day: Integers) -> Integers:
    return partner.astype(np.int64) * 10_000_000 + day


def _cases(rows: Iterable[tuple[int, int, float]]) -> Cases:
    table = np.array(list(rows), dtype=np.float64).reshape(-1, 3)
    return Cases(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2])


def _side(cases: Cases, chosen: Chosen) -> Side:
    partners, results = len(np.unique(cases.partner[chosen])), cases.result[chosen]
    return Side(partners, len(results), float(results.mean()) if partners >= TOO_FEW_ANSWERS else None)


def _of_shares(later: Later, split: Split, sides: tuple[Side, Side], partners: int) -> Outcome:
    """One case of each partner, so shares of two samples that have nothing to do with each other."""
    good, bad = sides
    interval = None
    if good.mean is not None and bad.mean is not None and good.cases + bad.cases >= FEWEST_UNITS:
        interval = newcombe(
            round(good.mean * good.cases), good.cases, round(bad.mean * bad.cases), bad.cases, level=LEVEL
        )
    return Outcome(later, split, good, bad, partners, _less(good, bad), interval, None)


def _of_earnings(
    split: Split,
    cases: Cases,
    good: Chosen,
    bad: Chosen,
    known: Chosen,
    sides: tuple[Side, Side],
    partners: int,
) -> Outcome:
    """Quarters of the same partner repeat: least squares with an effect of each quarter. Passives, where the
    split has them, have an effect of their own and are no part of the difference."""
    high, low = sides
    if high.mean is None or low.mean is None:
        return Outcome(Later.EARNED, split, high, low, partners, None, None, None)
    rows = np.flatnonzero(known)
    between = (known & ~good & ~bad)[rows]
    columns = [good[rows], between] if between.any() else [good[rows]]
    quarters = np.unique(cases.day[rows])
    seasons = [cases.day[rows] == one for one in quarters[1:]]
    change, partner = cases.result[rows], cases.partner[rows]
    found = pooled(change, _beside(*columns, *seasons), partner).estimate(level=LEVEL)
    alike = within(change, _beside(*columns), partner, cases.day[rows]).estimate(level=LEVEL)
    return Outcome(Later.EARNED, split, high, low, partners, found.effect, found.interval, alike)


def _beside(*columns: Chosen) -> Floats:
    return np.column_stack(columns).astype(np.float64)


def _less(good: Side, bad: Side) -> float | None:
    return None if good.mean is None or bad.mean is None else good.mean - bad.mean
