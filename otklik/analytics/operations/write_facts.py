"""Moving committed rows into the fact store: one writer a source, and nothing lost or doubled when it is
killed.

Pending rows are claimed under a batch number, written as a segment, and counted by a manifest that
remembers the number; then they are deleted. Killed before the manifest: the batch is written again. Killed
after it: the batch is inside, its pending rows only have to go.

What the store holds already of a claimed row gives way in the same manifest: its segment is written without
it. So it does no harm to tell of a row twice, and one that is gone is told of like one that has changed.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db import transaction

from otklik.analytics.models import FactStore, PendingFact
from otklik.analytics.operations import leases
from otklik.analytics.operations.copy_facts import copy_all_facts
from otklik.analytics.operations.leases import (
    Clock,
    LeaseLost,
    StoreBusy,
    release_lease,
    renew_lease,
    take_lease,
)
from otklik.analytics.store.manifest import (
    GRACE,
    NAME,
    BrokenManifest,
    Manifest,
    Segment,
    prepare_manifest,
    read_whole,
    sync_folder,
)
from otklik.analytics.store.segments import holds_any, join_segments, without_rows, write_segment
from otklik.analytics.store.sources import FactSource, fact_sources, folder_of
from otklik.kit.clock import now

logger = logging.getLogger(__name__)
BATCH_ROWS = 50_000
# The lease is renewed after so many rows are read, well before it runs out.
RENEW_ROWS = 2_000
# Files smaller than this are joined once there are so many of them.
SMALL_SEGMENT_ROWS = 1_000_000
SMALL_SEGMENTS = 8


@dataclass(frozen=True, slots=True)
class Written:
    """``rows`` moved in this run; ``segments`` and ``total`` of the store afterwards."""

    source: str
    rows: int
    segments: int
    total: int


class FactsNotWritten(Exception):
    """Of these sources; the log says why, and all others are written."""


def write_all_facts() -> None:
    """For the schedule: every source, whatever becomes of the others, and then the copy. One that is being
    written elsewhere waits for the next time; so does a copy. Raises FactsNotWritten, at the end."""
    failed = []
    for source in fact_sources:
        try:
            write_facts(source, clock=now)
        except (StoreBusy, LeaseLost) as other:
            logger.info("Facts wait for the next time, another process writes: %r", other)
        except Exception:
            logger.exception("Facts are not written: %s", source.name)
            failed.append(source.name)
    for name, trouble in copy_all_facts(clock=now).items():
        logger.warning("Facts are written and not copied: %s: %s", name, trouble)
    if failed:
        raise FactsNotWritten(", ".join(failed))


def write_facts(source: FactSource, *, clock: Clock, rebuild: bool = False) -> Written:
    """Write what is pending, or everything anew. Raises StoreBusy, LeaseLost."""
    store = take_lease(source.name, clock())
    writer = _Writer(source, folder_of(source.name), store.token, clock)
    try:
        manifest = writer.read()
        rows = 0
        if manifest is None or rebuild or _is_behind(manifest, store, source):
            rows, manifest = writer.rebuild(manifest, store.changes)
        more, manifest = writer.write_pending(manifest)
        manifest = writer.compact(manifest)
        writer.sweep(manifest)
    except Exception:
        writer.discard()
        raise
    finally:
        release_lease(source.name, store.token)
    return Written(source.name, rows + more, len(manifest.segments), manifest.rows)


def _is_behind(manifest: Manifest, store: FactStore, source: FactSource) -> bool:
    """The database: the folder was lost, or comes from another backup. Or the program, which has other
    columns by now, or a source that is new: nobody noted the rows that were there before it."""
    is_older = manifest.last_batch < store.last_batch or store.changed_behind
    return is_older or manifest.shape != source.shape


@contextmanager
def _cycles_looked_for_rarely() -> Iterator[None]:
    """Rows come from objects by the million that hold no cycle. To look for one among them after every few
    hundred takes a sixth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class _Writer:
    """One run under one lease."""

    def __init__(self, source: FactSource, folder: Path, token: int, clock: Clock) -> None:
        self.source = source
        self.folder = folder
        self.token = token
        self.clock = clock
        self.made: list[str] = []

    def read(self) -> Manifest | None:
        """None where it cannot be read, or names what is not there: the store is then written anew."""
        try:
            return read_whole(self.folder, self.source.name)
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
            replaced, kept = self._without(manifest.segments, ids, batch)
            segment = self._write(f"{batch:09d}-{self.token}.parquet", ids)
            if segment is not None:
                kept.append(segment)
                written += segment.rows
            manifest = replace(manifest, last_batch=batch, segments=tuple(kept))
            self._commit(manifest, replaced)
            self._forget(manifest)
        return written, manifest

    def compact(self, manifest: Manifest) -> Manifest:
        """Join small segments. Order does not matter to any question, so the joined one goes to the front."""
        small = [s for s in manifest.segments if s.rows < SMALL_SEGMENT_ROWS]
        if len(small) < SMALL_SEGMENTS:
            return manifest
        self._renew()
        name = f"{manifest.last_batch:09d}-{self.token}-joined.parquet"
        self.made.append(name)
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

    def discard(self) -> None:
        """After a failure: what this run wrote and no manifest names. A disk that is full cannot wait until
        it is swept."""
        manifest = self.read()
        counted = {segment.file for segment in manifest.segments} if manifest else set()
        for name in (*self.made, f"{NAME}.{self.token}"):
            (self.folder / f".{name}").unlink(missing_ok=True)
            if manifest is not None and name not in counted:
                (self.folder / name).unlink(missing_ok=True)

    def _claim(self, batch: int) -> list[int]:
        """Each once, however often it was noted."""
        return sorted(set(self._claimed(batch)))

    def _claimed(self, batch: int) -> list[int]:
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

    def _without(
        self, segments: Sequence[Segment], ids: Sequence[int], batch: int
    ) -> tuple[list[Segment], list[Segment]]:
        """The segments that hold any of these rows, and what is to stand from now on: the others, and what is
        left of these."""
        replaced, kept = [], []
        for number, segment in enumerate(segments, 1):
            if not holds_any(self.folder, segment, ids):
                kept.append(segment)
                continue
            replaced.append(segment)
            name = f"{batch:09d}-{self.token}-{number:05d}-left.parquet"
            self.made.append(name)
            left = without_rows(self.folder, name, self.source.columns, segment, ids)
            kept += [left] if left is not None else []
            self._renew()
        return replaced, kept

    def _write(self, name: str, ids: Sequence[int]) -> Segment | None:
        self.made.append(name)
        with _cycles_looked_for_rarely():
            return write_segment(self.folder, name, self.source.columns, self._fetched(ids))

    def _fetched(self, ids: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        """What a row costs differs by source: some are counted from all that a partner lived through."""
        for number, row in enumerate(self.source.fetch(ids), 1):
            if number % RENEW_ROWS == 0:
                self._renew()
            yield row

    def _commit(self, manifest: Manifest, replaced: Sequence[Segment] = ()) -> None:
        """Make the manifest count, if the lease is still ours.

        The rename is inside the transaction on purpose: the locked row keeps another writer from taking the
        lease between the look and the rename. It is one rename of a file that is already on disk.
        """
        written = replace(manifest, token=self.token, shape=self.source.shape)
        draft = prepare_manifest(self.folder, written)
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
            store.leased_until = self.clock() + leases.LEASE
            store.save(update_fields=["last_batch", "leased_until"])
        sync_folder(self.folder)

    def _renew(self) -> None:
        renew_lease(self.source.name, self.token, self.clock())

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
