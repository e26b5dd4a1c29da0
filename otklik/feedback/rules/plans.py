"""What a wave's plan says: whom, how many, how often, and when. Kept as JSON with the wave."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from otklik.feedback.rules.sampling import Dimension, Quotas
from otklik.feedback.rules.vocabulary import WaveMode

TICKET_SOLVED = "ticket.solved"
PAYOUT_PAID = "payout.paid"
ONBOARDING_FINISHED = "onboarding.finished"
APPLICATION_APPROVED = "application.approved"
OWN_EVENTS = (TICKET_SOLVED, PAYOUT_PAID, ONBOARDING_FINISHED, APPLICATION_APPROVED)
"""What happens here and needs nobody to tell of it."""
LONGEST_DELAY_HOURS = 24 * 90
MOST_REMINDERS, LONGEST_REMINDER_DAYS = 5, 90
ANSWERED_LATE_DAYS = 90
"""So long after the closing a link still takes an answer, which is then marked late."""
TOLD_LATE_DAYS = 30
"""An event told of later than this after the moment its question was due sets nothing off: who writes in
autumn about a payout in spring does not ask, but puzzle."""
_EVENT = re.compile(r"[a-z][a-z0-9_.-]{0,59}\Z")


class PlanProblem(StrEnum):
    EVERY_DAYS = "every_days"
    """A rolling survey asks each person at most every 1 to 1000 days."""
    BELOW_COOLDOWN = "below_cooldown"
    EVENT = "event"
    DELAY = "delay"
    SPREAD = "spread"
    NUMBER = "number"
    REMINDERS = "reminders"


class PlanRefused(ValueError):
    def __init__(self, problem: PlanProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Plan:
    """Empty audience fields narrow nothing. `renewal_days`: only partners whose renewal lies within so many
    days of the start. `wished` is a half-width in points of NPS. `taken_out`: contacts, before the start."""

    roles: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    managers: tuple[int, ...] = ()
    renewal_days: int | None = None
    quotas: Quotas = field(default_factory=dict)
    total: int | None = None
    seed: str = ""
    every_days: int = 90
    per_day: int | None = None
    event: str = ""
    delay_hours: int = 0
    spread_hours: int = 7
    wished: float | None = None
    taken_out: tuple[int, ...] = ()


def read_plan(row: Mapping[str, Any]) -> Plan:
    """From the wave's JSON; what it does not say is the default."""
    known = {name: row[name] for name in Plan.__dataclass_fields__ if name in row}
    for name in ("roles", "tiers", "segments", "countries", "managers", "taken_out"):
        if name in known:
            known[name] = tuple(known[name])
    if "quotas" in known:
        known["quotas"] = {Dimension(name): dict(caps) for name, caps in known["quotas"].items()}
    return Plan(**known)


def plan_row(plan: Plan) -> dict[str, Any]:
    row = asdict(plan)
    row["quotas"] = {dimension.value: dict(caps) for dimension, caps in plan.quotas.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}


def check_plan(plan: Plan, mode: WaveMode, reminders: Sequence[int], cooldown_days: int) -> None:
    """Raises PlanRefused."""
    counts = [plan.total, plan.per_day, *(cap for caps in plan.quotas.values() for cap in caps.values())]
    if any(count is not None and count < 0 for count in counts):
        raise PlanRefused(PlanProblem.NUMBER)
    if mode is WaveMode.ROLLING and not 1 <= plan.every_days <= 1000:
        raise PlanRefused(PlanProblem.EVERY_DAYS)
    if mode is WaveMode.ROLLING and plan.every_days < cooldown_days:
        # The cooldown would hold back everybody who is due: the daily share could not be kept.
        raise PlanRefused(PlanProblem.BELOW_COOLDOWN)
    if mode is WaveMode.EVENT and not is_event(plan.event):
        raise PlanRefused(PlanProblem.EVENT)
    if not 0 <= plan.delay_hours <= LONGEST_DELAY_HOURS:
        raise PlanRefused(PlanProblem.DELAY)
    if not 0 <= plan.spread_hours <= 24 * 14:
        raise PlanRefused(PlanProblem.SPREAD)
    if not _are_reminders(reminders):
        raise PlanRefused(PlanProblem.REMINDERS)


def is_event(name: str) -> bool:
    return _EVENT.match(name) is not None


def is_told_late(plan: Plan, happened_at: datetime, at: datetime) -> bool:
    return at - happened_at > timedelta(hours=plan.delay_hours, days=TOLD_LATE_DAYS)


def expires_at(send_at: datetime, closes_at: datetime | None) -> datetime:
    """When the link stops taking answers at all."""
    return max(send_at, closes_at or send_at) + timedelta(days=ANSWERED_LATE_DAYS)


def _are_reminders(days: Sequence[int]) -> bool:
    growing = all(first < second for first, second in pairwise(days))
    return len(days) <= MOST_REMINDERS and growing and all(1 <= day <= LONGEST_REMINDER_DAYS for day in days)
