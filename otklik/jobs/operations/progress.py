"""Progress is written between the transactions of the work it tells of, never inside one: a reader must see
it while the work goes on, and it must stay when a chunk is rolled back. Each call is one statement."""

from __future__ import annotations

from datetime import datetime

from otklik.jobs.models import Progress
from otklik.jobs.rules.vocabulary import ProgressState


def start_progress(
    *, key: str, label: str, at: datetime, total: int | None = None, done: int = 0, url: str = ""
) -> Progress:
    """Begin, or begin again after a break: ``done`` is where the work goes on from. ``url`` leads to what
    the work is about."""
    fresh = {
        "label": label[:200],
        "url": url,
        "state": ProgressState.RUNNING,
        "done": done,
        "total": total,
        "message": "",
        "updated_at": at,
        "finished_at": None,
    }
    progress, _ = Progress.objects.update_or_create(
        key=key, defaults=fresh, create_defaults={**fresh, "started_at": at}
    )
    return progress


def advance_progress(
    *, key: str, done: int, at: datetime, total: int | None = None, message: str | None = None
) -> None:
    """Say how much is done by now, in all; once per chunk is often enough."""
    change: dict[str, object] = {"done": done, "updated_at": at}
    if total is not None:
        change["total"] = total
    if message is not None:
        change["message"] = message[:300]
    Progress.objects.filter(key=key, state=ProgressState.RUNNING).update(**change)


def finish_progress(*, key: str, at: datetime, message: str = "") -> None:
    _end(key, ProgressState.FINISHED, at, message)


def fail_progress(*, key: str, at: datetime, message: str) -> None:
    """``message`` tells a person what went wrong and what to do."""
    _end(key, ProgressState.FAILED, at, message)


def _end(key: str, state: ProgressState, at: datetime, message: str) -> None:
    Progress.objects.filter(key=key).update(state=state, message=message[:300], updated_at=at, finished_at=at)
