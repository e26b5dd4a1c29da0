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


class AnswerChannel(StrEnum):
    PORTAL = "portal"
    MAIL = "mail"
    FORM = "form"


class AnswerOutcome(StrEnum):
    """Who settled the matter. Counted as solved without a person: HELPED and QUIET."""

    SUGGESTED = "suggested"
    """Only the agent read it."""
    TOLD = "told"
    """Nothing is known yet."""
    HELPED = "helped"
    """The person said so."""
    QUIET = "quiet"
    """Nothing came after it in 72 hours."""
    PERSON = "person"
    """It took a person."""


SOLVED_OUTCOMES = frozenset({AnswerOutcome.HELPED, AnswerOutcome.QUIET})


class OutcomeReason(StrEnum):
    SAID_SO = "said_so"
    QUIET = "quiet"
    ASKED_PERSON = "asked_person"
    WROTE_AGAIN = "wrote_again"
    NEW_TICKET = "new_ticket"
    AGENT_ANSWERED = "agent_answered"
    """Before the 72 hours were over."""


class Review(StrEnum):
    RIGHT = "right"
    WRONG_INTENT = "wrong_intent"
    """Something else was asked."""
    WRONG_FACT = "wrong_fact"
    """The question was understood, and what was told was not so."""


class NoticeKind(StrEnum):
    PAYOUT_SOON = "payout_soon"
    PAYOUT_LATE = "payout_late"
    PAYOUT_FAILED = "payout_failed"
    HOLD_OPENED = "hold_opened"
    HOLD_DECIDED = "hold_decided"
    RENEWAL_NEAR = "renewal_near"
    PROMISE_LATE = "promise_late"
    """An answer we promised will come later than promised."""
    MATTER_SILENT = "matter_silent"
    PARTNER_SILENT = "partner_silent"
    """To the partner's manager: nobody has talked to them."""


class NoticeState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    SHOWN = "shown"
    """On the portal only: no address, or enough mails for a day."""
    DROPPED = "dropped"
    """It was no longer so when its hour came."""
