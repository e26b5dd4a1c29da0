"""May this person be asked: one cooldown over all surveys and channels, and the facts that forbid it.

The moments a person was asked are those of every invitation that was sent or is queued, so they may lie after
the moment in question: a plan for tomorrow is as near to next week's as next week's is to it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from otklik.feedback.rules.vocabulary import Refusal


@dataclass(frozen=True, slots=True)
class Rules:
    """Of a program. A day is 24 hours here: an hour more or less when the clocks change breaks no promise."""

    cooldown_days: int = 90
    quarantine_days: int = 365
    leaves_out_open_tickets: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """What is known of one person. `asked` in any order, over all surveys and channels."""

    asked: Sequence[datetime] = ()
    complained_at: datetime | None = None
    unsubscribed: bool = False
    bounced: bool = False
    consent_refused: bool = False
    has_address: bool = True
    is_active: bool = True
    has_open_ticket: bool = False


def may_ask(history: History, rules: Rules, at: datetime, *, by_mail: bool = True) -> Refusal | None:
    """None where nothing forbids it; of several reasons, the one that lasts longest. Whoever is handed a link
    (not `by_mail`) needs no address."""
    lasting = _lasting(history, by_mail)
    if lasting is not None:
        return lasting
    if history.complained_at is not None and at < _quarantine_ends(history.complained_at, rules):
        return Refusal.QUARANTINE
    cooldown = timedelta(days=rules.cooldown_days)
    if any(abs(at - asked) < cooldown for asked in history.asked):
        return Refusal.COOLDOWN
    if rules.leaves_out_open_tickets and history.has_open_ticket:
        return Refusal.OPEN_TICKET
    return None


def earliest(history: History, rules: Rules, at: datetime) -> datetime | None:
    """The first moment not before `at` that cooldown and quarantine leave free.

    None where time alone changes nothing. An open ticket is not waited for: nobody knows its end.
    """
    if _lasting(history, by_mail=True) is not None:
        return None
    if history.complained_at is not None:
        at = max(at, _quarantine_ends(history.complained_at, rules))
    cooldown = timedelta(days=rules.cooldown_days)
    asked = sorted(history.asked)
    for moment in asked[bisect_left(asked, at - cooldown) :]:
        if moment - at >= cooldown:
            break
        at = max(at, moment + cooldown)
    return at


def _lasting(history: History, by_mail: bool) -> Refusal | None:
    if not history.is_active:
        return Refusal.INACTIVE
    if by_mail and not history.has_address:
        return Refusal.NO_ADDRESS
    if by_mail and history.bounced:
        return Refusal.BOUNCED
    if history.unsubscribed:
        return Refusal.UNSUBSCRIBED
    if history.consent_refused:
        return Refusal.CONSENT_REFUSED
    return None


def _quarantine_ends(complained_at: datetime, rules: Rules) -> datetime:
    return complained_at + timedelta(days=rules.quarantine_days)
