"""What the import's kill test asks of its installation, each in a process of its own: `seed`, `begin FILE`,
`kill GROUP` (as soon as a run is in the middle of its file), `state`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import django


def seed() -> None:
    from otklik.identity.models import User
    from tests.world import build_world

    if not User.objects.exists():
        build_world()


def begin(path: str) -> None:
    """Upload and start, as the pages do; a worker has to do the rest."""
    from django.core.files.base import File

    from otklik.events.public import Actor
    from otklik.kit.clock import now
    from otklik.partners.imports.operations.receive import receive_file
    from otklik.partners.imports.operations.start import start_run
    from otklik.partners.imports.rules.values import Hints
    from otklik.partners.imports.sample import Reading
    from otklik.partners.imports.targets import target_named
    from otklik.partners.models import Program

    at = now()
    with Path(path).open("rb") as file:
        run = receive_file(
            target=target_named("answers"),
            program_id=Program.objects.get(slug="north").pk,
            file=File(file, name=path),
            name=path,
            reading=Reading(),
            user_id=None,
            at=at,
        )
    start_run(
        run_id=run.pk,
        mapping=run.mapping,
        hints=Hints(),
        options={},
        by=Actor.system(),
        at=at,
        in_worker=True,
    )


def kill(group: int) -> None:
    """From in here, because a test that had to start a process for each look would look too late."""
    from otklik.partners.models import ImportRun

    end = time.monotonic() + 90
    while not ImportRun.objects.filter(state="running", cursor__gt=0).exists():
        if time.monotonic() > end or ImportRun.objects.filter(state="done").exists():
            sys.exit("the run never was in the middle")
        time.sleep(0.01)
    os.killpg(group, signal.SIGKILL)


def state() -> dict[str, object]:
    from django.db.models import Sum

    from otklik.analytics.models import ScoreCell
    from otklik.events.models import Event
    from otklik.feedback.models import Response
    from otklik.partners.models import ImportFailure, ImportRun

    run = ImportRun.objects.get()
    counted = ScoreCell.objects.aggregate(**{f"c{score}": Sum(f"c{score}") for score in range(11)})
    return {
        "id": run.pk,
        "state": run.state,
        "total": run.total,
        "read": run.cursor,
        "stored": run.stored,
        "skipped": run.skipped,
        "failed": run.failed,
        "responses": Response.objects.count(),
        "events": Event.objects.filter(kind="response.recorded").count(),
        "finished": Event.objects.filter(kind="import.finished").count(),
        "counted": sum(value or 0 for value in counted.values()),
        "failures": ImportFailure.objects.count(),
    }


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "seed":
        seed()
    elif sys.argv[1] == "begin":
        begin(sys.argv[2])
    elif sys.argv[1] == "kill":
        kill(int(sys.argv[2]))
    else:
        print(json.dumps(state()))
