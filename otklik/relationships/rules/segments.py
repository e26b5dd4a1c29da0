"""Counts per segment of the map, who of a partner was heard, and the partner's score three ways.

Formulas: docs/formulas/relationships.md (views of a score) and finite.md (their intervals).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from otklik.relationships.rules.vocabulary import Authority, Influence, Role, Standing, category_of
from otklik.stats.finite import group_intervals, predict
from otklik.stats.intervals import Interval
from otklik.stats.nps import Counts
from otklik.stats.shrinkage import Prior
from otklik.stats.summary import Kind, Summary, summarise

ROLE_WEIGHTS: Mapping[Role, float] = {Role.DECISION_MAKER: 0.5, Role.INFLUENCER: 0.3, Role.END_USER: 0.2}
"""What each role's score counts for, however many people it has."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person on the map. `score`: the answer of the wave or period looked at; `asked`: they were asked in
    it, `asked_ever` and `answered_ever`: at any time up to it."""

    id: int
    authority: Authority = Authority.UNKNOWN
    influence: Influence = Influence.UNKNOWN
    role: Role = Role.UNKNOWN
    score: int | None = None
    asked: bool = False
    asked_ever: bool = False
    answered_ever: bool = False


def standing_of(member: Member) -> Standing:
    if member.score is not None:
        return Standing(category_of(member.score))
    if member.answered_ever:
        return Standing.SILENT_THIS_TIME if member.asked else Standing.NOT_ASKED
    return Standing.NEVER_ANSWERED if member.asked or member.asked_ever else Standing.NOT_ASKED


class Cell(NamedTuple):
    authority: Authority
    influence: Influence


@dataclass(frozen=True, slots=True)
class Segment:
    """One cell of the map, or a row, a column, a role, or all of it."""

    people: int
    standings: Mapping[Standing, int]

    @property
    def counts(self) -> Counts:
        return Counts(
            self.standings.get(Standing.DETRACTOR, 0),
            self.standings.get(Standing.PASSIVE, 0),
            self.standings.get(Standing.PROMOTER, 0),
        )

    @property
    def answered(self) -> int:
        return self.counts.answers


def segment_of(members: Iterable[Member]) -> Segment:
    standings = Counter(standing_of(one) for one in members)
    return Segment(standings.total(), dict(standings))


def segments(members: Iterable[Member]) -> dict[Cell, Segment]:
    """All 16 cells, those without people too: an empty cell of deciders is news."""
    by_cell: dict[Cell, list[Member]] = {Cell(a, i): [] for a in Authority for i in Influence}
    for one in members:
        by_cell[Cell(one.authority, one.influence)].append(one)
    return {cell: segment_of(those) for cell, those in by_cell.items()}


class Remark(StrEnum):
    """What is to be said before any score of the partner."""

    NOBODY_KNOWN = "nobody_known"
    NOBODY_ANSWERED = "nobody_answered"
    NO_DECISION_MAKER_KNOWN = "no_decision_maker_known"
    NO_DECISION_MAKER_ANSWERED = "no_decision_maker_answered"
    ROLES_UNKNOWN = "roles_unknown"
    """Of somebody; the value is of how many."""
    ONLY_END_USERS_ANSWERED = "only_end_users_answered"
    EVERYBODY_ANSWERED = "everybody_answered"


@dataclass(frozen=True, slots=True)
class Heard:
    """Of the people of one role, or of all: how many are known, were asked and answered."""

    known: int
    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What "2 of 5 known, no decision-maker answered" is said from."""

    all: Heard
    roles: Mapping[Role, Heard]
    remarks: tuple[tuple[Remark, int], ...]


def coverage_of(members: Sequence[Member]) -> Coverage:
    roles = {role: _heard([one for one in members if one.role is role]) for role in Role}
    everybody = _heard(members)
    return Coverage(everybody, roles, tuple(_remarks(everybody, roles)))


def _heard(members: Sequence[Member]) -> Heard:
    answered = sum(one.score is not None for one in members)
    return Heard(len(members), sum(one.asked or one.score is not None for one in members), answered)


def _remarks(everybody: Heard, roles: Mapping[Role, Heard]) -> Iterable[tuple[Remark, int]]:
    if not everybody.known:
        yield Remark.NOBODY_KNOWN, 0
        return
    deciders = roles[Role.DECISION_MAKER]
    if not everybody.answered:
        yield Remark.NOBODY_ANSWERED, everybody.known
    if not deciders.known:
        yield Remark.NO_DECISION_MAKER_KNOWN, 0
    elif not deciders.answered:
        yield Remark.NO_DECISION_MAKER_ANSWERED, deciders.known
    if everybody.answered and everybody.answered == roles[Role.END_USER].answered:
        yield Remark.ONLY_END_USERS_ANSWERED, everybody.answered
    if roles[Role.UNKNOWN].known:
        yield Remark.ROLES_UNKNOWN, roles[Role.UNKNOWN].known
    if everybody.answered == everybody.known:
        yield Remark.EVERYBODY_ANSWERED, everybody.known


class Way(StrEnum):
    ALL = "all"
    WEIGHTED = "weighted"
    DECISION_MAKERS = "decision_makers"


class Why(StrEnum):
    """Why a view has no score."""

    NOBODY_KNOWN = "nobody_known"
    NOBODY_ANSWERED = "nobody_answered"
    TOO_FEW_ANSWERED = "too_few_answered"
    ROLE_WITHOUT_ANSWER = "role_without_answer"


@dataclass(frozen=True, slots=True)
class View:
    """The partner's score one way, on [-1, 1], of the `people` known today.

    `score` follows the one policy for small numbers: none under five answers. `interval` is where the score
    of all `people` lies and may stand beside fewer answers, as it is no score; it is None where nobody
    answered, and where all did: nothing is left to estimate. `shrunk` needs a prior, and is never there for
    a count. `why`: what there is instead of a score; `missing`: the roles without an answer.
    """

    way: Way
    people: int
    counts: Counts
    kind: Kind
    score: float | None
    interval: Interval | None
    shrunk: float | None = None
    shrunk_interval: Interval | None = None
    why: Why | None = None
    missing: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Priors:
    """From sister partners (`shrinkage.fit_prior`): over all answers, and over those of one role."""

    all: Prior | None = None
    roles: Mapping[Role, Prior] = field(default_factory=dict)


def three_ways(
    members: Sequence[Member],
    *,
    priors: Priors | None = None,
    weights: Mapping[Role, float] = ROLE_WEIGHTS,
    level: float = 0.95,
) -> tuple[View, View, View]:
    """All answers; weighted by role; decision-makers only. People of unknown role are in the first alone."""
    priors = priors or Priors()
    everybody = segment_of(members)
    deciders = segment_of(one for one in members if one.role is Role.DECISION_MAKER)
    roles = {role: segment_of(one for one in members if one.role is role) for role in weights}
    used = {role: group for role, group in roles.items() if group.people and weights[role] > 0}
    in_roles = _together(used.values())
    groups = [everybody, in_roles, deciders, *used.values()]
    # Once for all of them: each call of the statistics costs more than its rows.
    counts, people = [group.counts for group in groups], [group.people for group in groups]
    limits = [Interval(low, high) for low, high in group_intervals(counts, people, level=level).tolist()]
    found = summarise(counts[:3], population=people[:3], level=level)
    weighed = _weigh(used, weights, dict(zip(used, limits[3:], strict=True)))
    return (
        _view(Way.ALL, everybody, found[0], limits[0], priors.all),
        _weighted(in_roles, found[1], weighed, used, _foretold(used, weights, priors, level)),
        _view(Way.DECISION_MAKERS, deciders, found[2], limits[2], priors.roles.get(Role.DECISION_MAKER)),
    )


def _together(groups: Iterable[Segment]) -> Segment:
    people, standings = 0, Counter[Standing]()
    for group in groups:
        people += group.people
        standings.update(group.standings)
    return Segment(people, dict(standings))


def _view(way: Way, group: Segment, found: Summary, limits: Interval, prior: Prior | None) -> View:
    silent = group.people - group.answered
    told = predict(group.counts, group.people, prior, level=found.level) if prior and silent else None
    return View(
        way,
        group.people,
        group.counts,
        found.kind,
        found.nps,
        limits if silent and group.answered else None,
        shrunk=told and told.mean,
        shrunk_interval=Interval(told.low, told.high) if told else None,
        why=_why(group) if found.nps is None else None,
    )


def _why(group: Segment) -> Why:
    if not group.people:
        return Why.NOBODY_KNOWN
    return Why.TOO_FEW_ANSWERED if group.answered else Why.NOBODY_ANSWERED


class _Part(NamedTuple):
    weight: float
    value: float
    low: float
    high: float


def _weighted(
    group: Segment,
    found: Summary,
    weighed: _Part | None,
    used: Mapping[Role, Segment],
    foretold: _Part | None,
) -> View:
    """Roles without people drop out; a role with people and without an answer leaves no weighted score."""
    silent = group.people - group.answered
    missing = tuple(role for role, part in used.items() if not part.answered)
    score = weighed.value if weighed and found.kind is not Kind.TOO_FEW else None
    why = _why(group) if score is None else None
    if missing and group.answered:
        why = Why.ROLE_WITHOUT_ANSWER
    return View(
        Way.WEIGHTED,
        group.people,
        group.counts,
        found.kind,
        score,
        Interval(weighed.low, weighed.high) if weighed and silent else None,
        shrunk=foretold.value if foretold and silent else None,
        shrunk_interval=Interval(foretold.low, foretold.high) if foretold and silent else None,
        why=why,
        missing=missing,
    )


def _weigh(
    used: Mapping[Role, Segment], weights: Mapping[Role, float], limits: Mapping[Role, Interval]
) -> _Part | None:
    if not used or not all(group.answered for group in used.values()):
        return None
    parts = []
    for role, group in used.items():
        score = (group.counts.promoters - group.counts.detractors) / group.answered
        # The scores so few people can have need not hold the one of those who answered.
        low, high = min(limits[role].low, score), max(limits[role].high, score)
        parts.append(_Part(weights[role], score, low, high))
    return _combined(parts)


def _foretold(
    used: Mapping[Role, Segment], weights: Mapping[Role, float], priors: Priors, level: float
) -> _Part | None:
    parts = []
    for role, group in used.items():
        prior = priors.roles.get(role)
        told = predict(group.counts, group.people, prior, level=level) if prior else None
        if told is None:
            return None
        parts.append(_Part(weights[role], told.mean, min(told.low, told.mean), max(told.high, told.mean)))
    return _combined(parts) if parts else None


def _combined(parts: Sequence[_Part]) -> _Part:
    """Weighted mean of the roles' scores, from the lowest they can be together to the highest. Limits of
    roles this small are often reached: adding up squares of distances (MOVER) would miss half the time."""
    total = sum(one.weight for one in parts)
    value, low, high = (sum(one.weight * one[at] for one in parts) / total for at in (1, 2, 3))
    return _Part(total, value, low, high)
