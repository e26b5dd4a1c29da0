"""Making the histograms anew from the answers themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db import connection, transaction

from otklik.analytics.models import ScoreCell, ScoreDay, ScoreRollup, ScoreTriple
from otklik.analytics.operations.count_scores import ScoreFact, count_scores


def rebuild_month(program: int, month: date, answers: Callable[[], Iterable[ScoreFact]]) -> None:
    """Replace the counts of one program and calendar month by those of ``answers()``.

    ``answers`` is called inside the transaction, when no other writer can be halfway: it must read all
    answers of that program and month. Short transactions, month by month, keep the database open for others.
    """
    with transaction.atomic():
        _wait_for_writers()
        for by_day in (ScoreCell, ScoreDay):
            by_day.objects.filter(program=program, day__gte=month, day__lt=_next(month)).delete()
        for by_month in (ScoreRollup, ScoreTriple):
            by_month.objects.filter(program=program, month=month).delete()
        count_scores(answers())


def _wait_for_writers() -> None:
    """An answer that is stored but not yet counted would be counted twice or lost on PostgreSQL: writers
    that have begun to count finish first, the others wait and then add to the new rows. SQLite has one writer
    anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {ScoreCell._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
