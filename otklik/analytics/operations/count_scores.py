"""Adding answers to the histograms, in the transaction that stores them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations

from django.db import models

from otklik.analytics.models import ScoreCell, ScoreDay, ScoreRollup, ScoreTriple
from otklik.analytics.vocabulary import PAIRED, SCORES, dims_of
from otklik.kit.bulk import add_to_rows

COUNTS = tuple(f"c{score}" for score in range(SCORES))
CELL_KEY = ("kind", "program", "day", "segment", "tier", "country", "manager", "role", "channel")
ROLLUP_KEY = ("kind", "dim1", "value1", "dim2", "value2", "month", "program")
DAY_KEY = ("kind", "day", "dim1", "value1", "program")
TRIPLE_KEY = ("kind", "dims", "value1", "value2", "value3", "month", "program")
TRIPLES = tuple((dims_of(three), three) for three in combinations(PAIRED, 3))

Key = tuple[str | int | date, ...]
Tally = dict[Key, list[int]]


@dataclass(frozen=True, slots=True)
class ScoreFact:
    """``amount`` answers with this score and these frozen dimensions. ``day`` is the UTC day; ``manager``
    0: nobody."""

    kind: str
    program: int
    day: date
    score: int
    segment: str = ""
    tier: str = ""
    country: str = ""
    manager: int = 0
    role: str = ""
    channel: str = ""
    amount: int = 1


def count_scores(facts: Iterable[ScoreFact]) -> None:
    """Add the answers to cells, days, roll-ups and triples. Call inside the transaction that stores them."""
    cells: Tally = {}
    days: Tally = {}
    rollups: Tally = {}
    triples: Tally = {}
    # An answer is counted in fifty rows. Many answers share all of a day's or a month's, so these are looked
    # up once for each combination of dimensions.
    by_day: dict[Key, list[list[int]]] = {}
    by_month: dict[Key, list[list[int]]] = {}
    for fact in facts:
        cell = cell_key(fact)
        month = (*cell[:2], fact.day.replace(day=1), *cell[3:])
        if cell not in by_day:
            by_day[cell] = [_counts(cells, cell), *(_counts(days, key) for key in day_keys(fact))]
        if month not in by_month:
            by_month[month] = [_counts(rollups, key) for key in rollup_keys(fact)]
            by_month[month] += [_counts(triples, key) for key in triple_keys(fact)]
        for counts in chain(by_day[cell], by_month[month]):
            counts[fact.score] += fact.amount
    _store(ScoreCell, CELL_KEY, cells)
    _store(ScoreDay, DAY_KEY, days)
    _store(ScoreRollup, ROLLUP_KEY, rollups)
    _store(ScoreTriple, TRIPLE_KEY, triples)


def cell_key(fact: ScoreFact) -> Key:
    return (
        fact.kind,
        fact.program,
        fact.day,
        fact.segment,
        fact.tier,
        fact.country,
        fact.manager,
        fact.role,
        fact.channel,
    )


def day_keys(fact: ScoreFact) -> Iterator[Key]:
    """Seven keys: the total and six single dimensions."""
    yield (fact.kind, fact.day, "", "", fact.program)
    for dimension in PAIRED:
        yield (fact.kind, fact.day, dimension.value, str(getattr(fact, dimension)), fact.program)


def rollup_keys(fact: ScoreFact) -> Iterator[Key]:
    """Twenty-two keys: the total, six single dimensions, fifteen pairs."""
    month = fact.day.replace(day=1)
    values = [(dimension.value, str(getattr(fact, dimension))) for dimension in PAIRED]
    yield (fact.kind, "", "", "", "", month, fact.program)
    for name, value in values:
        yield (fact.kind, name, value, "", "", month, fact.program)
    for (name1, value1), (name2, value2) in combinations(values, 2):
        yield (fact.kind, name1, value1, name2, value2, month, fact.program)


def triple_keys(fact: ScoreFact) -> Iterator[Key]:
    """Twenty keys, one for each three of the six dimensions."""
    month = fact.day.replace(day=1)
    value = {dimension: str(getattr(fact, dimension)) for dimension in PAIRED}
    for dims, (first, second, third) in TRIPLES:
        yield (fact.kind, dims, value[first], value[second], value[third], month, fact.program)


def _counts(tally: Tally, key: Key) -> list[int]:
    found = tally.get(key)
    if found is None:
        found = tally[key] = [0] * SCORES
    return found


def _store(model: type[models.Model], key: Sequence[str], tally: Tally) -> None:
    add_to_rows(model, key, COUNTS, [(*values, *counts) for values, counts in tally.items()])
