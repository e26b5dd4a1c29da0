"""How soon questions are answered, counted for what partners are told of each topic and channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from otklik.desk.models import AnswerTime, Ticket
from otklik.desk.rules.vocabulary import Channel, Outcome
from otklik.stats.waits import quantile_with_waiting

LOOKED_BACK = timedelta(days=30)
# A partner plans by these figures: under so many answers one odd day would be the figure.
LEAST = 10
_NOT_ASKED = (Outcome.SPAM, Outcome.MERGED)
_Place = tuple[int, int | None, str]


class _Waits:
    __slots__ = ("going_on", "over")

    def __init__(self) -> None:
        self.over: list[int] = []
        self.going_on: list[int] = []


def count_answer_times(*, at: datetime) -> int:
    """All rows anew, from tickets begun within LOOKED_BACK; how many rows. One pass over the tickets, outside
    the transaction."""
    since = at - LOOKED_BACK
    places: dict[_Place, _Waits] = defaultdict(_Waits)
    for program, topic, channel, seconds, is_over in _waits(since, at):
        # Each with all channels together; topic None: all topics, those without one too.
        for place in {
            (program, None, ""),
            (program, None, channel),
            (program, topic, ""),
            (program, topic, channel),
        }:
            waits = places[place]
            (waits.over if is_over else waits.going_on).append(seconds)
    rows = [_row(place, waits, since=since, at=at) for place, waits in places.items()]
    with transaction.atomic():
        AnswerTime.objects.all().delete()
        AnswerTime.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _waits(since: datetime, at: datetime) -> Iterator[tuple[int, int | None, str, int, bool]]:
    rows = Ticket.objects.filter(created_at__gte=since, created_at__lte=at).exclude(channel=Channel.STAFF)
    # Closed without an answer: by the one who asked, or on the phone. Nothing is known of such a wait.
    rows = rows.filter(Q(is_open=True) | Q(first_replied_at__isnull=False)).exclude(outcome__in=_NOT_ASKED)
    columns = ("program_id", "topic_id", "channel", "created_at", "first_replied_at")
    for program, topic, channel, begun, replied in rows.values_list(*columns).iterator(chunk_size=5000):
        yield program, topic, channel, int(((replied or at) - begun).total_seconds()), replied is not None


def _row(place: _Place, waits: _Waits, *, since: datetime, at: datetime) -> AnswerTime:
    ordered = sorted(waits.over)
    half, most = (
        (quantile_with_waiting(ordered, waits.going_on, share) for share in (0.5, 0.9))
        if len(ordered) >= LEAST
        else (None, None)
    )
    program, topic, channel = place
    return AnswerTime(
        program_id=program,
        topic_id=topic,
        channel=channel,
        answered=len(ordered),
        unanswered=len(waits.going_on),
        p50_seconds=half,
        p90_seconds=most,
        since=since,
        counted_at=at,
    )
