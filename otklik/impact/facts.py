"""Answers with what was lived through before them, as rows for analytics: surrogate ids, closed-list words
and counts. Columns of exposures have the names of ``Exposure``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from otklik.analytics.public import ColumnType, FactSource
from otklik.feedback.public import Response
from otklik.impact.queries.exposures import exposure_rows

EXPOSURES = "exposures"
COLUMNS = (
    ("id", ColumnType.BIG),
    ("responded_at", ColumnType.INSTANT),
    ("day", ColumnType.DAY),
    ("kind", ColumnType.WORD),
    ("score", ColumnType.SMALL),
    ("program", ColumnType.BIG),
    ("partner", ColumnType.BIG),
    ("contact", ColumnType.BIG),
    ("manager", ColumnType.BIG),
    ("segment", ColumnType.WORD),
    ("tier", ColumnType.WORD),
    ("country", ColumnType.WORD),
    ("role", ColumnType.WORD),
    ("channel", ColumnType.WORD),
    # The program's first ticket; empty where it had none yet: then nothing is known of support.
    ("desk_since", ColumnType.INSTANT),
    ("tickets", ColumnType.BIG),
    ("own_tickets", ColumnType.BIG),
    # Hours of business time; empty where nothing was answered.
    ("wait_median", ColumnType.REAL),
    ("wait_long", ColumnType.REAL),
    ("breaches", ColumnType.BIG),
    ("unanswered", ColumnType.BIG),
    ("reopened", ColumnType.BIG),
    ("handed_over", ColumnType.BIG),
    ("foreign_language", ColumnType.BIG),
    ("money_held", ColumnType.BIG),
    ("payouts_late", ColumnType.BIG),
    ("manager_changed", ColumnType.BIG),
    ("main_channel", ColumnType.WORD),
    ("main_topic", ColumnType.BIG),
    ("main_team", ColumnType.BIG),
)


def _all_ids(waiting: QuerySet[Any]) -> Iterator[list[int]]:
    last = 0
    while True:
        rows = Response.objects.filter(pk__gt=last).exclude(pk__in=waiting).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:10_000])
        if not ids:
            return
        yield ids
        last = ids[-1]


exposures = FactSource(EXPOSURES, COLUMNS, exposure_rows, _all_ids)
