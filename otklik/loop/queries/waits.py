"""How long people waited for a first word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, DateTimeField, F, Func, IntegerField, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from otklik.loop.models import Alert
from otklik.stats.waits import Waited

STEPS = 10
"""Of an hour: waits are counted by six minutes, and shown by the hour."""


class StepsBetween(Func):
    """From the first moment to the second, never below none. The ORM's own difference is taken in Python on
    SQLite, row by row."""

    output_field = IntegerField()

    def __init__(self, start: Combinable, end: Combinable) -> None:
        super().__init__(start, end)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "MAX(0, CAST(ROUND((julianday(%(end)s) - julianday(%(start)s)) * 240) AS INTEGER))"
        return self._written(template, compiler)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "GREATEST(0, ROUND(EXTRACT(EPOCH FROM (%(end)s - %(start)s)) / 360)::integer)"
        return self._written(template, compiler)

    def _written(self, template: str, compiler: Any) -> tuple[str, tuple[Any, ...]]:
        (start, given), (end, ended) = map(compiler.compile, self.source_expressions)
        return template % {"start": start, "end": end}, (*ended, *given)


@dataclass(frozen=True, slots=True)
class Waits:
    """``in_time`` of ``judged``: spoken to by the deadline, of those who were, or whose deadline is over."""

    waits: list[Waited]
    spoken: int
    waiting: int
    in_time: int
    judged: int


def waits_for_a_word(rows: QuerySet[Alert], at: datetime) -> Waits:
    """In hours. Closed without a word: nobody waits any more, and nobody was spoken to. One query."""
    spoken = Q(first_contact_at__isnull=False)
    live = rows.filter(Q(closed_at=None) | spoken)
    end = Coalesce(F("first_contact_at"), Value(at, DateTimeField()))
    counts = (
        live.annotate(steps=StepsBetween(F("opened_at"), end))
        .values_list("steps")
        .annotate(
            ended=Count("pk", filter=spoken),
            lasting=Count("pk", filter=~spoken),
            in_time=Count("pk", filter=Q(first_contact_at__lte=F("due_at"))),
            judged=Count("pk", filter=spoken | Q(due_at__lte=at)),
        )
        .order_by()
    )
    found = list(counts)
    return Waits(
        [Waited(steps / STEPS, ended, lasting) for steps, ended, lasting, _, _ in found],
        *(sum(row[place] for row in found) for place in (1, 2, 3, 4)),
    )
