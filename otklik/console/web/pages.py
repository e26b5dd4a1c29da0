"""What the operations page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from otklik.jobs.public import (
    Progress,
    QuarantinedItem,
    QueueState,
    Sizes,
    WorkerState,
    count_in_quarantine,
    queue_state,
    recent_progress,
    replay_handlers,
    sizes,
    waiting_in_quarantine,
    worker_state,
)
from otklik.kit.registry import Text


@dataclass(frozen=True, slots=True)
class State:
    """The part that is fetched again and again. ``oldest_since``: when the longest waiting job became due."""

    worker: WorkerState
    queue: QueueState
    oldest_since: datetime | None
    put_aside: int
    progress: Sequence[Progress]


@dataclass(frozen=True, slots=True)
class QuarantineLine:
    item: QuarantinedItem
    label: Text
    can_replay: bool


@dataclass(frozen=True, slots=True)
class OperationsPage:
    state: State
    lines: Sequence[QuarantineLine]
    sizes: Sizes
    database: str


def state_page(*, at: datetime) -> State:
    queue = queue_state(at=at)
    return State(
        worker=worker_state(at=at),
        queue=queue,
        oldest_since=at - queue.oldest if queue.oldest else None,
        put_aside=count_in_quarantine(),
        progress=recent_progress(),
    )


def operations_page(*, at: datetime) -> OperationsPage:
    engine = settings.DATABASES["default"]["ENGINE"]
    return OperationsPage(
        state=state_page(at=at),
        lines=[_line(item) for item in waiting_in_quarantine()],
        sizes=sizes(Path(settings.MEDIA_ROOT)),
        database="PostgreSQL" if "postgresql" in str(engine) else "SQLite",
    )


def _line(item: QuarantinedItem) -> QuarantineLine:
    handler = replay_handlers.get(item.kind)
    return QuarantineLine(item, handler.label if handler else item.kind, handler is not None)
