"""What workers run."""

from __future__ import annotations

from datetime import timedelta

from otklik.kit.clock import now
from otklik.partners.imports.operations.carry_on import carry_on
from otklik.partners.imports.operations.forget import forget_failures, forget_orphans, forget_unstarted

SLICE_SECONDS = 20.0
FAILURES_KEPT = timedelta(days=90)
UNSTARTED_KEPT = timedelta(days=7)
ORPHANS_KEPT = timedelta(days=1)


def run_import(run_id: int) -> None:
    """A long run is many jobs: a worker that dies costs one slice of waiting, and other jobs get their
    turn.
    """
    carry_on(run_id, clock=now, seconds=SLICE_SECONDS)


def forget_old_files() -> None:
    at = now()
    forget_unstarted(before=at - UNSTARTED_KEPT)
    forget_failures(before=at - FAILURES_KEPT)
    forget_orphans(before=at - ORPHANS_KEPT)
