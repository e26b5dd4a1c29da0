"""What workers do for the map. May be run twice, or beside itself, without harm."""

from __future__ import annotations

from django.utils import timezone

from otklik.events.public import Actor
from otklik.jobs.public import every
from otklik.kit.clock import now
from otklik.relationships.operations.alerts import follow_alerts_of_wave
from otklik.relationships.operations.calls import raise_calls
from otklik.relationships.operations.checks import check_due
from otklik.relationships.operations.silence import count_if_due, count_silence

RAISE_CALLS = "otklik.relationships.jobs.raise_calls_now"


def register() -> None:
    every("relationships.check_partners", "otklik.relationships.jobs.check_partners_now", minutes=10)
    every("relationships.count_silence", "otklik.relationships.jobs.count_silence_now", minutes=60)


def raise_calls_now(wave_id: int) -> None:
    at, by = now(), Actor.system()
    raise_calls(wave_id=wave_id, today=timezone.localdate(at), by=by, at=at)
    follow_alerts_of_wave(wave_id=wave_id, by=by, at=at)
    count_silence(at=at)


def check_partners_now() -> None:
    check_due(at=now())


def count_silence_now() -> None:
    count_if_due(at=now())
