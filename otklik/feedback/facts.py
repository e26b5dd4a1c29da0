"""Responses as rows for analytics: surrogate ids and closed-list words, no comment, no name, no address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from otklik.analytics.public import ColumnType, FactSource, ids_in
from otklik.feedback.models import Response
from otklik.feedback.operations.noting import FACT_SOURCE
from otklik.feedback.rules.vocabulary import ResponseStatus

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
)
_FIELDS = (
    "id",
    "responded_at",
    "kind",
    "score",
    "program_id",
    "partner_id",
    "contact_id",
    "manager_id",
    "segment",
    "tier",
    "country",
    "role",
    "channel",
)
# SQLite takes a thousand values in a statement.
CHUNK = 900


def _fetch(ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(ids), CHUNK):
        rows = Response.objects.filter(pk__in=ids[start : start + CHUNK], status=ResponseStatus.COMPLETE)
        for pk, responded_at, *rest in rows.order_by("pk").values_list(*_FIELDS):
            yield (pk, responded_at, responded_at.astimezone(UTC).date(), *rest)


responses = FactSource(FACT_SOURCE, COLUMNS, _fetch, lambda waiting: ids_in(Response.objects.all(), waiting))
