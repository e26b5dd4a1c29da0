"""A file arrives: it is looked at, stored, and a mapping is guessed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from otklik.partners.imports.files import uploaded
from otklik.partners.imports.guessing import guessed_mapping
from otklik.partners.imports.operations.start import AlreadyStarted
from otklik.partners.imports.sample import Reading, Sample, look_at
from otklik.partners.imports.targets import ImportTarget, target_named
from otklik.partners.models import ImportRun

_CHUNK = 1 << 20


def receive_file(
    *,
    target: ImportTarget,
    program_id: int,
    file: File[bytes],
    name: str,
    reading: Reading,
    user_id: int | None,
    at: datetime,
) -> ImportRun:
    """A run that waits for its mapping to be confirmed. ``file`` is read in pieces, never as a whole.

    Raises the TableError of what its first seconds of reading found wrong; then nothing is kept.
    """
    file.seek(0)
    sample = look_at(cast(BinaryIO, file.file), reading)
    run = ImportRun(
        target=target.name,
        program_id=program_id,
        file_name=PurePath(name).name[:255],
        file_sha256=_digest(file),
        file_size=file.size,
        created_by_id=user_id,
        created_at=at,
    )
    _take(run, sample, reading)
    run.file.name = default_storage.save(f"imports/{run.file_sha256[:16]}{_ending(name)}", file)
    try:
        run.save()
    except BaseException:
        uploaded(run).unlink(missing_ok=True)
        raise
    return run


def read_otherwise(*, run_id: int, reading: Reading) -> ImportRun:
    """The same file by another encoding or separator; the mapping is guessed anew.

    Raises AlreadyStarted, or the TableError of reading it this way; then everything stays as it was.
    """
    run = ImportRun.objects.get(pk=run_id)
    sample = look_at(uploaded(run), reading)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run_id)
        if run.state != ImportRun.State.MAPPING:
            raise AlreadyStarted
        _take(run, sample, reading)
        run.save(update_fields=["sample", "columns", "mapping", "options"])
    return run


def _take(run: ImportRun, sample: Sample, reading: Reading) -> None:
    run.sample = sample.as_json()
    run.columns = list(sample.columns)
    run.mapping = guessed_mapping(target_named(run.target), sample)
    run.options = {**run.options, "reading": asdict(reading)}


def _digest(file: File[bytes]) -> str:
    digest = sha256()
    file.seek(0)
    while piece := file.read(_CHUNK):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def _ending(name: str) -> str:
    return ".xlsx" if PurePath(name).suffix.lower() == ".xlsx" else ".csv"
