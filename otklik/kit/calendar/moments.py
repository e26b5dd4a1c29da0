"""Moments as people write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from otklik.kit.clock import as_utc


def read_local_moment(text: str, zone: str) -> datetime:
    """ISO 8601 in UTC; without an offset it is a time on the wall clock of `zone`.

    A time that the clock skips is read by the offset before the change (02:30 becomes 03:30); of a time that
    comes twice the first is meant. Raises ValueError.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return as_utc(moment).astimezone(UTC)
