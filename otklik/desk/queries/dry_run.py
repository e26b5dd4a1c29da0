"""What a trigger would have done: past tickets a step at a time, so that a long look shows how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from otklik.desk.access import visible_tickets
from otklik.desk.models import Ticket
from otklik.desk.queries.automation import concerns_ended, facts_of
from otklik.desk.rules.automation import TIME_PASSED, Action, Rule
from otklik.desk.rules.automation_plan import dry_run, plan
from otklik.identity.public import User

STEP = 500
# The newest ones: who sees ten thousand tickets knows what the rule is like.
MOST = 10_000
EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Look:
    """How far a dry run is. ``before``: the last ticket looked at, as (created_at in ISO form, id)."""

    days: int
    total: int
    tested: int = 0
    matched: int = 0
    examples: list[int] = field(default_factory=list)
    would_do: dict[str, int] = field(default_factory=dict)
    before: tuple[str, int] | None = None
    is_done: bool = False

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Look:
        before = data.pop("before")
        return cls(**data, before=(before[0], before[1]) if before else None)


@dataclass(frozen=True, slots=True)
class Example:
    ticket: Ticket
    actions: tuple[Action, ...]


def begin(rule: Rule, *, days: int, at: datetime) -> Look:
    total = _rows(rule, days, at).order_by()[:MOST].count()
    return Look(days=days, total=total, is_done=total == 0)


def go_on(rule: Rule, look: Look, *, at: datetime) -> Look:
    """The next STEP tickets, newest first. Seven queries."""
    rows = _rows(rule, look.days, at)
    if look.before is not None:
        moment, pk = datetime.fromisoformat(look.before[0]), look.before[1]
        rows = rows.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=pk))
    size = min(STEP, MOST - look.tested)
    seen = list(rows.order_by("-created_at", "-pk").values_list("created_at", "pk")[:size])
    facts = facts_of([pk for _, pk in seen], at=at)
    outcome = dry_run(rule, facts.items(), examples=EXAMPLES - len(look.examples))
    tested = look.tested + outcome.tested
    done = dict(look.would_do)
    for kind, count in outcome.would_do:
        done[kind.value] = done.get(kind.value, 0) + count
    return Look(
        days=look.days,
        total=look.total,
        tested=tested,
        matched=look.matched + outcome.matched,
        examples=[*look.examples, *outcome.examples],
        would_do=done,
        before=(seen[-1][0].isoformat(), seen[-1][1]) if seen else look.before,
        is_done=len(seen) < STEP or tested >= MOST,
    )


def examples_of(rule: Rule, ids: Sequence[int], user: User, *, at: datetime) -> list[Example]:
    """What would be done to each, for those this person may see."""
    tickets = visible_tickets(user).filter(pk__in=ids).in_bulk()
    facts = facts_of([pk for pk in ids if pk in tickets], at=at)
    event = next(iter(rule.on))
    return [
        Example(tickets[pk], tuple(action for _, action in plan([rule], facts[pk], event).actions))
        for pk in ids
        if pk in facts
    ]


def _rows(rule: Rule, days: int, at: datetime) -> QuerySet[Ticket]:
    rows = Ticket.objects.filter(merged_into=None, created_at__gte=at - timedelta(days=days))
    return rows.filter(is_open=True) if TIME_PASSED in rule.on and not concerns_ended(rule) else rows
