"""What the log says about a tie, beside what the team says. Formula: docs/formulas/relationships.md.

A complaint is contact, but no sign of a good tie: it is counted apart and adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from otklik.relationships.rules.vocabulary import Points, TieLevel

CONTACT_POINTS = 40.0
CONTACTS_FOR_HALF = 4.0
REPLY_POINTS = 30.0
UNANSWERED_AT_FIRST = 2.0
"""Letters without a reply that everybody is taken to have had: one reply to one letter is no habit."""
FRESH_POINTS = 30.0
FRESH_HALF_LIFE_DAYS = 90.0
LEAST_POINTS: Mapping[TieLevel, float] = {
    TieLevel.STRONG: 70.0,
    TieLevel.WORKING: 45.0,
    TieLevel.WEAK: 15.0,
    TieLevel.NONE: 0.0,
}
STALE_AFTER_DAYS = 365
RECENT_COMPLAINTS_DAYS = 180
LADDER = (TieLevel.NONE, TieLevel.WEAK, TieLevel.WORKING, TieLevel.STRONG)


class TieReason(StrEnum):
    CONTACTS = "contacts"
    REPLIES = "replies"
    DAYS_SINCE = "days_since"


class Doubt(StrEnum):
    """What of the stated level should be looked at again."""

    ABOVE_EVIDENCE = "above_evidence"
    """Two levels or more, as below."""
    BELOW_EVIDENCE = "below_evidence"
    STALE = "stale"
    COMPLAINTS = "complaints"
    """Stated as working or strong, and complaints came in lately."""
    NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True)
class Contacts:
    """Between a person and one of ours, of the last year. `to_them`: our letters and calls; `replies`: those
    they answered; `from_them`: what they began themselves, complaints not among them."""

    to_them: int = 0
    replies: int = 0
    from_them: int = 0
    complaints: int = 0
    days_since: float | None = None
    """The last one that was no complaint; None: none was."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`points` of 100. UNKNOWN where nothing is logged: a log that is not kept says nothing of the tie."""

    level: TieLevel
    points: float
    reasons: tuple[Points, ...]
    complaints: int


@dataclass(frozen=True, slots=True)
class Tie:
    """The stated level and the evidence side by side; neither replaces the other."""

    stated: TieLevel
    evidence: Evidence
    doubts: tuple[Doubt, ...]


def evidence_of(contacts: Contacts) -> Evidence:
    """More contact or replies never lower the level, more days never raise it, complaints change nothing."""
    both_ways = contacts.replies + contacts.from_them
    touched = contacts.to_them + contacts.from_them
    if not touched and not contacts.complaints:
        return Evidence(TieLevel.UNKNOWN, 0.0, (), 0)
    told = CONTACT_POINTS * (1 - 2 ** (-both_ways / CONTACTS_FOR_HALF))
    replies = min(contacts.replies, contacts.to_them)
    answered = REPLY_POINTS * (replies + contacts.from_them) / (touched + UNANSWERED_AT_FIRST)
    fresh = 0.0
    if contacts.days_since is not None and both_ways:
        fresh = FRESH_POINTS * 2 ** (-max(0.0, contacts.days_since) / FRESH_HALF_LIFE_DAYS)
    reasons = (
        Points(TieReason.CONTACTS, told, both_ways),
        Points(TieReason.REPLIES, answered, replies),
        Points(TieReason.DAYS_SINCE, fresh, contacts.days_since),
    )
    points = told + answered + fresh
    level = next(level for level, least in LEAST_POINTS.items() if points >= least)
    return Evidence(level, points, reasons, contacts.complaints)


def tie_of(
    stated: TieLevel,
    contacts: Contacts,
    *,
    stated_days_ago: float | None = None,
    complaint_days_ago: float | None = None,
) -> Tie:
    """`complaint_days_ago`: the last complaint; None: never, or nobody knows."""
    evidence = evidence_of(contacts)
    return Tie(stated, evidence, tuple(_doubts(stated, evidence, stated_days_ago, complaint_days_ago)))


def _doubts(
    stated: TieLevel, evidence: Evidence, stated_days_ago: float | None, complaint_days_ago: float | None
) -> list[Doubt]:
    if stated is TieLevel.UNKNOWN:
        return [Doubt.NOT_STATED]
    found = []
    if evidence.level is not TieLevel.UNKNOWN:
        apart = LADDER.index(stated) - LADDER.index(evidence.level)
        if abs(apart) >= 2:
            found.append(Doubt.ABOVE_EVIDENCE if apart > 0 else Doubt.BELOW_EVIDENCE)
    if stated_days_ago is not None and stated_days_ago > STALE_AFTER_DAYS:
        found.append(Doubt.STALE)
    good = LADDER.index(stated) >= LADDER.index(TieLevel.WORKING)
    if good and complaint_days_ago is not None and complaint_days_ago <= RECENT_COMPLAINTS_DAYS:
        found.append(Doubt.COMPLAINTS)
    return found
