"""How the desk keeps its promises: one query function for page and export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from otklik.desk.access import visible_tickets
from otklik.desk.models import Clock, Topic
from otklik.desk.rules.vocabulary import ClockKind, ClockState
from otklik.identity.public import Right, Team, User
from otklik.stats.intervals import Interval
from otklik.stats.share import wilson
from otklik.stats.waits import Quantile, quantile

# Under so many there is no share: the policy of all figures here.
LEAST = 5
AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
_KINDS = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION)
_COUNTED = (ClockState.MET, ClockState.MET_LATE, ClockState.BREACHED)
# Team, topic, owner and channel of the promise's ticket.
_Place = tuple[int | None, int | None, int | None, str]


@dataclass(frozen=True, slots=True)
class Waits:
    """``half``, ``most``: minutes of business time within which half, and nine of ten, of ``n`` were over;
    None under LEAST."""

    n: int
    half: Quantile | None = None
    most: Quantile | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """``share`` and ``interval`` in [0, 1]; None under LEAST promises."""

    name: Any
    kept: int
    missed: int
    first_response: Waits
    resolution: Waits

    @property
    def n(self) -> int:
        return self.kept + self.missed

    @property
    def share(self) -> float | None:
        return self.kept / self.n if self.n >= LEAST else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.kept, self.n) if self.n >= LEAST else None


@dataclass(frozen=True, slots=True)
class DeskReport:
    """``backlog``: open tickets younger than each of AGES, and the rest. ``counted_at``: the figures are of
    then."""

    days: int
    counted_at: datetime
    overall: Kept
    kinds: tuple[Kept, ...]
    teams: tuple[Kept, ...]
    topics: tuple[Kept, ...]
    agents: tuple[Kept, ...]
    channels: tuple[Kept, ...]
    backlog: tuple[int, ...]


def desk_report(user: User, *, days: int, at: datetime) -> DeskReport:
    """Of promises that began in the last ``days`` and are decided. Five queries, whatever the tickets."""
    by_kind, by_place = _tallied(_clocks(user, at - timedelta(days=days)))
    owners = {place[2] for place in by_place if place[2] is not None}
    return DeskReport(
        days=days,
        counted_at=at,
        overall=_sum(by_place.values()).as_kept(""),
        kinds=_largest_first((kind, tally) for kind, tally in by_kind.items()),
        teams=_by(0, by_place, dict(Team.objects.values_list("pk", "name"))),
        topics=_by(1, by_place, {topic.pk: topic for topic in Topic.objects.all()}),
        agents=_by(2, by_place, dict(User.objects.filter(pk__in=owners).values_list("pk", "name"))),
        channels=_by(3, by_place),
        backlog=_backlog(user, at),
    )


def _clocks(user: User, since: datetime) -> QuerySet[Clock]:
    found = Clock.objects.filter(started_at__gte=since, kind__in=_KINDS, state__in=_COUNTED)
    if user.may(Right.SEE_TICKETS) and user.may(Right.SEE_ALL_TICKETS):
        return found
    return found.filter(ticket__in=visible_tickets(user).values("pk"))


class _Tally:
    """Minutes of each kind of wait, in no order."""

    __slots__ = ("first_response", "kept", "missed", "resolution")

    def __init__(self) -> None:
        self.kept = self.missed = 0
        self.first_response: list[int] = []
        self.resolution: list[int] = []

    def add(self, other: _Tally) -> None:
        self.kept += other.kept
        self.missed += other.missed
        self.first_response += other.first_response
        self.resolution += other.resolution

    def as_kept(self, name: Any) -> Kept:
        return Kept(name, self.kept, self.missed, _waits(self.first_response), _waits(self.resolution))


def _tallied(clocks: QuerySet[Clock]) -> tuple[dict[str, _Tally], dict[_Place, _Tally]]:
    """One pass over the rows: every breakdown is summed from what is kept here by all of them."""
    by_kind: dict[str, _Tally] = defaultdict(_Tally)
    by_place: dict[_Place, _Tally] = defaultdict(_Tally)
    ticket = ("ticket__team_id", "ticket__topic_id", "ticket__owner_id", "ticket__channel")
    for kind, state, seconds, *place in clocks.values_list("kind", "state", "used_seconds", *ticket):
        for tally in (by_kind[kind], by_place[tuple(place)]):
            if state == ClockState.MET:
                tally.kept += 1
            else:
                tally.missed += 1
            if state == ClockState.BREACHED:
                continue  # still owed
            if kind == ClockKind.FIRST_RESPONSE:
                tally.first_response.append(seconds // 60)
            elif kind == ClockKind.RESOLUTION:
                tally.resolution.append(seconds // 60)
    return by_kind, by_place


def _sum(tallies: Iterable[_Tally]) -> _Tally:
    total = _Tally()
    for tally in tallies:
        total.add(tally)
    return total


def _by(
    part: int, by_place: Mapping[_Place, _Tally], names: Mapping[Any, Any] | None = None
) -> tuple[Kept, ...]:
    groups: dict[Any, _Tally] = defaultdict(_Tally)
    for place, tally in by_place.items():
        groups[place[part]].add(tally)
    return _largest_first(
        (names.get(value, "") if names is not None else value, tally) for value, tally in groups.items()
    )


def _largest_first(groups: Iterable[tuple[Any, _Tally]]) -> tuple[Kept, ...]:
    found = [tally.as_kept(name) for name, tally in groups]
    return tuple(sorted(found, key=lambda one: (-one.n, str(one.name))))


def _waits(minutes: Sequence[int]) -> Waits:
    if len(minutes) < LEAST:
        return Waits(len(minutes))
    ordered = sorted(minutes)
    return Waits(len(ordered), quantile(ordered, 0.5), quantile(ordered, 0.9))


def _backlog(user: User, at: datetime) -> tuple[int, ...]:
    edges = [at - age for age in AGES]
    younger = {f"age_{n}": Count("pk", filter=Q(created_at__gt=edge)) for n, edge in enumerate(edges)}
    found = visible_tickets(user).filter(is_open=True).aggregate(total=Count("pk"), **younger)
    sums = [*(found[name] for name in younger), found["total"]]
    return tuple(now - before for before, now in zip([0, *sums], sums, strict=False))
