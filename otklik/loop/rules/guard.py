"""May a promoter be asked for something? Never while we owe them: a dispute, a hold on their money, an open
critical ticket."""

from __future__ import annotations

from dataclasses import dataclass

from otklik.loop.rules.vocabulary import Flow, GuardReason, flow_of_score


@dataclass(frozen=True, slots=True)
class Relation:
    """How things stand with a person and their partner. ``score``: their last one, None: never answered;
    disputes, holds and tickets are the partner's, whoever of its people began them."""

    score: int | None
    disputes: int = 0
    holds: int = 0
    critical_tickets: int = 0
    open_alerts: int = 0
    consent_withdrawn: bool = False
    is_gone: bool = False
    # Since they gave it; None: not known.
    score_days: int | None = None


# What somebody said longer ago says little of how they feel now.
RECENT_DAYS = 365


def refusals(relation: Relation) -> tuple[GuardReason, ...]:
    """Every reason against it; empty: they may be asked."""
    glad = relation.score is not None and flow_of_score(relation.score) is Flow.PROMOTER
    is_old = glad and relation.score_days is not None and relation.score_days > RECENT_DAYS
    checks = (
        (GuardReason.DISPUTE, relation.disputes > 0),
        (GuardReason.HOLD, relation.holds > 0),
        (GuardReason.CRITICAL_TICKET, relation.critical_tickets > 0),
        (GuardReason.OPEN_ALERT, relation.open_alerts > 0),
        (GuardReason.NO_PROMOTER, not glad),
        (GuardReason.OLD_SCORE, is_old),
        (GuardReason.CONSENT_WITHDRAWN, relation.consent_withdrawn),
        (GuardReason.GONE, relation.is_gone),
    )
    return tuple(reason for reason, holds in checks if holds)
