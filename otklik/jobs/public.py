"""The door to long work: progress, quarantine, schedules, outgoing mail."""

from otklik.jobs.loading import load_jobs
from otklik.jobs.models import Progress, QuarantinedItem
from otklik.jobs.operations.later import queue_at
from otklik.jobs.operations.mail import queue_mail, queue_mails, withdraw_mails
from otklik.jobs.operations.progress import advance_progress, fail_progress, finish_progress, start_progress
from otklik.jobs.operations.quarantine import (
    NobodyReplays,
    NotWaiting,
    dismiss_item,
    quarantine,
    replay_item,
)
from otklik.jobs.queries import (
    QueueState,
    Sizes,
    WorkerState,
    count_in_quarantine,
    progress_of,
    queue_state,
    recent_progress,
    sizes,
    waiting_in_quarantine,
    worker_seen_at,
    worker_state,
)
from otklik.jobs.replay import ReplayHandler, replay_handlers
from otklik.jobs.schedules import every

__all__ = [
    "NobodyReplays",
    "NotWaiting",
    "Progress",
    "QuarantinedItem",
    "QueueState",
    "ReplayHandler",
    "Sizes",
    "WorkerState",
    "advance_progress",
    "count_in_quarantine",
    "dismiss_item",
    "every",
    "fail_progress",
    "finish_progress",
    "load_jobs",
    "progress_of",
    "quarantine",
    "queue_at",
    "queue_mail",
    "queue_mails",
    "queue_state",
    "recent_progress",
    "replay_handlers",
    "replay_item",
    "sizes",
    "start_progress",
    "waiting_in_quarantine",
    "withdraw_mails",
    "worker_seen_at",
    "worker_state",
]
