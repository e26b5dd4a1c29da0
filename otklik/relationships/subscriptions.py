"""What the map does once a wave begins or ends, and once the loop takes up or ends what a task asks."""

from __future__ import annotations

from collections.abc import Sequence

from django_q.tasks import async_task

from otklik.events.public import Actor, DeliveredEvent, on, on_many
from otklik.kit.clock import now
from otklik.relationships.jobs import RAISE_CALLS
from otklik.relationships.models import CallToAction
from otklik.relationships.operations.alerts import follow_alerts
from otklik.relationships.operations.expected import note_lock


@on("wave.started", name="relationships.lock_expectations")
def lock_expectations(event: DeliveredEvent) -> None:
    note_lock(wave_id=event.subject("wave"), by=Actor.system(), at=now())


@on("wave.closed", name="relationships.raise_calls")
def raise_calls_of_wave(event: DeliveredEvent) -> None:
    """In a job: judging everybody who was asked takes longer than a transaction should."""
    async_task(RAISE_CALLS, event.subject("wave"))


def _are_there_calls() -> bool:
    return CallToAction.objects.exists()


def _follow(event_kind: str) -> None:
    @on_many(event_kind, name=f"relationships.follow:{event_kind}", is_wanted=_are_there_calls)
    def follow(events: Sequence[DeliveredEvent]) -> None:
        alerts = sorted({event.subject("alert") for event in events})
        follow_alerts(alert_ids=alerts, by=Actor.system(), at=now())


for _kind in ("alert.raised", "alert.assigned", "alert.escalated", "alert.closed", "alert.reopened"):
    _follow(_kind)
