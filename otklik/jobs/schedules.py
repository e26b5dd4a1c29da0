"""What runs again and again. An app adds its schedules in ``AppConfig.ready``; migrating writes them down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django_q.models import Schedule

from otklik.kit.clock import now


@dataclass(frozen=True, slots=True)
class Every:
    name: str
    function: str
    minutes: int


_by_name: dict[str, Every] = {}


def every(name: str, function: str, *, minutes: int) -> None:
    """Run ``function`` (a dotted path, called without arguments) in a worker every so many minutes."""
    _by_name[name] = Every(name, function, minutes)


def functions() -> set[str]:
    """Dotted paths of everything that runs by the clock."""
    return {entry.function for entry in _by_name.values()}


def sync_schedules() -> None:
    """Make the table say what the code says; a schedule that is unchanged keeps its next time."""
    known = {row.name: row for row in Schedule.objects.filter(name__contains=".")}
    for entry in _by_name.values():
        row = known.pop(entry.name, None)
        if row is None:
            Schedule.objects.create(
                name=entry.name,
                func=entry.function,
                schedule_type=Schedule.MINUTES,
                minutes=entry.minutes,
                next_run=now(),
            )
        elif (row.func, row.minutes) != (entry.function, entry.minutes):
            Schedule.objects.filter(pk=row.pk).update(func=entry.function, minutes=entry.minutes)
    for row in known.values():
        row.delete()


def sync_after_migrate(**kwargs: Any) -> None:
    if kwargs.get("using", "default") == "default":
        sync_schedules()
