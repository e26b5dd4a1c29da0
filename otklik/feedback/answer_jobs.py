"""What workers do for answers. May be run twice, or beside itself, without harm."""

from __future__ import annotations

from otklik.feedback.operations.traces import forget_traces
from otklik.jobs.public import every
from otklik.kit.clock import now


def register() -> None:
    every("feedback.forget_traces", "otklik.feedback.answer_jobs.forget_old_traces", minutes=60)


def forget_old_traces() -> None:
    forget_traces(at=now())
