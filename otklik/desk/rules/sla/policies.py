"""Which policy holds for a ticket, and what it promises there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from otklik.desk.rules.sla.shapes import Reopening
from otklik.desk.rules.vocabulary import ClockKind, Priority

ANY_PRIORITY = ""


@dataclass(frozen=True, slots=True)
class Promise:
    minutes: int
    warn_percent: int


@dataclass(frozen=True, slots=True)
class Policy:
    """An empty condition fits everybody. ``targets``: by kind and priority; ANY_PRIORITY holds for those
    without one of their own."""

    id: int
    calendar_id: int
    program_id: int | None
    tiers: frozenset[str]
    topics: frozenset[int]
    targets: Mapping[tuple[str, str], Promise]
    reopening: Reopening
    grace_minutes: int
    before_partners_evening: bool

    def fits(self, *, program_id: int, tier: str, topic_id: int | None) -> bool:
        return (
            self.program_id in (None, program_id)
            and (not self.tiers or tier.strip().lower() in self.tiers)
            and (not self.topics or topic_id in self.topics)
        )

    def promises(self, priority: str) -> dict[str, Promise]:
        found = {}
        for kind in ClockKind:
            promise = self.targets.get((kind, priority)) or self.targets.get((kind, ANY_PRIORITY))
            if promise is not None:
                found[str(kind)] = promise
        return found


def terms(policy: Policy | None, *, version: int, priority: Priority | str, zone: str) -> dict[str, Any]:
    """What the log keeps (SLA_ASSIGNED). ``version`` is that of the policy's calendar, ``zone`` the partner's
    or ""."""
    if policy is None:
        return {"policy": None, "targets": {}, "evening": None}
    return {
        "policy": policy.id,
        "targets": {
            kind: {"minutes": promise.minutes, "warn_at_percent": promise.warn_percent}
            for kind, promise in policy.promises(priority).items()
        },
        "calendar": {"id": policy.calendar_id, "version": version},
        "reopening": policy.reopening.value,
        "grace_minutes": policy.grace_minutes,
        "evening": {"zone": zone} if policy.before_partners_evening and zone else None,
    }


def same_terms(one: Mapping[str, Any] | None, other: Mapping[str, Any]) -> bool:
    """A calendar is known by its id: that it got a new version is an event of its own. Nothing at all and
    no policy are the same."""
    if one is None:
        return other["policy"] is None
    return _compared(one) == _compared(other)


def _compared(given: Mapping[str, Any]) -> dict[str, Any]:
    return {**given, "calendar": (given.get("calendar") or {}).get("id")}
