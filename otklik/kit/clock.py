"""The one place that reads the clock. Views, jobs and commands call it and pass ``at=`` down."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def read_moment(text: str) -> datetime:
    """An ISO 8601 moment with a zone, in UTC. Raises ValueError, also for one that UTC's calendar cannot hold
    (the first hours of the year 1 in Tokyo): databases refuse it much later and less politely."""
    return as_utc(datetime.fromisoformat(text))


def as_utc(moment: datetime) -> datetime:
    """Raises ValueError where there is no zone, or no such moment in UTC."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("the calendar ends before this moment") from None
