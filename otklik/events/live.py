"""Topics: the names under which an open page hears that something changed.

An event about partner 17 touches the topics ``partner:17`` and ``partner:*``. PostgreSQL tells them to
whoever listens, in the event's own transaction, because ids do not commit in order there and "id > last"
would lose some. SQLite has one writer, so its reader asks the log itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from otklik.events.actor import Subject
from otklik.events.models import EventSubject

CHANNEL = "otklik_live"
EVERYTHING = "*"
# PostgreSQL refuses a notification of 8000 bytes or more.
_LONGEST = 7900
# One read takes in so many new subjects; where more came at once every page is told to look again.
_MOST = 2000


def topics_of(subjects: Iterable[Subject]) -> set[str]:
    topics = set()
    for subject in subjects:
        topics.add(f"{subject.noun}:{subject.id}")
        topics.add(f"{subject.noun}:*")
    return topics


def announce(subjects: Iterable[Subject]) -> None:
    """Tell listeners when the transaction commits, and never if it does not."""
    if connection.vendor != "postgresql":
        return
    payload = " ".join(sorted(topics_of(subjects)))
    if not payload:
        return
    with connection.cursor() as cursor:
        short = len(payload.encode()) <= _LONGEST
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload if short else EVERYTHING])


def topics_since(moment: datetime) -> set[str]:
    """Topics of events recorded after a moment: for a page that was away for a little while."""
    rows = EventSubject.objects.filter(event__recorded_at__gt=moment).values_list("noun", "object_id")
    found = list(rows[: _MOST + 1])
    return {EVERYTHING} if len(found) > _MOST else topics_of(Subject(*row) for row in found)


def last_event_id() -> int:
    """SQLite only: where a reader begins."""
    return EventSubject.objects.order_by("-event_id").values_list("event_id", flat=True).first() or 0


def topics_after(event_id: int) -> tuple[set[str], int]:
    """SQLite only: topics touched by events newer than this one, and the newest one's id."""
    rows = (
        EventSubject.objects.filter(event_id__gt=event_id)
        .order_by("event_id")
        .values_list("event_id", "noun", "object_id")
    )
    found = list(rows[: _MOST + 1])
    if not found:
        return set(), event_id
    if len(found) > _MOST:
        return {EVERYTHING}, last_event_id()
    return topics_of(Subject(noun, object_id) for _, noun, object_id in found), found[-1][0]
