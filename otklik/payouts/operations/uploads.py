"""A money file comes in by the page: a short one at once, a long one through a worker."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django_q.tasks import async_task

from otklik.events.public import Actor
from otklik.jobs.public import advance_progress, fail_progress, finish_progress, start_progress
from otklik.kit.tabular import Ragged, TableError, open_table
from otklik.partners.imports.public import refusal_of
from otklik.payouts.models import MoneyUpload
from otklik.payouts.operations.imported_payouts import ChangedMeanwhile
from otklik.payouts.operations.importing import LONGEST_NAME, MoneyFileRefused, Phase, import_money_file
from otklik.payouts.rules.vocabulary import MoneyFileKind, UploadState

AT_ONCE = 2_000
"""Lines that are taken in while the person waits."""
JOB = "otklik.payouts.jobs.take_money_file"
LONGEST_JOB = 3600
BUSY = "busy"
"""Others kept writing the same lines; the file may come again."""
FILE_GONE = "file_gone"
_FOLDER = "money"


def receive_money_file(
    *,
    program_id: int,
    kind: MoneyFileKind,
    file: File[bytes],
    name: str,
    zone: str,
    said_totals: Mapping[str, Decimal],
    user_id: int,
    form_key: UUID,
    clock: Callable[[], datetime],
) -> MoneyUpload:
    """Keeps the file and, if it is short, takes it in. The same form with the same file twice is one upload.

    Raises the TableError of what its first lines told; then nothing is kept.
    """
    form_key = key_of(form_key, file)
    if before := MoneyUpload.objects.filter(form_key=form_key).first():
        if before.state != UploadState.REFUSED:
            return before
        form_key = uuid4()  # Somebody may have mended what was missing here, not in the file.
    kept = default_storage.save(f"{_FOLDER}/{uuid4().hex}{_ending(name)}", file)
    path = Path(default_storage.path(kept))
    try:
        is_long = _is_long(path)
        upload = MoneyUpload(
            program_id=program_id,
            kind=kind,
            name=PurePath(name).name[:LONGEST_NAME],
            file=kept,
            zone=zone,
            said_totals={currency: str(amount) for currency, amount in said_totals.items()},
            uploaded_by_id=user_id,
            uploaded_at=clock(),
            form_key=form_key,
        )
        with transaction.atomic():
            upload.save()
            if is_long:
                async_task(JOB, upload.pk, timeout=LONGEST_JOB)
    except IntegrityError:
        path.unlink(missing_ok=True)
        if second := MoneyUpload.objects.filter(form_key=form_key).first():
            return second
        raise
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return upload if is_long else take_upload(upload_id=upload.pk, clock=clock)


def take_upload(*, upload_id: int, clock: Callable[[], datetime]) -> MoneyUpload:
    """Whatever is left to do of it. Safe to call at any time, after a kill, or twice at once."""
    upload = MoneyUpload.objects.get(pk=upload_id)
    if upload.state != UploadState.WAITING:
        return upload
    key = progress_key(upload_id)
    url = reverse("money-upload", args=[upload_id])
    start_progress(key=key, label=upload.name, at=clock(), url=url)

    def heard(phase: Phase, done: int, lines: int) -> None:
        advance_progress(key=key, done=done, total=lines, message=phase.value, at=clock())

    found = _outcome(upload, clock(), heard)
    _end(upload_id, clock(), **found)
    Path(upload.file.path).unlink(missing_ok=True)
    end = finish_progress if found["state"] is UploadState.DONE else fail_progress
    end(key=key, at=clock(), message=found["state"].value)
    upload.refresh_from_db()
    return upload


def key_of(form_key: UUID, file: File[bytes], *more: object) -> UUID:
    """Of the form and what came with it: going back in the browser and choosing another file is no repeat."""
    found = hashlib.sha256(repr(more).encode())
    for part in file.chunks():
        found.update(part)
    file.seek(0)
    return uuid5(form_key, found.hexdigest())


def progress_key(upload_id: int) -> str:
    return f"money:{upload_id}"


def forget_uploads(*, before: datetime) -> int:
    """Refused files with their lines, and those no worker ever took. What was recorded stays where it is."""
    gone, _by_model = MoneyUpload.objects.filter(uploaded_at__lt=before).delete()
    folder = Path(default_storage.path(_FOLDER))
    waiting = MoneyUpload.objects.filter(state=UploadState.WAITING).values_list("file", flat=True)
    needed = {PurePath(name).name for name in waiting}
    for path in folder.iterdir() if folder.is_dir() else ():
        # Also what a killed process left behind between two steps.
        if path.name not in needed and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
    return gone


def _outcome(upload: MoneyUpload, at: datetime, heard: Callable[[Phase, int, int], None]) -> dict[str, Any]:
    path = Path(upload.file.path)
    if not path.exists():
        return {"state": UploadState.REFUSED, "refusal": {"code": FILE_GONE, "facts": {}}}
    try:
        taken = import_money_file(
            program_id=upload.program_id,
            kind=MoneyFileKind(upload.kind),
            path=path,
            name=upload.name,
            totals={currency: Decimal(amount) for currency, amount in upload.said_totals.items()},
            zone=ZoneInfo(upload.zone),
            by=Actor.person(upload.uploaded_by_id),
            at=at,
            heard=heard,
        )
    except MoneyFileRefused as refused:
        problems = [[one.line, one.column, one.problem.value, one.value] for one in refused.problems]
        return {"state": UploadState.REFUSED, "problems": problems}
    except TableError as error:
        return {"state": UploadState.REFUSED, "refusal": refusal_of(error)}
    except ChangedMeanwhile:
        return {"state": UploadState.REFUSED, "refusal": {"code": BUSY, "facts": {}}}
    return {"state": UploadState.DONE, "money_import_id": taken.money_import_id}


def _end(upload_id: int, at: datetime, **found: Any) -> None:
    """Of two workers with the same upload the first one tells."""
    MoneyUpload.objects.filter(pk=upload_id, state=UploadState.WAITING).update(finished_at=at, **found)


def _is_long(path: Path) -> bool:
    with open_table(path, ragged=Ragged.REPORT) as table:
        return sum(1 for _ in islice(table.rows, AT_ONCE + 1)) > AT_ONCE


def _ending(name: str) -> str:
    return ".xlsx" if PurePath(name).suffix.lower() == ".xlsx" else ".csv"
