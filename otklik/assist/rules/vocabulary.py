"""The closed lists of assist. Stored values never change."""

from __future__ import annotations

from enum import StrEnum


class Intent(StrEnum):
    """What somebody wants to know. NONE is an answer of its own: nothing of what we can tell."""

    PAYOUT_WHEN = "payout_when"
    PAYOUT_STATE = "payout_state"
    """How much, and how far it is."""
    HOLD_WHY = "hold_why"
    TICKET_STATE = "ticket_state"
    TRAFFIC_CHECK = "traffic_check"
    DOCUMENT = "document"
    COURSE = "course"
    NONE = "none"


ANSWERED = tuple(intent for intent in Intent if intent is not Intent.NONE)
ABOUT_MONEY = frozenset({Intent.PAYOUT_WHEN, Intent.PAYOUT_STATE, Intent.HOLD_WHY, Intent.TRAFFIC_CHECK})
"""Answered only to whoever sees the money of their partner."""
