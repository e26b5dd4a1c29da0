"""How important and how urgent a ticket is, with the reasons (D4).

Points are added: each factor gives none where nothing is known of it, and more of a factor never gives fewer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from otklik.desk.rules.mood import MOST as WORST_MOOD
from otklik.desk.rules.mood import Mood
from otklik.desk.rules.vocabulary import Priority

Facts = tuple[tuple[str, str | int], ...]


class Factor(StrEnum):
    TIER = "tier"
    REVENUE = "revenue"
    ROLE = "role"
    MONEY_BLOCKED = "money_blocked"
    MOOD = "mood"
    AGE = "age"
    BREACH = "breach"
    TOPIC = "topic"
    VIP = "vip"


ROLES = {"decision_maker": 1.0, "influencer": 0.5, "end_user": 0.2}
"""Share of the role's points; values of partners' ``ContactRole``. Others give none."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Points a factor gives at most, and what it takes to be called high or urgent."""

    tier: int = 15
    revenue: int = 15
    role: int = 10
    money_blocked: int = 25
    mood: int = 12
    age: int = 10
    breach: int = 25
    vip: int = 20
    normal: int = 0
    high: int = 30
    urgent: int = 60
    oldest: timedelta = timedelta(days=7)
    """Age at which all its points are given."""
    large_sum: Decimal = Decimal(10_000)
    """Blocked money (in the program's currency) that gives all points; any sum gives half."""


@dataclass(frozen=True, slots=True)
class PriorityFacts:
    tier: str = ""
    tier_rank: float | None = None
    """0 for the program's lowest tier to 1 for its highest."""
    revenue_percentile: float | None = None
    """0 to 1 among the program's partners."""
    role: str = ""
    money_blocked: bool = False
    blocked_amount: Decimal | None = None
    mood: Mood = field(default_factory=Mood)
    age: timedelta = timedelta(0)
    """Since the ticket was created, or since the person last wrote without being answered."""
    clock_used: float | None = None
    """Share of the nearest running clock already used: 1 and more is a breach."""
    topic_points: int = 0
    """The topic's own weight; may be negative (a newsletter question is less than a normal one)."""
    vip: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    kind: Factor
    points: int
    facts: Facts = ()
    """For the sentence shown: names and plain values."""


@dataclass(frozen=True, slots=True)
class PriorityDecision:
    priority: Priority
    score: int
    reasons: tuple[Reason, ...]
    """Those that gave or took points, the weightiest first."""

    def as_event_data(self) -> list[dict[str, object]]:
        """For the log: codes and values, no text of anybody."""
        return [{"kind": r.kind.value, "points": r.points, **dict(r.facts)} for r in self.reasons]


def decide_priority(facts: PriorityFacts, weights: Weights | None = None) -> PriorityDecision:
    weights = weights or Weights()
    given = [
        _share(Factor.TIER, weights.tier, facts.tier_rank, ("tier", facts.tier)),
        _share(Factor.REVENUE, weights.revenue, facts.revenue_percentile, _percent(facts.revenue_percentile)),
        _share(Factor.ROLE, weights.role, ROLES.get(facts.role), ("role", facts.role)),
        _money(facts, weights),
        _share(Factor.MOOD, weights.mood, facts.mood.score / WORST_MOOD, *_signs(facts.mood)),
        _share(Factor.AGE, weights.age, facts.age / weights.oldest, ("hours", int(facts.age / _HOUR))),
        _breach(facts.clock_used, weights),
        Reason(Factor.TOPIC, facts.topic_points),
        Reason(Factor.VIP, weights.vip if facts.vip else 0),
    ]
    reasons = sorted((r for r in given if r.points), key=lambda r: (-abs(r.points), r.kind))
    score = sum(reason.points for reason in reasons)
    return PriorityDecision(_band(score, weights), score, tuple(reasons))


_HOUR = timedelta(hours=1)
# Up to here a clock is nobody's worry; from here to the due time the points rise.
_QUIET_SHARE = 0.5


def _share(kind: Factor, most: int, share: float | None, *facts: tuple[str, str | int]) -> Reason:
    return Reason(kind, round(most * min(1.0, max(0.0, share or 0.0))), facts)


def _percent(percentile: float | None) -> tuple[str, int]:
    return ("percentile", round(100 * (percentile or 0)))


def _signs(mood: Mood) -> Facts:
    return tuple((sign.value, count) for sign, count in mood.signs)


def _money(facts: PriorityFacts, weights: Weights) -> Reason:
    amount = max(Decimal(0), facts.blocked_amount or Decimal(0))
    if not facts.money_blocked and not amount:
        return Reason(Factor.MONEY_BLOCKED, 0)
    share = 0.5 + 0.5 * min(1.0, float(amount / weights.large_sum))
    shown: Facts = (("amount", str(amount)),) if amount else ()
    return Reason(Factor.MONEY_BLOCKED, round(weights.money_blocked * share), shown)


def _breach(used: float | None, weights: Weights) -> Reason:
    share = None if used is None else (used - _QUIET_SHARE) / (1 - _QUIET_SHARE)
    return _share(Factor.BREACH, weights.breach, share, ("percent_used", round(100 * (used or 0))))


def _band(score: int, weights: Weights) -> Priority:
    if score >= weights.urgent:
        return Priority.URGENT
    if score >= weights.high:
        return Priority.HIGH
    return Priority.NORMAL if score >= weights.normal else Priority.LOW


def revenue_percentile(amount: Decimal | None, ladder: Mapping[float, Decimal]) -> float | None:
    """Where ``amount`` stands on a program's ``ladder`` {percentile: revenue}; None: unknown."""
    if amount is None or not ladder:
        return None
    return max((percentile for percentile, step in ladder.items() if amount >= step), default=0.0)
