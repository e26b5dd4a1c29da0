"""Do scores recover where an alert was closed, compared honestly?

Whoever gives a 2 gives more the next time, whatever anybody does: the low score was partly a bad day. So
those whose alert was closed before their next answer are held against those whose alert was not, who had
given the same score before; only the difference counts. Formula, coverage: docs/formulas/closed-loop.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import floor, sqrt
from typing import NamedTuple

from otklik.loop.rules.vocabulary import Movement, NotTold
from otklik.stats.intervals import Interval
from otklik.stats.nps import LAST_DETRACTOR_SCORE
from otklik.stats.share import wilson
from otklik.stats.special import t_quantile

LEAST_PAIRS = 20
"""On either side, among those whose starting score the other side has too."""
_LEVEL = 0.95


class Pair(NamedTuple):
    """One person: the score that raised the alert, the next one, and whether the alert was closed between."""

    before: int
    after: int
    was_closed: bool


@dataclass(frozen=True, slots=True)
class Group:
    """``change``: mean of after - before; None: nobody."""

    people: int
    before: float | None
    change: float | None


@dataclass(frozen=True, slots=True)
class Compared:
    """``closed`` and ``not_closed``: everybody, as they are. The others are of those with a like on the other
    side: ``moved`` is how far the closed ones moved, ``anyway`` how far those not closed moved from the same
    scores, ``credited`` the difference with its interval; None with ``not_told`` why."""

    closed: Group
    not_closed: Group
    matched_closed: int
    matched_not_closed: int
    moved: float | None
    anyway: float | None
    credited: float | None
    interval: Interval | None
    movement: Movement
    not_told: NotTold | None


class Recovered(NamedTuple):
    """Of detractors who answered again: how many are none any more."""

    hits: int
    people: int
    interval: Interval | None


class _Cell(NamedTuple):
    """The changes of those who began with one score."""

    closed: Counter[int]
    others: Counter[int]

    @property
    def weight(self) -> float:
        """The information that it holds about a difference: n1 n0 / (n1 + n0)."""
        closed, others = self.closed.total(), self.others.total()
        return closed * others / (closed + others)


def compare(pairs: Iterable[Pair] | Mapping[Pair, int]) -> Compared:
    """``pairs``: of each person, or how many people have each. Two people at one partner count as two: their
    moods are taken as their own."""
    people = Counter(pairs)
    cells: dict[int, _Cell] = defaultdict(lambda: _Cell(Counter(), Counter()))
    for pair, n in people.items():
        cell = cells[pair.before]
        (cell.closed if pair.was_closed else cell.others)[pair.after - pair.before] += n
    matched = [cell for cell in cells.values() if cell.closed and cell.others]
    closed_n = sum(cell.closed.total() for cell in matched)
    others_n = sum(cell.others.total() for cell in matched)
    closed = _group({one: n for one, n in people.items() if one.was_closed})
    others = _group({one: n for one, n in people.items() if not one.was_closed})
    few = _too_few(closed.people, others.people, closed_n, others_n)
    if few is not None:
        nothing = (None, None, None, None)
        return Compared(closed, others, closed_n, others_n, *nothing, Movement.CANNOT_TELL, few)
    moved, anyway = _weighted(matched)
    interval = _interval(cells, matched, moved - anyway)
    movement = _movement(interval)
    return Compared(
        closed,
        others,
        closed_n,
        others_n,
        moved,
        anyway,
        moved - anyway,
        interval,
        movement,
        NotTold.WITHIN_CHANCE if movement is Movement.CANNOT_TELL else None,
    )


def recovered_share(pairs: Iterable[Pair] | Mapping[Pair, int], *, of_closed: bool) -> Recovered:
    """What a board shows: no proof that closing helps, which ``compare`` is there for."""
    theirs = {
        one: n
        for one, n in Counter(pairs).items()
        if one.was_closed is of_closed and one.before <= LAST_DETRACTOR_SCORE
    }
    hits = sum(n for one, n in theirs.items() if one.after > LAST_DETRACTOR_SCORE)
    people = sum(theirs.values())
    return Recovered(hits, people, wilson(hits, people))


def _group(pairs: Mapping[Pair, int]) -> Group:
    people = sum(pairs.values())
    if not people:
        return Group(0, None, None)
    before = sum(one.before * n for one, n in pairs.items())
    after = sum(one.after * n for one, n in pairs.items())
    return Group(people, before / people, (after - before) / people)


def _too_few(closed: int, others: int, matched_closed: int, matched_others: int) -> NotTold | None:
    if closed < LEAST_PAIRS:
        return NotTold.FEW_CLOSED
    if others < LEAST_PAIRS:
        return NotTold.FEW_NOT_CLOSED
    return NotTold.FEW_MATCHED if min(matched_closed, matched_others) < LEAST_PAIRS else None


def _weighted(matched: list[_Cell]) -> tuple[float, float]:
    total = sum(cell.weight for cell in matched)
    moved = sum(cell.weight * _mean(cell.closed) for cell in matched) / total
    return moved, sum(cell.weight * _mean(cell.others) for cell in matched) / total


def _interval(cells: Mapping[int, _Cell], matched: list[_Cell], difference: float) -> Interval:
    total = sum(cell.weight for cell in matched)
    parts: list[tuple[float, int]] = []
    for side in (0, 1):
        squares = sum(_squares(cell[side]) for cell in cells.values())
        free = sum(max(cell[side].total() - 1, 0) for cell in cells.values())
        spread = squares / free if free else 0.0
        parts.append((spread * sum((c.weight / total) ** 2 / c[side].total() for c in matched), free))
    error = sqrt(sum(variance for variance, _ in parts))
    if error == 0:
        return Interval(difference, difference)
    # Welch and Satterthwaite: two spreads, each estimated from its own side.
    freedom = error**4 / sum(v * v / df for v, df in parts if df)
    reach = t_quantile((1 + _LEVEL) / 2, max(floor(freedom), 1)) * error
    return Interval(difference - reach, difference + reach)


def _movement(interval: Interval) -> Movement:
    if interval.low > 0:
        return Movement.BETTER
    return Movement.WORSE if interval.high < 0 else Movement.CANNOT_TELL


def _mean(changes: Counter[int]) -> float:
    return sum(change * n for change, n in changes.items()) / changes.total()


def _squares(changes: Counter[int]) -> float:
    if not changes:
        return 0.0
    mean = _mean(changes)
    return sum(n * (change - mean) ** 2 for change, n in changes.items())
