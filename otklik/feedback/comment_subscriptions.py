"""Comments are read once an answer is stored or changed; imported ones too."""

from __future__ import annotations

from collections.abc import Sequence

from django_q.tasks import async_task

from otklik.events.public import ALL_ORIGINS, DeliveredEvent, on_many
from otklik.feedback.models import Response
from otklik.feedback.operations.comment_readings import READ_SOME


@on_many("response.recorded", name="feedback.read_comment", origins=ALL_ORIGINS)
def read_new(events: Sequence[DeliveredEvent]) -> None:
    _read(events)


@on_many("response.changed", name="feedback.read_changed_comment", origins=ALL_ORIGINS)
def read_changed(events: Sequence[DeliveredEvent]) -> None:
    _read(events)


def _read(events: Sequence[DeliveredEvent]) -> None:
    """In a job: reading takes longer than a transaction should. Most answers have no comment; one whose
    comment was taken out still has a reading."""
    ids = {event.subject("response") for event in events}
    worded = Response.objects.filter(pk__in=ids)
    silent = worded.filter(comment="", reading=None).values_list("pk", flat=True)
    wanted = sorted(ids.difference(silent))
    if wanted:
        async_task(READ_SOME, wanted)
