"""What workers do for the map. May be run twice, or beside itself, without harm."""

from __future__ import annotations

from django.utils import timezone

from otklik.events.public import Actor
from otklik.kit.clock import now
from otklik.relationships.operations.alerts import follow_alerts_of_wave
from otklik.relationships.operations.calls import raise_calls

RAISE_CALLS = "otklik.relationships.jobs.raise_calls_now"


def raise_calls_now(wave_id: int) -> None:
    at, by = now(), Actor.system()
    raise_calls(wave_id=wave_id, today=timezone.localdate(at), by=by, at=at)
    follow_alerts_of_wave(wave_id=wave_id, by=by, at=at)
