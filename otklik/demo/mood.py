"""What makes a partner's person give the score they give. The demo's truth, so that later rooms can find it.

Score on 0..10 = round(base + partner + person + role + tier + language + season + payouts + manager + noise),
clipped. Every effect is in points of the scale. Months are counted back from the anchor, the first day of the
month in which the demo is loaded: -24 is the first month with answers, -1 the last full one.
"""

from __future__ import annotations

from dataclasses import dataclass

BASE = 8.35
NOISE = 1.25
MONTHS = 24

# The payment provider failed for seven weeks; payouts came late, hardest for those who buy traffic for cash.
PAYOUT_DIP = {-9: -1.2, -8: -1.6, -7: -0.7, -6: -0.25}
PAYOUT_HIT_HARDEST = frozenset({"media_buying", "affiliate_network"})
# Of those whose payouts are in the books three in four were hit, and felt it from the first day of lateness.
PAYOUT_HIT, PAYOUT_HIT_FROM = 2.6, 16
# Olga left and Igor took over her partners on top of his own.
HANDOVER_MONTH = -15
HANDOVER_DIP = {-15: -0.8, -14: -1.5, -13: -1.4, -12: -1.0, -11: -0.5}
# The last quarter of a year is the season: queues are long. Answers come by calendar month.
SEASON = {11: -0.4, 12: -0.6, 1: -0.2, 7: 0.15, 8: 0.15}
# Each time support kept a partner waiting for days, for so long, on everybody there.
SUPPORT_DIP, SUPPORT_REMEMBERED_DAYS = -1.5, 60
ROLE = {"decision_maker": -0.25, "influencer": -0.05, "end_user": 0.2, "unknown": 0.0}


@dataclass(frozen=True, slots=True)
class Situation:
    month: int
    calendar_month: int
    role: str
    tier_effect: float
    segment: str
    barrier: float
    handed_over: bool
    kept_waiting: int = 0
    """How often support kept the partner waiting lately."""
    hit: float = 1.0
    """How hard the failure of the payment provider hits; 0: their money came in time."""


def expected_score(situation: Situation) -> float:
    """Points before partner, person and noise."""
    payouts = PAYOUT_DIP.get(situation.month, 0.0) * situation.hit
    if situation.segment in PAYOUT_HIT_HARDEST:
        payouts *= 1.6
    handover = HANDOVER_DIP.get(situation.month, -0.1) if situation.handed_over else 0.0
    if situation.month < HANDOVER_MONTH:
        handover = 0.0
    return (
        BASE
        + ROLE[situation.role]
        + situation.tier_effect
        - situation.barrier
        + SEASON.get(situation.calendar_month, 0.0)
        + payouts
        + handover
        + SUPPORT_DIP * min(2, situation.kept_waiting)
    )


def cause(situation: Situation) -> str:
    """What this person would complain of now: the largest effect that weighs on them."""
    payouts = PAYOUT_DIP.get(situation.month, 0.0) * situation.hit
    handover = HANDOVER_DIP.get(situation.month, 0.0) if situation.handed_over else 0.0
    season = SEASON.get(situation.calendar_month, 0.0)
    worst, name = min(
        (payouts, "payouts"),
        (handover, "manager"),
        (season, "slow"),
        (-situation.barrier, "language"),
        (SUPPORT_DIP * situation.kept_waiting, "slow"),
        (-0.3, ""),
    )
    return name if worst < -0.3 else "general"
