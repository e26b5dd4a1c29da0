"""Silence against the person's own habit: who was expected to answer and did not.

Each person's chance of answering is their own record, recent waves weighing more, drawn to the rate of their
role. How surprising a silence is follows from that chance; what it matters follows from role, title, tie,
renewal and open tickets. Formula and points: docs/formulas/relationships.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import exp, log, log2

import numpy as np

from otklik.relationships.rules.titles import Seniority
from otklik.relationships.rules.vocabulary import KEY_ROLES, Points, Role, TieLevel, weightiest
from otklik.stats.special import log_gamma

HALF_LIFE_WAVES = 4.0
"""A wave this many waves back weighs half of the last one."""
PROGRAM_RATE = 0.3
"""Where nobody was ever asked."""
ROLE_WEIGHT = 20.0
"""Invitations the program's rate counts for in that of a role."""
STRENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Invitations the role's rate may count for in a person's; the likeliest is taken."""
DEFAULT_STRENGTH = 2.0
FEWEST_FOR_STRENGTH = 20
"""People with two invitations or more."""
REGULAR_FROM = 0.5
REGULAR_POINTS = 7.0
"""At least, however poor the wave: a regular's silence stands above a gap."""
POINTS_PER_BIT = 15.0
MOST_BITS = 5.0
GAP_POINTS = 6.0
"""A key person asked twice or more who never answered."""
ROLE_POINTS: Mapping[Role, float] = {Role.DECISION_MAKER: 8.0, Role.INFLUENCER: 5.0, Role.UNKNOWN: 2.0}
TITLE_POINTS: Mapping[Seniority, float] = {Seniority.TOP: 4.0, Seniority.HEAD: 2.0}
TIE_POINTS: Mapping[TieLevel, float] = {
    TieLevel.NONE: 4.0,
    TieLevel.UNKNOWN: 3.0,
    TieLevel.WEAK: 2.0,
    TieLevel.WORKING: 1.0,
}
RENEWAL_POINTS = ((30, 8.0), (90, 5.0), (180, 2.0))
"""Within so many days, an overdue renewal among them: the points."""
TICKET_POINTS, MOST_TICKET_POINTS = 2.0, 6.0


class Silence(StrEnum):
    REGULAR = "regular"
    """Was expected to answer."""
    OCCASIONAL = "occasional"
    GAP = "gap"
    """A key person who was asked more than once and never answered: nobody knows them."""
    NEVER = "never"
    """As GAP, but no key person."""
    FIRST = "first"
    """Was asked for the first time."""


class SilenceReason(StrEnum):
    HABIT = "habit"
    NEVER_ANSWERED = "never_answered"
    ROLE = "role"
    TITLE = "title"
    TIE = "tie"
    RENEWAL = "renewal"
    TICKETS = "tickets"


@dataclass(frozen=True, slots=True)
class Record:
    """How often a person was asked and answered: earlier waves, the oldest first. What was sent and came back
    is no invitation and stands in no record."""

    role: Role = Role.UNKNOWN
    answered: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Habits:
    """The rate of each role, and how many invitations it counts for beside a person's own."""

    program: float = PROGRAM_RATE
    roles: Mapping[Role, float] = field(default_factory=dict)
    strength: float = DEFAULT_STRENGTH

    def rate(self, role: Role) -> float:
        return self.roles.get(role, self.program)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What else of a silent person counts. `renewal_in_days` below 0: overdue; None: no date known."""

    seniority: Seniority = Seniority.OTHER
    tie: TieLevel = TieLevel.UNKNOWN
    renewal_in_days: float | None = None
    open_tickets: int = 0


@dataclass(frozen=True, slots=True)
class Silent:
    """`chance`: of answering, this wave taken into account; `habit`: without it. `points` is the sum of the
    reasons'."""

    id: int
    kind: Silence
    habit: float
    chance: float
    points: float
    reasons: tuple[Points, ...]


def learn_habits(records: Iterable[Record]) -> Habits:
    """Rates of the program and its roles, and the strength with which people follow their role's."""
    asked, answered = _sums(list(records))
    people = [key for key, n in asked.items() if n]
    if not people:
        return Habits()
    total, hits = sum(asked.values()), sum(answered.values())
    # One invitation answered and one not, so that no rate is certain.
    program = (hits + 1) / (total + 2)
    roles: dict[Role, float] = {}
    for role in Role:
        of_role = [key for key in people if key[0] is role]
        n, k = sum(asked[key] for key in of_role), sum(answered[key] for key in of_role)
        roles[role] = (k + ROLE_WEIGHT * program) / (n + ROLE_WEIGHT)
    return Habits(program, roles, _strength(people, asked, answered, roles))


def _sums(records: Sequence[Record]) -> tuple[dict[tuple[Role, int], int], dict[tuple[Role, int], int]]:
    asked = {(one.role, n): len(one.answered) for n, one in enumerate(records)}
    return asked, {(one.role, n): sum(one.answered) for n, one in enumerate(records)}


def _strength(
    people: Sequence[tuple[Role, int]],
    asked: Mapping[tuple[Role, int], int],
    answered: Mapping[tuple[Role, int], int],
    roles: Mapping[Role, float],
) -> float:
    """The likeliest of STRENGTHS under the beta-binomial distribution."""
    twice = [key for key in people if asked[key] >= 2]
    if len(twice) < FEWEST_FOR_STRENGTH:
        return DEFAULT_STRENGTH
    n = np.array([asked[key] for key in twice], dtype=np.float64)
    k = np.array([answered[key] for key in twice], dtype=np.float64)
    rate = np.array([roles[key[0]] for key in twice])
    kinds, times = np.unique(np.stack([n, k, rate], axis=1), axis=0, return_counts=True)
    n, k, rate = kinds.T

    def likelihood(strength: float) -> float:
        yes, no = strength * rate, strength * (1 - rate)
        terms = log_gamma(yes + k) - log_gamma(yes) + log_gamma(no + n - k) - log_gamma(no)
        whole = np.full_like(n, strength)
        return float(times @ (terms - log_gamma(whole + n) + log_gamma(whole)))

    return max(STRENGTHS, key=likelihood)


def chance_of_answering(record: Record, habits: Habits, *, half_life: float = HALF_LIFE_WAVES) -> float:
    """In (0, 1). The last invitation weighs 1, the one before 2^(-1 / half_life), and so on."""
    rate = habits.rate(record.role)
    weight, hits = habits.strength, habits.strength * rate
    for age, answered in enumerate(reversed(record.answered)):
        share = 2 ** (-age / half_life)
        weight += share
        hits += share * answered
    return hits / weight


def chances_in_wave(chances: Sequence[float], answered: int) -> list[float]:
    """The same chances with all odds moved by one factor so that they expect as many answers as came: in a
    wave everybody let pass, one more silence says little.

    The factor rests on one pseudo-answer and one pseudo-silence, so that it stays finite in a small wave.
    """
    if not chances:
        return []
    target = (answered + 0.5) / (len(chances) + 1) * len(chances)
    odds = [log(chance / (1 - chance)) for chance in chances]
    low, high = -40.0, 40.0
    for _ in range(60):
        shift = (low + high) / 2
        if sum(1 / (1 + exp(-one - shift)) for one in odds) < target:
            low = shift
        else:
            high = shift
    shift = (low + high) / 2
    return [1 / (1 + exp(-one - shift)) for one in odds]


def judge_silence(
    person: int,
    record: Record,
    habits: Habits,
    about: Circumstances,
    *,
    chance: float | None = None,
) -> Silent:
    """One person who was asked and is silent. `chance`: from `chances_in_wave`, where the wave is known."""
    habit = chance_of_answering(record, habits)
    now = habit if chance is None else chance
    kind = _kind(record, habit)
    reasons = [
        _habit_points(kind, now),
        Points(SilenceReason.ROLE, ROLE_POINTS.get(record.role, 0.0), record.role.value),
        Points(SilenceReason.TITLE, TITLE_POINTS.get(about.seniority, 0.0), about.seniority.name.lower()),
        Points(SilenceReason.TIE, TIE_POINTS.get(about.tie, 0.0), about.tie.value),
        Points(SilenceReason.RENEWAL, _renewal_points(about.renewal_in_days), about.renewal_in_days),
        Points(
            SilenceReason.TICKETS,
            min(MOST_TICKET_POINTS, TICKET_POINTS * about.open_tickets),
            about.open_tickets,
        ),
    ]
    return Silent(person, kind, habit, now, sum(one.points for one in reasons), weightiest(reasons))


def rank_silence(silent: Iterable[Silent]) -> list[Silent]:
    """Most points first; of equal ones those sooner expected, then by id. Nobody is dropped."""
    return sorted(silent, key=lambda one: (-one.points, -one.chance, one.id))


def _kind(record: Record, habit: float) -> Silence:
    if not record.answered:
        return Silence.FIRST
    if not any(record.answered):
        return Silence.GAP if record.role in KEY_ROLES else Silence.NEVER
    return Silence.REGULAR if habit >= REGULAR_FROM else Silence.OCCASIONAL


def _habit_points(kind: Silence, chance: float) -> Points:
    if kind is Silence.GAP:
        return Points(SilenceReason.NEVER_ANSWERED, GAP_POINTS)
    if kind is Silence.NEVER:
        return Points(SilenceReason.NEVER_ANSWERED, 0.0)
    bits = min(MOST_BITS, -log2(1 - chance))
    if kind is Silence.FIRST:
        bits = min(bits, GAP_POINTS / POINTS_PER_BIT)
    points = POINTS_PER_BIT * bits
    if kind is Silence.REGULAR:
        points = max(points, REGULAR_POINTS)
    return Points(SilenceReason.HABIT, points, round(chance, 4))


def _renewal_points(days: float | None) -> float:
    if days is None:
        return 0.0
    return next((points for within, points in RENEWAL_POINTS if days <= within), 0.0)
