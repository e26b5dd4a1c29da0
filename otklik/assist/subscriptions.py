"""What assist does once something happened elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from django_q.tasks import async_task

from otklik.assist.jobs import ANSWER
from otklik.assist.operations.mail import CHANNELS
from otklik.assist.queries.understanding import some_model_is_taught
from otklik.events.public import ALL_ORIGINS, DeliveredEvent, on, on_many

_CHANNELS = {channel.value for channel in CHANNELS}


@on_many("ticket.created", name="assist.answer_new", is_wanted=some_model_is_taught)
def answer_new(events: Sequence[DeliveredEvent]) -> None:
    """In a job of its own: what a text means is not found out inside a transaction."""
    ids = [
        event.subject("ticket")
        for event in events
        if event.data.get("channel") in _CHANNELS and not event.data.get("follow_up_of")
    ]
    if ids:
        async_task(ANSWER, ids)


@on("program.created", name="assist.first_lesson", origins=ALL_ORIGINS)
def learn(event: DeliveredEvent) -> None:
    async_task("otklik.assist.jobs.first_lesson")
