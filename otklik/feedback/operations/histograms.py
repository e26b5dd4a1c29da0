"""Making the score histograms anew from the responses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from django.db.models import Max, Min

from otklik.analytics.public import ScoreFact, months_counted, rebuild_month
from otklik.feedback.models import Response
from otklik.feedback.queries.utc import UtcDay
from otklik.feedback.rules.periods import months_between, next_month
from otklik.feedback.rules.vocabulary import ResponseStatus


def rebuild_histograms(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Count all complete responses again, one program and month at a time. Returns the number of months.

    Safe beside live answers. ``progress(done, total)`` is called after each month.
    """
    months = sorted(set(months_counted()) | set(_months_answered()))
    for done, (program, month) in enumerate(months, 1):
        rebuild_month(program, month, lambda: _answers(program, month))  # noqa: B023 (called at once)
        progress(done, len(months))
    return len(months)


def _months_answered() -> Iterator[tuple[int, date]]:
    spans = (
        Response.objects.order_by()
        .values_list("program_id")
        .annotate(Min("responded_at"), Max("responded_at"))
    )
    for program, first, last in spans:
        for month in months_between(first.astimezone(UTC).date(), last.astimezone(UTC).date()):
            yield program, month


def _answers(program: int, month: date) -> Iterator[ScoreFact]:
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    after = next_month(month)
    rows = (
        Response.objects.filter(
            program_id=program,
            status=ResponseStatus.COMPLETE,
            responded_at__gte=start,
            responded_at__lt=datetime(after.year, after.month, 1, tzinfo=UTC),
        )
        .order_by()
        .annotate(day=UtcDay("responded_at"))
        .values_list("kind", "day", "score", "segment", "tier", "country", "manager_id", "role", "channel")
    )
    for kind, day, score, segment, tier, country, manager, role, channel in rows.iterator(chunk_size=5000):
        yield ScoreFact(
            kind=kind,
            program=program,
            day=date.fromisoformat(day),
            score=score,
            segment=segment,
            tier=tier,
            country=country,
            manager=manager or 0,
            role=role,
            channel=channel,
        )
