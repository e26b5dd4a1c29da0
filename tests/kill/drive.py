"""What a test asks of the installation under test, from a process of its own: `drive.py record KIND N`,
`drive.py interleave KIND`, and `drive.py state`, which prints JSON."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter

import django


def record(kind: str, count: int) -> None:
    from django.db import transaction

    from otklik.events.public import Actor, NewEvent, record_many
    from otklik.kit.clock import now

    at = now()
    for _ in range(count):
        with transaction.atomic():
            record_many([NewEvent(kind, at, [])], by=Actor.system(), at=at)


def interleave(kind: str) -> None:
    """Two transactions on two connections: the one that took its id first commits last."""
    from django.db import connection, transaction

    from otklik.events.public import Actor, Subject, record
    from otklik.kit.clock import now

    first_has_its_id, second_committed = threading.Event(), threading.Event()
    ids: dict[str, int] = {}

    def write(name: str, object_id: int) -> None:
        subjects = [Subject("partner", object_id)]
        ids[name] = record(kind, by=Actor.system(), at=now(), subjects=subjects)

    def first() -> None:
        with transaction.atomic():
            write("first", 1)
            first_has_its_id.set()
            second_committed.wait(20)
            time.sleep(1.5)  # long enough for a worker and for listeners to go on past the second one
        connection.close()

    thread = threading.Thread(target=first)
    thread.start()
    first_has_its_id.wait(20)
    with transaction.atomic():
        write("second", 2)
    second_committed.set()
    thread.join()
    assert ids["first"] < ids["second"]


def state() -> dict[str, object]:
    from otklik.events.models import Batch
    from otklik.jobs.models import QuarantinedItem
    from tests.kill.app.models import Effect

    effects = Counter(Effect.objects.values_list("name", flat=True))
    twice = Counter(Effect.objects.values_list("name", "event"))
    return {
        "effects": effects,
        "twice": [list(key) for key, times in twice.items() if times > 1],
        "open": Batch.objects.filter(done_at=None).count(),
        "queued": _queued(),
        "quarantined": list(QuarantinedItem.objects.values_list("kind", flat=True)),
    }


def _queued() -> int:
    """Without what the schedules put there every minute: that is nobody's story here."""
    from django_q.models import OrmQ, Schedule

    scheduled = set(Schedule.objects.values_list("func", flat=True))
    return sum(row.task["func"] not in scheduled for row in OrmQ.objects.all())


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "record":
        record(sys.argv[2], int(sys.argv[3]))
    elif sys.argv[1] == "interleave":
        interleave(sys.argv[2])
    else:
        print(json.dumps(state()))
