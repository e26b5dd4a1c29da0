from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from otklik.events.public import DeliveredEvent, on
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
