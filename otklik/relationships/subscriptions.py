"""What the map does once a wave begins or ends."""

from __future__ import annotations

from django_q.tasks import async_task

from otklik.events.public import Actor, DeliveredEvent, on
from otklik.kit.clock import now
from otklik.relationships.jobs import RAISE_CALLS
from otklik.relationships.operations.expected import note_lock


@on("wave.started", name="relationships.lock_expectations")
def lock_expectations(event: DeliveredEvent) -> None:
    note_lock(wave_id=event.subject("wave"), by=Actor.system(), at=now())


@on("wave.closed", name="relationships.raise_calls")
def raise_calls_of_wave(event: DeliveredEvent) -> None:
    """In a job: judging everybody who was asked takes longer than a transaction should."""
    async_task(RAISE_CALLS, event.subject("wave"))
