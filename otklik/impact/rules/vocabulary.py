"""What is asked, and what partners live through."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Outcome(StrEnum):
    NPS = "nps"
    CSAT = "csat"


SCALE = {Outcome.NPS: (-100.0, 100.0), Outcome.CSAT: (0.0, 100.0)}
"""Between which a mean of answers lies."""


class Exposure(StrEnum):
    """What happened at a partner in the 90 days before an answer. Each is a column of the facts "exposures",
    in the unit named here."""

    WAIT_MEDIAN = "wait_median"
    """Median business hours until we answered."""
    WAIT_LONG = "wait_long"
    """The same that one answer in ten took longer than."""
    BREACHES = "breaches"
    """Promised times that passed unmet."""
    UNANSWERED = "unanswered"
    """Tickets in which the partner's word was the last and we were late with ours, when the survey was
    answered."""
    REOPENED = "reopened"
    """Times that a ticket we took for solved came back."""
    HANDED_OVER = "handed_over"
    """Times that a ticket went to another person or team."""
    FOREIGN_LANGUAGE = "foreign_language"
    """Tickets answered by somebody who does not speak their language."""
    MONEY_HELD = "money_held"
    """Days on which some of the partner's money was held."""
    PAYOUTS_LATE = "payouts_late"
    """Payouts that failed or came after their day."""
    MANAGER_CHANGED = "manager_changed"
    """Times that the partner got another account manager."""


OUTSIDE_SUPPORT = frozenset({Exposure.MONEY_HELD, Exposure.PAYOUTS_LATE, Exposure.MANAGER_CHANGED})
OF_MONEY = frozenset({Exposure.MONEY_HELD, Exposure.PAYOUTS_LATE})
"""Whose answers one by one tell of single partners what their ledger does."""
WINDOW_DAYS = 90
GIVEN_UP = timedelta(minutes=15)
"""A computation that was asked for so long ago is told to have failed, whatever became of its process."""


class ReportState(StrEnum):
    COMPUTING = "computing"
    DONE = "done"
    FAILED = "failed"


class Failure(StrEnum):
    """Why a computation ended without a report."""

    TOO_LONG = "too_long"
    """It was ended after the time a job has."""
    ENDED = "ended"
    """Its process ended in the middle: killed, out of memory, or the machine was stopped."""
    BROKEN = "broken"
    """It met something nobody foresaw; the log of the worker has it."""


LONGEST_NAME, LONGEST_ABOUT = 120, 2000
"""Letters of a policy change."""


class ChangeReason(StrEnum):
    """Why the verdict on a policy change is what it is."""

    BAD_ROWS = "bad_rows"
    TOO_FEW_PARTNERS = "too_few_partners"
    TOO_FEW_REACHED = "too_few_reached"
    NOT_YET = "not_yet"
    """No answer has been given under it yet."""
    EVERYBODY_AT_ONCE = "everybody_at_once"
    """It came to everybody in one month: nobody is left to compare with, and nobody was later than others."""
    NOBODY_LEFT = "nobody_left"
    """Nothing without it is left to compare with, for another cause."""
    ALWAYS_THE_SAME = "always_the_same"
    APART_BEFORE = "apart_before"
    """Those it would reach had left the path of the others before it came."""
    INTERVAL_TOO_WIDE = "interval_too_wide"
    INTERVAL_IS_SMALL = "interval_is_small"
    INTERVAL_EXCLUDES_ZERO = "interval_excludes_zero"


class ChangeDoubt(StrEnum):
    """What no answers can rule out of a policy change."""

    CHOSEN = "chosen"
    """Who gets a policy is no accident."""
    SOMETHING_ELSE_CAME = "something_else_came"
    ONLY_THOSE_WHO_ANSWER = "only_those_who_answer"
