"""Whom a wave asks, and whom a rolling survey asks today. Formulas: docs/formulas/sampling.md.

Everything is decided by the seed and the data: the same people and the same seed give the same sample, in
whatever order the people come.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

from otklik.feedback.rules.vocabulary import Refusal

_PASSING = frozenset({Refusal.QUARANTINE, Refusal.COOLDOWN, Refusal.OPEN_TICKET})
_DIGEST_BYTES = 8
_DIGEST_RANGE = float(1 << 8 * _DIGEST_BYTES)


class Dimension(StrEnum):
    ROLE = "role"
    TIER = "tier"
    MANAGER = "manager"


class Candidate(NamedTuple):
    """`refusal` is a reason found before (`asking.may_ask`, or taken out by hand)."""

    id: int
    role: str = ""
    tier: str = ""
    manager: str = ""
    """Id of the account manager as text; empty for nobody."""
    last_asked_on: date | None = None
    """By this rolling survey; of no matter to a wave."""
    refusal: Refusal | None = None
    person: str = ""
    """Candidates with the same one are one person, of whom one is asked at most; empty: nobody else is."""

    @property
    def cell(self) -> Cell:
        return (self.role, self.tier, self.manager)


Cell: TypeAlias = tuple[str, str, str]
"""Role, tier, manager: the order of `Dimension`."""
Quotas: TypeAlias = Mapping[Dimension, Mapping[str, int]]
"""People wanted per value, and never more than that. A value not named has no limit."""


class Shortfall(NamedTuple):
    """`available` people of this value could have been asked: where they are not fewer than `wanted`, another
    quota or the total stood in the way."""

    dimension: Dimension
    value: str
    wanted: int
    drawn: int
    available: int


@dataclass(frozen=True, slots=True)
class Sample:
    chosen: tuple[int, ...]
    left_out: Mapping[int, Refusal]
    shortfalls: tuple[Shortfall, ...] = ()


def draw(
    candidates: Iterable[Candidate],
    *,
    seed: str,
    quotas: Quotas | None = None,
    total: int | None = None,
    kept: Set[int] = frozenset(),
) -> Sample:
    """A random sample, spread over role, tier and manager in proportion; with quotas only as far as they let
    it. Everybody left out has a reason; 100,000 candidates take about a second.

    `kept`: chosen before, whatever the quotas say by now; they come first in what is chosen."""
    open_to, left_out = _askable(candidates)
    caps = _caps(quotas or {})
    room = len(open_to) if total is None else max(0, total)
    chosen: list[int] = []
    asked: set[str] = set()
    for one in (one for one in open_to if one.id in kept):
        _take(one, chosen, caps, asked)
    for one in (one for one in _spread(open_to, seed) if one.id not in kept):
        if one.person and one.person in asked:
            continue
        if any(value in cap and cap[value] <= 0 for cap, value in zip(caps, one.cell, strict=True)):
            left_out[one.id] = Refusal.OVER_QUOTA
        elif len(chosen) >= room:
            left_out[one.id] = Refusal.NOT_DRAWN
        else:
            _take(one, chosen, caps, asked)
    drawn = frozenset(chosen)
    left_out.update(
        (one.id, Refusal.COOLDOWN)
        for one in open_to
        if one.person and one.person in asked and one.id not in drawn
    )
    return Sample(tuple(chosen), left_out, tuple(_shortfalls(quotas or {}, caps, open_to)))


def _take(one: Candidate, chosen: list[int], caps: Sequence[dict[str, int]], asked: set[str]) -> None:
    chosen.append(one.id)
    asked.add(one.person)
    for cap, value in zip(caps, one.cell, strict=True):
        if value in cap:
            cap[value] -= 1


def draw_day(
    candidates: Iterable[Candidate],
    *,
    day: date,
    every_days: int,
    seed: str,
    per_day: int | None = None,
    already: int = 0,
) -> Sample:
    """Whom a rolling survey asks on this day: nobody asked less than `every_days` days before.

    Without `per_day` the share is such that everybody comes once in `every_days` days. Never asked come
    first, then those asked longest ago, each cell in proportion to its people. `already`: asked on this day
    before, who are part of its share.
    """
    people = list(candidates)
    left_out = {one.id: one.refusal or Refusal.COOLDOWN for one in people}
    # Who cannot be asked ever again is no part of the round; who cannot today is.
    round_ = [one for one in people if one.refusal is None or one.refusal in _PASSING]
    size = len({one.person or one.id for one in round_})
    room = day_share(size, day, every_days) if per_day is None else max(0, per_day)
    room = max(0, room - already)
    waiting: list[tuple[float, int, str]] = []
    for cell, members in _by_cell(round_).items():
        due = [one for one in members if one.refusal is None and _is_due(one, day, every_days)]
        # Whoever was asked in this round takes the first places: a cell that lags catches up by itself.
        asked = sum(not _is_due(one, day, every_days) for one in members)
        place = asked + _number(seed, *cell)
        due.sort(key=lambda one: (one.last_asked_on or date.min, _number(seed, str(one.id))))
        waiting.extend(
            ((place + number) / len(members), one.id, one.person) for number, one in enumerate(due)
        )
    chosen: list[int] = []
    drawn: set[str] = set()
    for _, candidate, person in sorted(waiting):
        if person and person in drawn:
            continue  # a cooldown, as it stands already
        if len(chosen) >= room:
            left_out[candidate] = Refusal.NOT_DRAWN
            continue
        chosen.append(candidate)
        drawn.add(person)
        del left_out[candidate]
    return Sample(tuple(chosen), left_out)


def day_share(people: int, day: date, every_days: int) -> int:
    """People to ask on this day; over any `every_days` days in a row these add up to `people`."""
    number = day.toordinal()
    return people * (number + 1) // every_days - people * number // every_days


def _askable(candidates: Iterable[Candidate]) -> tuple[list[Candidate], dict[int, Refusal]]:
    people: list[Candidate] = []
    left_out: dict[int, Refusal] = {}
    for one in candidates:
        if one.refusal is None:
            people.append(one)
        else:
            left_out[one.id] = one.refusal
    return people, left_out


def _spread(people: Sequence[Candidate], seed: str) -> list[Candidate]:
    """An order every beginning of which holds each cell in proportion, and each person with the same chance.

    The i-th of the n people of a cell, shuffled, stands at (i + u) / n, u being uniform and one for the cell.
    """
    places: list[tuple[float, int, Candidate]] = []
    for cell, members in _by_cell(people).items():
        start = _number(seed, *cell)
        shuffled = sorted((_number(seed, str(one.id)), one.id, one) for one in members)
        places.extend(
            ((start + number) / len(members), one.id, one) for number, (_, _, one) in enumerate(shuffled)
        )
    return [one for _, _, one in sorted(places)]


def _by_cell(people: Iterable[Candidate]) -> dict[Cell, list[Candidate]]:
    cells: defaultdict[Cell, list[Candidate]] = defaultdict(list)
    for one in people:
        cells[one.role, one.tier, one.manager].append(one)
    return cells


def _number(seed: str, *names: str) -> float:
    """In [0, 1), the same for the same names."""
    digest = blake2b("\0".join((seed, *names)).encode(), digest_size=_DIGEST_BYTES).digest()
    return int.from_bytes(digest, "big") / _DIGEST_RANGE


def _caps(quotas: Quotas) -> list[dict[str, int]]:
    return [dict(quotas.get(dimension, {})) for dimension in Dimension]


def _shortfalls(
    quotas: Quotas, left: Sequence[Mapping[str, int]], people: Sequence[Candidate]
) -> Iterable[Shortfall]:
    for number, dimension in enumerate(Dimension):
        available = Counter(one.cell[number] for one in people) if dimension in quotas else Counter[str]()
        for value, wanted in quotas.get(dimension, {}).items():
            if left[number][value] > 0:
                drawn = wanted - left[number][value]
                yield Shortfall(dimension, value, wanted, drawn, available[value])


def _is_due(one: Candidate, day: date, every_days: int) -> bool:
    return one.last_asked_on is None or (day - one.last_asked_on).days >= every_days
