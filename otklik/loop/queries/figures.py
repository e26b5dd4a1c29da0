"""The board's figures: page, export, API and report share them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from otklik.feedback.public import Response
from otklik.identity.public import User
from otklik.loop.access import visible_alerts
from otklik.loop.models import Alert, RootCause
from otklik.loop.queries.causes import named_together, partners_behind
from otklik.loop.queries.pairs import paired
from otklik.loop.queries.waits import waits_for_a_word
from otklik.loop.rules.deadlines import SOON
from otklik.loop.rules.pareto import Line, pareto, rolled_up, top_of
from otklik.loop.rules.recovered import Compared, Recovered, compare, recovered_share
from otklik.loop.rules.vocabulary import Lateness, Outcome
from otklik.partners.public import may_see_revenue
from otklik.stats.intervals import Interval
from otklik.stats.share import wilson
from otklik.stats.waits import quantiles_with_waiting


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """Alerts opened from ``start`` up to and without ``end``; what is open is counted whenever it was."""

    start: datetime
    end: datetime
    program_id: int | None = None
    owner_id: int | None = None
    partner_id: int | None = None


@dataclass(frozen=True, slots=True)
class OpenNow:
    """``unspoken``: nobody has spoken to them yet; ``overdue``, ``escalated``, ``soon`` are among those."""

    open: int
    unspoken: int
    overdue: int
    escalated: int
    soon: int
    asleep: int
    to_tell: int


@dataclass(frozen=True, slots=True)
class FirstContact:
    """Hours by the clock, of alerts of the period: within how many half, and nine of ten, were spoken to,
    those who still wait reckoned in; None: so many wait that it cannot be told. ``half_between``: 95 %,
    None: too few to tell. ``in_time`` of ``judged``: spoken to by the deadline, of those who were, or whose
    deadline is over."""

    half: float | None
    half_between: Interval | None
    most: float | None
    spoken: int
    waiting: int
    in_time: int
    judged: int
    share: Interval | None

    @property
    def in_time_share(self) -> float | None:
        return self.in_time / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Closed:
    """Of the alerts of the period."""

    alerts: int
    closed: int
    outcomes: Mapping[Outcome, int]
    told: int

    @property
    def share(self) -> float | None:
        return self.closed / self.alerts if self.alerts else None


@dataclass(frozen=True, slots=True)
class Board:
    now: OpenNow
    first_contact: FirstContact
    closed: Closed


@dataclass(frozen=True, slots=True)
class Risen:
    """A detractor who is none any more: the alert, and the next answer."""

    alert: Alert
    answer: Response


@dataclass(frozen=True, slots=True)
class CameOfIt:
    recovered: Recovered
    compared: Compared
    risen: Sequence[Risen]


def board(user: User, asked: BoardFilter, *, at: datetime) -> Board:
    """Of the alerts this person sees. Three queries, whose rows do not grow with the number of alerts."""
    rows = _filtered(visible_alerts(user), asked)
    return Board(
        now=_open_now(rows, at),
        first_contact=_first_contact(_of_period(rows, asked), at),
        closed=_closed(_of_period(rows, asked)),
    )


def came_of_it(user: User, asked: BoardFilter, *, latest: int = 0) -> CameOfIt:
    """Of the alerts of the period that this person sees. Three queries."""
    found = paired(_of_period(_filtered(visible_alerts(user), asked), asked), latest=latest)
    people = Alert.objects.select_related("partner", "contact", "owner")
    alerts = people.in_bulk([alert for alert, _ in found.risen])
    answers = Response.objects.in_bulk([answer for _, answer in found.risen])
    return CameOfIt(
        recovered=recovered_share(found.counted, of_closed=True),
        compared=compare(found.counted),
        risen=[Risen(alerts[alert], answers[answer]) for alert, answer in found.risen],
    )


def lateness_is(lateness: Lateness, at: datetime) -> Q:
    """The same judgement as ``rules/deadlines.lateness``, as a condition."""
    unspoken = Q(closed_at=None, first_contact_at=None)
    return {
        Lateness.DONE: Q(closed_at__isnull=False) | Q(first_contact_at__isnull=False),
        Lateness.ESCALATED: unspoken & Q(due_at__lte=at, escalated_at__isnull=False),
        Lateness.OVERDUE: unspoken & Q(due_at__lte=at, escalated_at=None),
        Lateness.SOON: unspoken & Q(due_at__gt=at, due_at__lte=at + SOON),
        Lateness.IN_TIME: unspoken & Q(due_at__gt=at + SOON),
    }[lateness]


@dataclass(frozen=True, slots=True)
class CauseLine:
    cause: RootCause
    line: Line


def causes_of(user: User, asked: BoardFilter, *, by_branch: bool = False) -> list[CauseLine]:
    """Root causes of the closed alerts of the period, the most frequent first; ``by_branch``: by the tops of
    the tree. Revenue only for who may see it. Three queries."""
    rows = _of_period(_filtered(visible_alerts(user), asked), asked).filter(closed_at__isnull=False)
    together = named_together(rows)
    if not together:
        return []
    tree = RootCause.objects.in_bulk()
    tops: dict[int, int] = {}
    if by_branch:
        parents = {pk: cause.parent_id for pk, cause in tree.items()}
        together, tops = rolled_up(together, parents), {pk: top_of(pk, parents) for pk in tree}
    behind = partners_behind(rows, tops, with_revenue=may_see_revenue(user))
    return [CauseLine(tree[line.cause], line) for line in pareto(together, behind)]


def _filtered(rows: QuerySet[Alert], asked: BoardFilter) -> QuerySet[Alert]:
    for name in ("program_id", "owner_id", "partner_id"):
        if (value := getattr(asked, name)) is not None:
            rows = rows.filter(**{name: value})
    return rows


def _of_period(rows: QuerySet[Alert], asked: BoardFilter) -> QuerySet[Alert]:
    return rows.filter(opened_at__gte=asked.start, opened_at__lt=asked.end)


def _open_now(rows: QuerySet[Alert], at: datetime) -> OpenNow:
    counts = rows.filter(Q(closed_at=None) | Q(owes_word=True)).aggregate(
        open=Count("pk", filter=Q(closed_at=None)),
        unspoken=Count("pk", filter=Q(closed_at=None, first_contact_at=None)),
        overdue=Count("pk", filter=Q(closed_at=None, first_contact_at=None, due_at__lte=at)),
        escalated=Count("pk", filter=lateness_is(Lateness.ESCALATED, at)),
        soon=Count("pk", filter=lateness_is(Lateness.SOON, at)),
        asleep=Count("pk", filter=Q(closed_at=None, snoozed_until__gt=at)),
        to_tell=Count("pk", filter=Q(owes_word=True)),
    )
    return OpenNow(**counts)


def _first_contact(rows: QuerySet[Alert], at: datetime) -> FirstContact:
    found = waits_for_a_word(rows, at)
    half, most = quantiles_with_waiting(found.waits, [0.5, 0.9])
    return FirstContact(
        half=None if half is None else half.value,
        half_between=None if half is None else half.interval,
        most=None if most is None else most.value,
        spoken=found.spoken,
        waiting=found.waiting,
        in_time=found.in_time,
        judged=found.judged,
        share=wilson(found.in_time, found.judged),
    )


def _closed(rows: QuerySet[Alert]) -> Closed:
    counts: Counter[str] = Counter()
    told = 0
    for outcome, number, heard in rows.values_list("outcome").annotate(
        number=Count("pk"), heard=Count("pk", filter=Q(told_at__isnull=False))
    ):
        counts[outcome] += number
        told += heard
    closed = {outcome: counts[outcome] for outcome in Outcome if counts[outcome]}
    return Closed(sum(counts.values()), sum(closed.values()), closed, told)
