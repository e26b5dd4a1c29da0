"""How the desk keeps its promises: one query function for page and export."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
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

# Under so many there is no share: the policy of all figures here.
LEAST = 5
AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7), timedelta(days=30))
_KINDS = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.RESOLUTION)
_COUNTED = (ClockState.MET, ClockState.MET_LATE, ClockState.BREACHED)


@dataclass(frozen=True, slots=True)
class Kept:
    """``share`` and ``interval`` in [0, 1]; None under LEAST promises."""

    name: str
    kept: int
    missed: int

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
    """``first_response``: minutes of business time within which half, and nine of ten, were answered; None
    under LEAST answers. ``backlog``: open tickets younger than each of AGES, and the rest."""

    days: int
    overall: Kept
    kinds: tuple[Kept, ...]
    teams: tuple[Kept, ...]
    topics: tuple[Kept, ...]
    channels: tuple[Kept, ...]
    first_response: tuple[int, int] | None
    backlog: tuple[int, ...]


def desk_report(user: User, *, days: int, at: datetime) -> DeskReport:
    """Of promises that began in the last ``days`` and are decided. Five queries, whatever the tickets."""
    clocks = _clocks(user, at - timedelta(days=days))
    late = Q(state__in=[ClockState.MET_LATE, ClockState.BREACHED])
    rows = list(
        clocks.values("kind", "ticket__team_id", "ticket__topic_id", "ticket__channel")
        .annotate(kept=Count("pk", filter=Q(state=ClockState.MET)), missed=Count("pk", filter=late))
        .order_by()
    )
    return DeskReport(
        days=days,
        overall=_sum("", rows),
        kinds=_by("kind", rows),
        teams=_by("ticket__team_id", rows, dict(Team.objects.values_list("pk", "name"))),
        topics=_by("ticket__topic_id", rows, {topic.pk: topic for topic in Topic.objects.all()}),
        channels=_by("ticket__channel", rows),
        first_response=_typical(clocks),
        backlog=_backlog(user, at),
    )


def _clocks(user: User, since: datetime) -> QuerySet[Clock]:
    found = Clock.objects.filter(started_at__gte=since, kind__in=_KINDS, state__in=_COUNTED)
    if user.may(Right.SEE_TICKETS) and user.may(Right.SEE_ALL_TICKETS):
        return found
    return found.filter(ticket__in=visible_tickets(user).values("pk"))


def _sum(name: Any, rows: Iterable[Mapping[str, Any]]) -> Kept:
    rows = list(rows)
    return Kept(name, sum(row["kept"] for row in rows), sum(row["missed"] for row in rows))


def _by(
    field: str, rows: Iterable[Mapping[str, Any]], names: Mapping[Any, Any] | None = None
) -> tuple[Kept, ...]:
    """Largest first."""
    groups: dict[Any, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row[field]].append(row)
    found = [
        _sum(names.get(value, "") if names is not None else value, group) for value, group in groups.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.n, str(one.name))))


def _typical(clocks: QuerySet[Clock]) -> tuple[int, int] | None:
    """From a histogram of minutes: there are fewer different ones than answers."""
    answered = clocks.filter(kind=ClockKind.FIRST_RESPONSE, ended_at__isnull=False)
    counted: Counter[int] = Counter()
    given = answered.exclude(state=ClockState.BREACHED).values_list("used_seconds").annotate(n=Count("pk"))
    for seconds, n in given.order_by():
        counted[seconds // 60] += n
    total = sum(counted.values())
    return (_quantile(counted, total, 0.5), _quantile(counted, total, 0.9)) if total >= LEAST else None


def _quantile(counted: Counter[int], total: int, share: float) -> int:
    """The least minute within which at least this share was answered (type 1 of Hyndman and Fan, 1996)."""
    seen = 0
    for minutes in sorted(counted):
        seen += counted[minutes]
        if seen >= share * total:
            return minutes
    return 0


def _backlog(user: User, at: datetime) -> tuple[int, ...]:
    edges = [at - age for age in AGES]
    younger = {f"age_{n}": Count("pk", filter=Q(created_at__gt=edge)) for n, edge in enumerate(edges)}
    found = visible_tickets(user).filter(is_open=True).aggregate(total=Count("pk"), **younger)
    sums = [*(found[name] for name in younger), found["total"]]
    return tuple(now - before for before, now in zip([0, *sums], sums, strict=False))
