"""Rows of other people's files are not kept longer than somebody needs them to mend them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction

from otklik.partners.imports.files import discard, prepared, uploaded
from otklik.partners.models import ImportFailure, ImportRun


def forget_unstarted(*, before: datetime) -> int:
    """Uploads that nobody confirmed: file and run go. Returns how many."""
    gone = 0
    for run_id in ImportRun.objects.filter(state=ImportRun.State.MAPPING, created_at__lt=before).values_list(
        "pk", flat=True
    ):
        with transaction.atomic():
            run = (
                ImportRun.objects.select_for_update().filter(pk=run_id, state=ImportRun.State.MAPPING).first()
            )
            if run is None:
                continue
            run.delete()
        discard(run)
        gone += 1
    return gone


def forget_failures(*, before: datetime) -> int:
    """Failed rows of runs that ended; their number stays on the run. Returns how many rows went."""
    with transaction.atomic():
        gone, _ = ImportFailure.objects.filter(run__finished_at__lt=before).delete()
    return gone


def forget_orphans(*, before: datetime) -> int:
    """Files that a process killed between two steps left behind: last written before that moment, and no run
    needs them any more. Returns how many."""
    folder = Path(default_storage.path("imports"))
    files = list(folder.iterdir()) if folder.is_dir() else []
    waiting = ImportRun.objects.filter(state__in=[ImportRun.State.MAPPING, *ImportRun.UNDER_WAY])
    needed = {path.name for run in waiting for path in (uploaded(run), prepared(run))}
    gone = [p for p in files if p.name not in needed and p.stat().st_mtime < before.timestamp()]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
