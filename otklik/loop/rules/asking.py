"""What may be asked of a promoter, when, and by which steps. What we owe them is ``guard.py``'s.

Nobody is asked for two things at once; after a question nobody is asked for anything for 180 days, whatever
they said; who said no is not asked for the same within 365 days of saying it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from otklik.loop.rules.vocabulary import AskKind, AskState, ConsentSaid, GuardReason

REST_DAYS = 180
REST_AFTER_NO_DAYS = 365

STEPS: dict[AskState, frozenset[AskState]] = {
    AskState.PROPOSED: frozenset({AskState.ASKED, AskState.DROPPED}),
    AskState.ASKED: frozenset({AskState.AGREED, AskState.DECLINED, AskState.DROPPED}),
    AskState.AGREED: frozenset({AskState.DELIVERED, AskState.WITHDRAWN, AskState.DROPPED}),
    AskState.DELIVERED: frozenset({AskState.WITHDRAWN}),
    AskState.DECLINED: frozenset(),
    AskState.WITHDRAWN: frozenset(),
    AskState.DROPPED: frozenset(),
}
OPEN_ASKS = (AskState.PROPOSED, AskState.ASKED, AskState.AGREED)
# Something was agreed, and may be used or was.
AGREED_ASKS = (AskState.AGREED, AskState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Past:
    """An ask to somebody. ``asked_on`` None: they never heard of it; ``answered_on``: yes or no."""

    kind: AskKind
    state: AskState
    asked_on: date | None = None
    answered_on: date | None = None


def too_soon(past: Iterable[Past], on: date, kind: AskKind | None = None) -> tuple[GuardReason, ...]:
    """Why they are left in peace; empty: they may be asked for this (None: for something)."""
    asks = list(past)
    checks = (
        (GuardReason.UNDER_WAY, any(one.state in OPEN_ASKS for one in asks)),
        (GuardReason.ASKED_LATELY, any(_rests(one.asked_on, REST_DAYS, on) for one in asks)),
        (GuardReason.DECLINED, kind is not None and kind in declined_kinds(asks, on)),
    )
    return tuple(reason for reason, holds in checks if holds)


def declined_kinds(past: Iterable[Past], on: date) -> frozenset[AskKind]:
    """What they said no to not long ago."""
    return frozenset(
        one.kind
        for one in past
        if one.state is AskState.DECLINED and _rests(one.answered_on, REST_AFTER_NO_DAYS, on)
    )


def rested_on(past: Iterable[Past]) -> date | None:
    """From which day on they may be asked again; None: they were never asked."""
    days = [one.asked_on for one in past if one.asked_on is not None]
    return max(days) + timedelta(days=REST_DAYS) if days else None


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the consent trail. ``until``: the last day it holds, None without end."""

    said: ConsentSaid
    until: date | None = None


def holds(trail: Sequence[Said], on: date) -> bool:
    """Whether what they agreed to holds on this day: by what they said last."""
    if not trail or trail[-1].said is ConsentSaid.WITHDRAWN:
        return False
    until = trail[-1].until
    return until is None or on <= until


def _rests(day: date | None, days: int, on: date) -> bool:
    return day is not None and on < day + timedelta(days=days)
