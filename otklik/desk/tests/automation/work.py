"""Rules by a line each, and a worker that does what is queued."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.module_loading import import_string
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from otklik.desk.models import Trigger
from otklik.desk.rules.vocabulary import TICKET_CREATED
from tests.world import NOW

# What leaves the house or is other people's business is queued and stays so.
_WORKED_OFF = ("otklik.events.operations.deliver.deliver_batch", "otklik.desk.jobs.run_")
MOST_JOBS = 60


def work_off() -> int:
    """Events are handed out and rules run until nothing of that is queued; the number of jobs."""
    done = 0
    while rows := [row for row in OrmQ.objects.order_by("pk") if _of(row)["func"].startswith(_WORKED_OFF)]:
        for row in rows:
            job = _of(row)
            row.delete()
            import_string(job["func"])(*job["args"])
            done += 1
            assert done < MOST_JOBS, "rules go round in circles"
    return done


def _of(row: OrmQ) -> dict[str, Any]:
    job: dict[str, Any] = SignedPackage.loads(row.payload)
    return job


def does(do: str, value: Any) -> dict[str, Any]:
    return {"do": do, "value": value}


def when(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def trigger(
    name: str, *actions: dict[str, Any], on: str = TICKET_CREATED, needs: Any = (), at: datetime = NOW
) -> Trigger:
    return Trigger.objects.create(
        name=name,
        events=[on],
        conditions={"all": list(needs)},
        actions=list(actions),
        is_active=True,
        created_at=at,
        changed_at=at,
    )


def time_rule(name: str, *actions: dict[str, Any], needs: Any) -> Trigger:
    rule = trigger(name, *actions, needs=needs)
    rule.when, rule.events = Trigger.When.TIME, []
    rule.save()
    return rule
