from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from otklik.analytics.public import note_facts
from otklik.events.public import DeliveredEvent, on
from otklik.impact import subscriptions as of_impact
from tests.kill.app.models import Effect

MARKS = Path(os.environ["KILL_TEST_MARKS"])


@on("kill.block", name="kill.block_once")
def block_half_way_the_first_time(event: DeliveredEvent) -> None:
    Effect.objects.create(name="block", event=event.id)
    mark = MARKS / "half-way"
    if not mark.exists():
        mark.touch()
        time.sleep(120)


@on("kill.count", name="kill.count")
def count(event: DeliveredEvent) -> None:
    Effect.objects.create(name="count", event=event.id)


@on("kill.murder", name="kill.a_murder")
def kill_the_worker_each_time(event: DeliveredEvent) -> None:
    Effect.objects.create(name="murder", event=event.id)
    os.kill(os.getpid(), signal.SIGKILL)


@on("kill.murder", name="kill.b_after_murder")
def come_after_the_murderer(event: DeliveredEvent) -> None:
    Effect.objects.create(name="after", event=event.id)


def note_and_block_once(source: str, row_ids: Iterable[int]) -> None:
    """Where a test asks for it: noted, and not committed."""
    note_facts(source, row_ids)
    mark = MARKS / "noting-half-way"
    if (MARKS / "block-noting").exists() and not mark.exists():
        mark.touch()
        time.sleep(120)


of_impact.note_facts = note_and_block_once
