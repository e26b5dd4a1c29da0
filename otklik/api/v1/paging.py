"""Reading a long list page by page: after a key, never by offset, so that every page costs the same."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from ninja.errors import HttpError

from otklik.kit.clock import read_moment

MOST = 200
Row = TypeVar("Row", bound=Model)


def page_by_id(rows: QuerySet[Row], after: str | None, limit: int) -> tuple[list[Row], str | None]:
    """Rows in order of id, and the ``after`` of the next page (None on the last)."""
    if after is not None:
        rows = rows.filter(pk__gt=_number(after))
    found = list(rows.order_by("pk")[: limit + 1])
    return found[:limit], str(found[limit - 1].pk) if len(found) > limit else None


def page_newest_first(
    rows: QuerySet[Row], column: str, after: str | None, limit: int
) -> tuple[list[Row], str | None]:
    """Rows by a time column, newest first; the key carries time and id, as many rows may share a moment."""
    if after is not None:
        moment, key = _moment(after)
        rows = rows.filter(Q(**{f"{column}__lt": moment}) | Q(**{column: moment, "pk__lt": key}))
    found = list(rows.order_by(f"-{column}", "-pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    plain = f"{getattr(last, column).isoformat()}|{last.pk}"
    return found[:limit], base64.urlsafe_b64encode(plain.encode()).decode()


def _number(after: str) -> int:
    if not after.isascii() or not after.isdigit() or len(after) > 18:
        raise HttpError(422, "after: pass the `next` of the page before.")
    return int(after)


def _moment(after: str) -> tuple[datetime, int]:
    try:
        moment, _, key = base64.urlsafe_b64decode(after.encode()).decode().rpartition("|")
        found = read_moment(moment)
        number = int(key)
    except (ValueError, binascii.Error, UnicodeError):
        raise HttpError(422, "after: pass the `next` of the page before.") from None
    if not 0 < number < 2**63:
        raise HttpError(422, "after: pass the `next` of the page before.")
    return found, number
