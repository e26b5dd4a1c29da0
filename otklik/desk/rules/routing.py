"""Who should take a ticket (D5), and why each of the others should not.

Hard facts exclude (away, full, speaks another language), soft ones give points, and the longest without a
new ticket wins a tie. Nobody suitable means the team's queue with the reason, never a bad owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from otklik.desk.rules.handling import ANSWERS_FROM
from otklik.desk.rules.vocabulary import Availability


class Reason(StrEnum):
    """Why the owner changed; in the event."""

    ROUTED = "routed"
    TAKEN = "taken"
    BY_HAND = "by_hand"
    RULE = "rule"
    IGNORED = "ignored"
    """Assigned and silent: back to the queue."""
    ABSENT = "absent"
    LEFT = "left"
    BACK = "back"
    ESCALATED = "escalated"
    MERGED = "merged"


class Excluded(StrEnum):
    """In the order asked: the last one that left nobody is the reason of the queue."""

    INACTIVE = "inactive"
    OTHER_TEAM = "other_team"
    LANGUAGE = "language"
    SKILL = "skill"
    ABSENT = "absent"
    OFF_HOURS = "off_hours"
    OFFLINE = "offline"
    IGNORED_IT = "ignored_it"
    FULL = "full"


class Why(StrEnum):
    ACCOUNT_MANAGER = "account_manager"
    PREVIOUS_OWNER = "previous_owner"
    LANGUAGE = "language"
    SKILL = "skill"
    ONLINE = "online"
    OPEN_HOURS = "open_hours"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Candidate:
    id: int
    teams: frozenset[int] = frozenset()
    languages: Mapping[str, int] = field(default_factory=dict)
    """Code → level 1 (can read) to 3 (native)."""
    skills: Mapping[int, int] = field(default_factory=dict)
    """Topic id → level 1 to 3."""
    in_hours: bool = True
    """Working hours of the agent's own zone are open now."""
    presence: Availability = Availability.ONLINE
    capacity: int = 10
    load: int = 0
    absent_until: datetime | None = None
    last_assigned_at: datetime | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """None and "" mean that nothing is asked."""

    team_id: int | None = None
    language: str = ""
    topic_id: int | None = None
    manager_id: int | None = None
    """The partner's account manager."""
    previous_owner_id: int | None = None
    ignored_by: frozenset[int] = frozenset()
    """To whom it was assigned before without a sign of life."""


@dataclass(frozen=True, slots=True)
class Policy:
    prefer_manager: bool = True
    need_language: bool = True
    need_skill: bool = False
    need_hours: bool = True
    need_presence: bool = False
    """Only who is online; otherwise presence gives points."""
    lowest_level: int = ANSWERS_FROM
    """Of language."""
    manager: int = 100
    previous_owner: int = 40
    language: int = 15
    skill: int = 20
    online: int = 10
    hours: int = 10
    free: int = 20


@dataclass(frozen=True, slots=True)
class Ranked:
    agent_id: int
    points: int
    reasons: tuple[tuple[Why, int], ...]
    excluded_by: tuple[Excluded, ...] = ()


@dataclass(frozen=True, slots=True)
class RoutingDecision:
    agent_id: int | None
    ranked: tuple[Ranked, ...]
    """Suitable ones first, best first; then the excluded with everything that speaks against them."""
    queue_reason: Excluded | None = None
    """Where nobody was found: what the last possible agents failed on; None without any candidate."""

    def as_event_data(self, most: int = 5) -> dict[str, object]:
        """For the ticket's history."""
        shown = [
            {
                "agent": r.agent_id,
                "points": r.points,
                "reasons": {why.value: points for why, points in r.reasons},
                "excluded_by": [excluded.value for excluded in r.excluded_by],
            }
            for r in self.ranked[:most]
        ]
        return {"queue_reason": self.queue_reason or "", "ranked": shown}


@dataclass(frozen=True, slots=True)
class Handover:
    ticket_id: int
    decision: RoutingDecision


_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def route(
    request: Request, candidates: Iterable[Candidate], *, at: datetime, policy: Policy | None = None
) -> RoutingDecision:
    policy = policy or Policy()
    judged = [(_judge(request, candidate, at, policy), candidate) for candidate in candidates]
    judged.sort(
        key=lambda pair: (
            bool(pair[0].excluded_by),
            -pair[0].points,
            pair[1].last_assigned_at or _LONG_AGO,
            pair[1].id,
        )
    )
    ranked = tuple(one for one, _ in judged)
    if ranked and not ranked[0].excluded_by:
        return RoutingDecision(ranked[0].agent_id, ranked)
    return RoutingDecision(None, ranked, _queue_reason(ranked))


def assignment_expired(assigned_at: datetime, acted_at: datetime | None, now: datetime, minutes: int) -> bool:
    """No sign of life (answer, note, status) since the assignment for ``minutes``; 0: never comes back."""
    if minutes <= 0 or (acted_at is not None and acted_at >= assigned_at):
        return False
    return now - assigned_at >= timedelta(minutes=minutes)


def redistribute(
    tickets: Sequence[tuple[int, Request]],
    candidates: Iterable[Candidate],
    *,
    at: datetime,
    policy: Policy | None = None,
) -> tuple[Handover, ...]:
    """Tickets (id, request) of somebody who is away or has left, most urgent first. Each assignment counts
    before the next is made, so that not everything goes to the one who was best at the start."""
    pool = {candidate.id: candidate for candidate in candidates}
    handovers = []
    for order, (ticket_id, request) in enumerate(tickets):
        decision = route(request, pool.values(), at=at, policy=policy)
        handovers.append(Handover(ticket_id, decision))
        if decision.agent_id is not None:
            taker = pool[decision.agent_id]
            # A microsecond apart: the order of this hand-over breaks its ties too.
            moment = at + timedelta(microseconds=order)
            pool[taker.id] = replace(taker, load=taker.load + 1, last_assigned_at=moment)
    return tuple(handovers)


def _judge(request: Request, candidate: Candidate, at: datetime, policy: Policy) -> Ranked:
    given = (
        (Why.ACCOUNT_MANAGER, policy.manager * _is_manager(request, candidate, policy)),
        (Why.PREVIOUS_OWNER, policy.previous_owner * (candidate.id == request.previous_owner_id)),
        (Why.LANGUAGE, policy.language * _language_level(request, candidate) // 3),
        (Why.SKILL, policy.skill * candidate.skills.get(request.topic_id or 0, 0) // 3),
        (Why.ONLINE, policy.online * (candidate.presence is Availability.ONLINE)),
        (Why.OPEN_HOURS, policy.hours * candidate.in_hours),
        (Why.FREE, policy.free * max(0, candidate.capacity - candidate.load) // max(1, candidate.capacity)),
    )
    reasons = sorted(((why, points) for why, points in given if points), key=lambda r: (-r[1], r[0]))
    total = sum(points for _, points in reasons)
    return Ranked(candidate.id, total, tuple(reasons), _exclusions(request, candidate, at, policy))


def _exclusions(request: Request, candidate: Candidate, at: datetime, policy: Policy) -> tuple[Excluded, ...]:
    # Who knows the partner or the matter may stand outside the team and the skill list.
    close = _is_manager(request, candidate, policy) or candidate.id == request.previous_owner_id
    tests = {
        Excluded.INACTIVE: not candidate.is_active,
        Excluded.OTHER_TEAM: not close
        and request.team_id is not None
        and request.team_id not in candidate.teams,
        Excluded.LANGUAGE: policy.need_language
        and bool(request.language)
        and _language_level(request, candidate) < policy.lowest_level,
        Excluded.SKILL: not close
        and policy.need_skill
        and request.topic_id is not None
        and not candidate.skills.get(request.topic_id),
        Excluded.ABSENT: candidate.absent_until is not None and candidate.absent_until > at,
        Excluded.OFF_HOURS: policy.need_hours and not candidate.in_hours,
        Excluded.OFFLINE: policy.need_presence and candidate.presence is not Availability.ONLINE,
        Excluded.IGNORED_IT: candidate.id in request.ignored_by,
        Excluded.FULL: candidate.load >= candidate.capacity,
    }
    return tuple(excluded for excluded, holds in tests.items() if holds)


def _is_manager(request: Request, candidate: Candidate, policy: Policy) -> bool:
    return policy.prefer_manager and candidate.id == request.manager_id


def _language_level(request: Request, candidate: Candidate) -> int:
    """ "ru-RU" is asked of whoever speaks "ru"."""
    return candidate.languages.get(request.language.lower().replace("_", "-").partition("-")[0], 0)


def _queue_reason(ranked: Sequence[Ranked]) -> Excluded | None:
    """What the last ones standing failed on: "all full" helps a head more than "some are in another team"."""
    order = list(Excluded)
    return max((ranked_one.excluded_by[0] for ranked_one in ranked), key=order.index, default=None)
