"""Closed lists of the relationship map. Authority, influence and role have the values of the partner CRM."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from otklik.stats.nps import LAST_DETRACTOR_SCORE, LAST_PASSIVE_SCORE


class Authority(StrEnum):
    UNKNOWN = "unknown"
    NONE = "none"
    SHARED = "shared"
    FINAL = "final"


class Influence(StrEnum):
    UNKNOWN = "unknown"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Role(StrEnum):
    DECISION_MAKER = "decision_maker"
    INFLUENCER = "influencer"
    END_USER = "end_user"
    UNKNOWN = "unknown"


class Category(StrEnum):
    DETRACTOR = "detractor"
    PASSIVE = "passive"
    PROMOTER = "promoter"


class Standing(StrEnum):
    """What a person's card is coloured by. NOT_ASKED: nobody ever asked."""

    PROMOTER = "promoter"
    PASSIVE = "passive"
    DETRACTOR = "detractor"
    SILENT_THIS_TIME = "silent_this_time"
    NEVER_ANSWERED = "never_answered"
    NOT_ASKED = "not_asked"


class TieLevel(StrEnum):
    """UNKNOWN: nobody has judged it, or there is no log to judge it by."""

    UNKNOWN = "unknown"
    NONE = "none"
    WEAK = "weak"
    WORKING = "working"
    STRONG = "strong"


class TieKind(StrEnum):
    """What binds one of ours to a person."""

    MANAGER = "manager"
    """Answers for the partner."""
    SPONSOR = "sponsor"
    """Of our management, for the great moments."""
    WORK = "work"
    """They work on the same matter."""
    SUPPORT = "support"
    PERSONAL = "personal"
    """From before, or from outside."""


class InfluenceKind(StrEnum):
    """What the first of two people at a partner does to the second."""

    LEADS = "leads"
    ADVISES = "advises"
    BLOCKS = "blocks"
    """Speaks against us there, and is heard."""


class CallKind(StrEnum):
    MOVE = "move"
    SURPRISE = "surprise"
    SILENCE = "silence"


class CallState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


KEY_ROLES = frozenset({Role.DECISION_MAKER, Role.INFLUENCER})


@dataclass(frozen=True, slots=True)
class Points:
    """One reason of an additive judgement: what it is, what it adds, and the value it rests on."""

    reason: StrEnum
    points: float
    value: float | str | None = None


def category_of(score: int) -> Category:
    """Of a score 0..10."""
    if score <= LAST_DETRACTOR_SCORE:
        return Category.DETRACTOR
    return Category.PASSIVE if score <= LAST_PASSIVE_SCORE else Category.PROMOTER


def weightiest(reasons: list[Points]) -> tuple[Points, ...]:
    """Those that add or take something, the largest first; equal ones by name."""
    return tuple(
        sorted((one for one in reasons if one.points), key=lambda one: (-abs(one.points), one.reason))
    )
