"""Channels, teams and topics side by side: each with its intervals, every two compared like with like, and no
order where none can be told. Formulas: docs/formulas/comparison.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log

import numpy as np

from otklik.stats.clustered import Estimate
from otklik.stats.groups import Cells, cells, compare_all
from otklik.stats.intervals import Interval
from otklik.stats.nps import Floats, Integers
from otklik.stats.share import wilson
from otklik.stats.shrinkage import fit_prior, shrink
from otklik.stats.summary import SMALL_ANSWERS, TOO_FEW_ANSWERS, Summary, summarise
from otklik.stats.waits import Quantile, quantile
from otklik.stats.weights import clustered

GOOD_RATING = 4
SURE = 0.95


class By(StrEnum):
    CHANNEL = "channel"
    TEAM = "team"
    TOPIC = "topic"


class Measure(StrEnum):
    FIRST_RESPONSE = "first_response"
    BROKEN = "broken"
    CSAT = "csat"
    NPS = "nps"


class Told(StrEnum):
    """What may be said of one measure."""

    SOME_DIFFER = "some_differ"
    NONE_APART = "none_apart"
    TOO_FEW = "too_few"
    """Fewer than two of them have figures of so many partners that something can be inferred."""


@dataclass(frozen=True, slots=True)
class TicketSums:
    """Ended tickets by value, partner and topic, each array (n,). ``value`` counts from 0. ``log_waits``: sum
    of ln(1 + minutes) over the ``waits`` that had a first response; ``broken``: tickets with a broken
    promise; ``good``: those rated 4 or 5 among the ``rated``."""

    value: Integers
    partner: Integers
    topic: Integers
    tickets: Integers
    waits: Integers
    log_waits: Floats
    broken: Integers
    rated: Integers
    good: Integers


@dataclass(frozen=True, slots=True)
class AnswerSums:
    """Answers by what the partner had most tickets of before, partner and topic, each array (n,)."""

    value: Integers
    partner: Integers
    topic: Integers
    detractors: Integers
    passives: Integers
    promoters: Integers


@dataclass(frozen=True, slots=True)
class Share:
    """On [0, 1]. ``share`` and ``interval`` None under five; ``shrunk``: drawn to that of all others, None
    where too little is known of them."""

    hits: int
    n: int
    share: float | None
    interval: Interval | None
    shrunk: float | None = None

    @property
    def is_small(self) -> bool:
        return TOO_FEW_ANSWERS <= self.n < SMALL_ANSWERS


@dataclass(frozen=True, slots=True)
class Line:
    """``first_response``: median in minutes of business time; None under five."""

    tickets: int
    partners: int
    first_response: Quantile | None
    broken: Share
    csat: Share
    nps: Summary


@dataclass(frozen=True, slots=True)
class Difference:
    """``first`` less ``second`` (places in the lines): shares on [0, 1], NPS on [-1, 1], a wait as ``first``
    over ``second``. ``alike``: within the same topics, which ``covered`` of their rows lie in; ``plain``: as
    they are. ``interval`` holds together with all others on the page; None where partners are too few."""

    measure: Measure
    first: int
    second: int
    plain: float
    alike: float | None
    interval: Interval | None
    covered: float
    partners: int

    @property
    def differs(self) -> bool:
        nothing = 1.0 if self.measure is Measure.FIRST_RESPONSE else 0.0
        return self.interval is not None and not self.interval.low <= nothing <= self.interval.high


@dataclass(frozen=True, slots=True)
class Comparison:
    """``lines`` in the order of the values, ``overall`` all together. ``level``: confidence of each
    difference, so that all of them hold in 95 of 100 such pages."""

    lines: tuple[Line, ...]
    overall: Line
    differences: tuple[Difference, ...]
    level: float

    def told(self, measure: Measure) -> Told:
        found = [one for one in self.differences if one.measure is measure and one.interval is not None]
        if not found:
            return Told.TOO_FEW
        return Told.SOME_DIFFER if any(one.differs for one in found) else Told.NONE_APART

    def differing(self, measure: Measure) -> list[Difference]:
        """The largest first, by how far the interval stays from nothing."""
        found = [one for one in self.differences if one.measure is measure and one.differs]
        return sorted(found, key=_clearness, reverse=True)


def compare(
    values: int,
    tickets: TicketSums,
    answers: AnswerSums,
    minutes: Mapping[int, Sequence[tuple[int, int]]],
    *,
    within_topics: bool,
) -> Comparison:
    """``values``: how many there are. ``minutes``: by value, each wait in minutes with how often it was.
    ``within_topics``: compare the same topics with the same; not where the values are topics."""
    measured = {one: cells_of(one, tickets, answers, within_topics) for one in Measure}
    eligible = {one: _eligible(found, values) for one, found in measured.items()}
    pairs = sum(len(one) * (len(one) - 1) // 2 for one in eligible.values())
    level = 1 - (1 - SURE) / max(pairs, 1)
    return Comparison(
        lines=tuple(_lines(values, tickets, answers, minutes)),
        overall=_overall(tickets, answers, minutes),
        differences=tuple(
            _in_units(one, pair.first, pair.second, pair.plain, pair.alike, pair.covered)
            for one, found in measured.items()
            for pair in compare_all(found, eligible[one], level=level)
        ),
        level=level,
    )


def cells_of(measure: Measure, tickets: TicketSums, answers: AnswerSums, within_topics: bool) -> Cells:
    source: TicketSums | AnswerSums = tickets
    rows, sums = tickets.tickets, tickets.broken.astype(np.float64)
    if measure is Measure.FIRST_RESPONSE:
        rows, sums = tickets.waits, tickets.log_waits
    elif measure is Measure.CSAT:
        rows, sums = tickets.rated, tickets.good.astype(np.float64)
    elif measure is Measure.NPS:
        source, rows = answers, answers.detractors + answers.passives + answers.promoters
        sums = (answers.promoters - answers.detractors).astype(np.float64)
    kept = rows > 0
    topic = source.topic[kept] if within_topics else None
    return cells(source.value[kept], source.partner[kept], topic, rows[kept], sums[kept])


def _eligible(found: Cells, values: int) -> list[int]:
    rows = np.bincount(found.group, found.rows, values)
    return [int(one) for one in np.flatnonzero(rows >= TOO_FEW_ANSWERS)]


def _in_units(
    measure: Measure, first: int, second: int, plain: Estimate, alike: Estimate, covered: float
) -> Difference:
    ratio = measure is Measure.FIRST_RESPONSE
    limits = alike.interval
    if limits is not None and ratio:
        limits = Interval(exp(limits.low), exp(limits.high))
    effect = alike.effect
    return Difference(
        measure,
        first,
        second,
        plain=exp(plain.effect or 0.0) if ratio else plain.effect or 0.0,
        alike=exp(effect) if ratio and effect is not None else effect,
        interval=limits,
        covered=covered,
        partners=alike.units,
    )


def _clearness(one: Difference) -> float:
    assert one.interval is not None
    if one.measure is Measure.FIRST_RESPONSE:
        return max(log(one.interval.low), -log(one.interval.high))
    return max(one.interval.low, -one.interval.high)


def _lines(
    values: int,
    tickets: TicketSums,
    answers: AnswerSums,
    minutes: Mapping[int, Sequence[tuple[int, int]]],
) -> list[Line]:
    places = range(values)
    broken = _shares([_by_partner(tickets, place, tickets.tickets, tickets.broken) for place in places])
    csat = _shares([_by_partner(tickets, place, tickets.rated, tickets.good) for place in places])
    scores = _scores([_answers_by_partner(answers, place) for place in places])
    return [
        Line(
            tickets=int(tickets.tickets[tickets.value == place].sum()),
            partners=len(np.unique(tickets.partner[tickets.value == place])),
            first_response=_median(minutes.get(place, ())),
            broken=broken[place],
            csat=csat[place],
            nps=scores[place],
        )
        for place in places
    ]


def _overall(
    tickets: TicketSums, answers: AnswerSums, minutes: Mapping[int, Sequence[tuple[int, int]]]
) -> Line:
    (broken,) = _shares([_by_partner(tickets, None, tickets.tickets, tickets.broken)])
    (csat,) = _shares([_by_partner(tickets, None, tickets.rated, tickets.good)])
    (nps,) = _scores([_answers_by_partner(answers, None)])
    return Line(
        tickets=int(tickets.tickets.sum()),
        partners=len(np.unique(tickets.partner)),
        first_response=_median([one for some in minutes.values() for one in some]),
        broken=broken,
        csat=csat,
        nps=nps,
    )


def _by_partner(tickets: TicketSums, place: int | None, n: Integers, hits: Integers) -> Integers:
    """(partners, 3): misses, nothing, hits, which is what `weights.clustered` and `shrinkage` take."""
    columns = (n - hits, np.zeros_like(n), hits)
    return _added(tickets.partner, tickets.value, place, columns)


def _answers_by_partner(answers: AnswerSums, place: int | None) -> Integers:
    columns = (answers.detractors, answers.passives, answers.promoters)
    return _added(answers.partner, answers.value, place, columns)


def _added(partner: Integers, value: Integers, place: int | None, columns: Sequence[Integers]) -> Integers:
    chosen = slice(None) if place is None else value == place
    _, whose = np.unique(partner[chosen], return_inverse=True)
    sums = [np.bincount(whose, column[chosen]) for column in columns]
    return np.stack(sums, axis=1).astype(np.int64)


def _shares(by_partner: Sequence[Integers]) -> list[Share]:
    counts = np.array([one.sum(axis=0) for one in by_partner]).reshape(-1, 3)
    effective = _effective(by_partner)
    prior = fit_prior(counts) if len(counts) > 1 else None
    shrunk = None if prior is None else (1 + shrink(effective, prior).mean) / 2
    found = []
    for place, (misses, _, hits) in enumerate(counts.tolist()):
        n = misses + hits
        low, _, high = effective[place]
        known = n >= TOO_FEW_ANSWERS
        found.append(
            Share(
                hits,
                n,
                share=hits / n if known else None,
                interval=wilson(high, low + high) if known else None,
                shrunk=float(shrunk[place]) if shrunk is not None and n else None,
            )
        )
    return found


def _scores(by_partner: Sequence[Integers]) -> list[Summary]:
    counts = np.array([one.sum(axis=0) for one in by_partner]).reshape(-1, 3)
    prior = fit_prior(counts) if len(counts) > 1 else None
    return summarise(counts, prior=prior, effective=_effective(by_partner))


def _effective(by_partner: Sequence[Integers]) -> list[tuple[float, float, float]]:
    """Answers of one partner being alike they count as fewer."""
    return [clustered(one).effective if one.sum() else (0.0, 0.0, 0.0) for one in by_partner]


def _median(minutes: Sequence[tuple[int, int]]) -> Quantile | None:
    ordered = sorted(minutes)
    waits = np.repeat([minute for minute, _ in ordered], [n for _, n in ordered]).astype(np.float64)
    return quantile(waits.tolist(), 0.5) if len(waits) >= TOO_FEW_ANSWERS else None
