"""Moving committed rows into the fact store: one writer a source, and nothing lost or doubled when it is
killed.

Pending rows are claimed under a batch number, written as a segment, and counted by a manifest that
remembers the number;
then they are deleted. Killed before the manifest: the batch is written again. Killed after it: the batch is
inside, its pending rows only have to go.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from otklik.analytics.models import FactStore, PendingFact
from otklik.analytics.store.manifest import (
    NAME,
    BrokenManifest,
    Manifest,
    Segment,
    prepare_manifest,
    read_manifest,
    sync_folder,
)
from otklik.analytics.store.segments import join_segments, write_segment
from otklik.analytics.store.sources import FactSource, fact_sources, folder_of
from otklik.kit.clock import now

LEASE = timedelta(minutes=2)
BATCH_ROWS = 50_000
# Files smaller than this are joined once there are so many of them.
SMALL_SEGMENT_ROWS = 1_000_000
SMALL_SEGMENTS = 8
# A query that began before a compaction still reads the old files.
GRACE = timedelta(hours=1)
Clock = Callable[[], datetime]


class StoreBusy(Exception):
    """Another writer holds the lease of this source."""


class LeaseLost(Exception):
    """Our lease ran out and another writer took over: nothing more may be written under it."""


@dataclass(frozen=True, slots=True)
class Written:
    """``rows`` moved in this run; ``segments`` and ``total`` of the store afterwards."""

    source: str
    rows: int
    segments: int
    total: int


def write_all_facts() -> None:
    """For the schedule: every source; one that is being written elsewhere waits for the next time."""
    for source in fact_sources:
        try:
            write_facts(source, clock=now)
        except StoreBusy:
            continue


def write_facts(source: FactSource, *, clock: Clock, rebuild: bool = False) -> Written:
    """Write what is pending, or everything anew. Raises StoreBusy, LeaseLost."""
    store = _take_lease(source.name, clock())
    writer = _Writer(source, folder_of(source.name), store.token, clock)
    try:
        manifest = writer.read()
        # A manifest behind the database: the folder was lost, or the database came from a backup without it.
        if manifest is None or manifest.last_batch < store.last_batch or rebuild or store.changed_behind:
            rows, manifest = writer.rebuild(manifest, store.changes)
        else:
            rows = 0
        more, manifest = writer.write_pending(manifest)
        manifest = writer.compact(manifest)
        writer.sweep(manifest)
    finally:
        FactStore.objects.filter(source=source.name, token=store.token).update(leased_until=None)
    return Written(source.name, rows + more, len(manifest.segments), manifest.rows)


def _take_lease(source: str, at: datetime) -> FactStore:
    with transaction.atomic():
        FactStore.objects.get_or_create(source=source)
        store = FactStore.objects.select_for_update().get(pk=source)
        if not store.is_free(at):
            raise StoreBusy(source)
        store.lease(at, LEASE)
        store.save()
    return store


class _Writer:
    """One run under one lease."""

    def __init__(self, source: FactSource, folder: Path, token: int, clock: Clock) -> None:
        self.source = source
        self.folder = folder
        self.token = token
        self.clock = clock

    def read(self) -> Manifest | None:
        """None where it cannot be read: the store is then written anew."""
        try:
            return read_manifest(self.folder, self.source.name)
        except BrokenManifest:
            return None

    def rebuild(self, old: Manifest | None, changes: int) -> tuple[int, Manifest]:
        """All rows that are not waiting unclaimed. What was claimed is committed, so it is among them."""
        last = FactStore.objects.get(pk=self.source.name).last_batch
        manifest = Manifest(self.source.name, last_batch=max(last, old.last_batch if old else 0) + 1)
        PendingFact.objects.filter(source=self.source.name, batch=None).update(batch=manifest.last_batch)
        waiting = PendingFact.objects.filter(source=self.source.name, batch=None).values("row_id")
        for number, ids in enumerate(_gathered(self.source.all_ids(waiting)), 1):
            segment = self._write(f"{manifest.last_batch:09d}-{self.token}-{number:05d}.parquet", ids)
            if segment is not None:
                manifest = replace(manifest, segments=(*manifest.segments, segment))
            self._renew()
        self._commit(manifest, replaced=old.segments if old else ())
        # What changed while we read is still ahead of this number and brings the next rebuild.
        FactStore.objects.filter(pk=self.source.name).update(changes_written=changes)
        self._forget(manifest)
        return manifest.rows, manifest

    def write_pending(self, manifest: Manifest) -> tuple[int, Manifest]:
        self._forget(manifest)
        written = 0
        while ids := self._claim(manifest.last_batch + 1):
            batch = manifest.last_batch + 1
            segment = self._write(f"{batch:09d}-{self.token}.parquet", ids)
            if segment is None:
                manifest = replace(manifest, last_batch=batch)
            else:
                manifest = manifest.with_segment(segment, batch=batch)
                written += segment.rows
            self._commit(manifest)
            self._forget(manifest)
        return written, manifest

    def compact(self, manifest: Manifest) -> Manifest:
        """Join small segments. Order does not matter to any question, so the joined one goes to the front."""
        small = [s for s in manifest.segments if s.rows < SMALL_SEGMENT_ROWS]
        if len(small) < SMALL_SEGMENTS:
            return manifest
        self._renew()
        name = f"{manifest.last_batch:09d}-{self.token}-joined.parquet"
        joined = join_segments(self.folder, name, self.source.columns, small)
        kept = tuple(s for s in manifest.segments if s not in small)
        manifest = replace(manifest, segments=(joined, *kept))
        self._commit(manifest, replaced=small)
        return manifest

    def sweep(self, manifest: Manifest) -> None:
        """Delete what no manifest has named for the length of the grace period: replaced files, drafts of
        the dead."""
        kept = {segment.file for segment in manifest.segments} | {NAME}
        border = self.clock().timestamp() - GRACE.total_seconds()
        for path in self.folder.iterdir():
            if path.name not in kept and path.stat().st_mtime < border:
                path.unlink(missing_ok=True)

    def _claim(self, batch: int) -> list[int]:
        mine = PendingFact.objects.filter(source=self.source.name)
        with transaction.atomic():
            ids = list(mine.filter(batch=batch).order_by("id").values_list("row_id", flat=True))
            if ids:  # claimed by a run that died before its manifest
                return ids
            border = list(mine.filter(batch=None).order_by("id").values_list("id", flat=True)[:BATCH_ROWS])[
                -1:
            ]
            # Claim first, then read what was claimed: a row with a lower id may commit between the two.
            mine.filter(batch=None, id__lte=border[0] if border else 0).update(batch=batch)
            return list(mine.filter(batch=batch).order_by("id").values_list("row_id", flat=True))

    def _write(self, name: str, ids: Sequence[int]) -> Segment | None:
        return write_segment(self.folder, name, self.source.columns, self.source.fetch(ids))

    def _commit(self, manifest: Manifest, replaced: Sequence[Segment] = ()) -> None:
        """Make the manifest count, if the lease is still ours.

        The rename is inside the transaction on purpose: the locked row keeps another writer from taking the
        lease between the look and the rename. It is one rename of a file that is already on disk.
        """
        draft = prepare_manifest(self.folder, replace(manifest, token=self.token))
        moment = self.clock().timestamp()
        for segment in replaced:  # its grace period begins now, not when it was written
            if (self.folder / segment.file).exists():
                os.utime(self.folder / segment.file, (moment, moment))
        with transaction.atomic():
            store = FactStore.objects.select_for_update().get(pk=self.source.name)
            if store.token != self.token:
                raise LeaseLost(self.source.name)
            os.replace(draft, self.folder / NAME)
            store.last_batch = manifest.last_batch
            store.leased_until = self.clock() + LEASE
            store.save(update_fields=["last_batch", "leased_until"])
        sync_folder(self.folder)

    def _renew(self) -> None:
        mine = FactStore.objects.filter(pk=self.source.name, token=self.token)
        if not mine.update(leased_until=self.clock() + LEASE):
            raise LeaseLost(self.source.name)

    def _forget(self, manifest: Manifest) -> None:
        inside = PendingFact.objects.filter(source=self.source.name, batch__lte=manifest.last_batch)
        inside._raw_delete(inside.db)


def _gathered(chunks: Iterator[Sequence[int]]) -> Iterator[list[int]]:
    """Chunks joined until a segment is worth a file."""
    held: list[int] = []
    for chunk in chunks:
        held.extend(chunk)
        if len(held) >= 4 * BATCH_ROWS:
            yield held
            held = []
    if held:
        yield held
