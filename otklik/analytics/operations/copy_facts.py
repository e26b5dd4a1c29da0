"""Bringing the copy on the analytics server up to the store.

Killed at any moment: parts that no manifest names count nowhere. The next run takes over those that are
whole, drops the others, and copies what is missing.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from otklik.analytics.engines.clickhouse.copies import Copy, CopyManifest, Leaving, newest_manifest
from otklik.analytics.engines.clickhouse.server import Server, speaking
from otklik.analytics.operations.leases import (
    Clock,
    LeaseLost,
    StoreBusy,
    release_lease,
    renew_lease,
    take_lease,
)
from otklik.analytics.store.manifest import GRACE, FactsAway, Manifest, Segment
from otklik.analytics.store.sources import FactSource, fact_sources, folder_of, store_of

# (rows on the server by now, rows of the store)
Report = Callable[[int, int], None]


class CopyIncomplete(Exception):
    """The server counts other rows than were sent."""


@dataclass(frozen=True, slots=True)
class Copied:
    """``rows`` sent in this run; ``total`` counted on the server afterwards, in ``parts``."""

    source: str
    rows: int
    parts: int
    total: int


def copy_all_facts(*, clock: Clock) -> dict[str, Exception]:
    """Every source whose store changed, where a server is set, whatever becomes of the others; one that is
    being written waits for the next time. What kept a source from being copied, by its name."""
    server = settings.OTKLIK.analytics_server
    troubles: dict[str, Exception] = {}
    if server is None:
        return troubles
    for source in fact_sources:
        try:
            if not _is_current(source, server, clock):
                copy_facts(source, server, clock=clock)
        except StoreBusy:
            continue
        except (FactsAway, CopyIncomplete, LeaseLost, OSError) as trouble:
            troubles[source.name] = trouble
    return troubles


def _is_current(source: FactSource, server: Server, clock: Clock) -> bool:
    """By the manifests alone: counting on the server takes its time."""
    store = store_of(source)
    with speaking(server) as client:
        known = newest_manifest(client, source)
    copied = {part.partition("-")[0]: rows for part, rows in known.parts.items()}
    same = copied == {_identity(segment): segment.rows for segment in store.segments}
    return bool(known.number) and same and len(_leaving(known, clock())) == len(known.leaving)


def _leaving(known: CopyManifest, at: datetime) -> tuple[Leaving, ...]:
    """Parts that a running question may still read."""
    return tuple(part for part in known.leaving if part.since > (at - GRACE).timestamp())


def copy_facts(
    source: FactSource, server: Server, *, clock: Clock, report: Report = lambda done, of: None
) -> Copied:
    """Raises ServerTrouble, CopyIncomplete, StoreBusy, LeaseLost, BrokenManifest."""
    lease = take_lease(source.name, clock())
    try:
        store = store_of(source)
        with speaking(server) as client:
            known = newest_manifest(client, source)
            copier = _Copier(Copy(client, source), lease.token, clock, report)
            return copier.bring_up(store, known)
    finally:
        release_lease(source.name, lease.token)


class _Copier:
    """One run under one lease."""

    def __init__(self, copy: Copy, token: int, clock: Clock, report: Report) -> None:
        self.copy = copy
        self.token = token
        self.clock = clock
        self.report = report
        self.sent = 0

    def bring_up(self, store: Manifest, known: CopyManifest) -> Copied:
        self.copy.prepare()
        there = self.copy.rows_by_part()
        parts = self._whole(store, there)
        for segment in store.segments:
            if _identity(segment) not in parts:
                parts[_identity(segment)] = self._send(segment, store.rows)
        counted = {parts[_identity(segment)]: segment.rows for segment in store.segments}
        self._commit(replace(known, parts=counted), known)
        return Copied(store.source, self.sent, len(counted), sum(counted.values()))

    def _whole(self, store: Manifest, there: dict[str, int]) -> dict[str, str]:
        """Parts that hold all rows of a segment, by what they are a copy of."""
        wanted = {_identity(segment): segment.rows for segment in store.segments}
        return {
            identity: part
            for part, rows in there.items()
            if wanted.get(identity := part.partition("-")[0]) == rows
        }

    def _send(self, segment: Segment, total: int) -> str:
        # A name of its own for every attempt: a writer that lost its lease adds to nothing of ours.
        part = f"{_identity(segment)}-{secrets.token_hex(4)}"
        for rows in self.copy.insert(folder_of(self.copy.source.name) / segment.file, part):
            self.sent += rows
            self.report(self.sent, total)
            self._renew()
        if (rows := self.copy.rows_in(part)) != segment.rows:
            raise CopyIncomplete(f"{segment.file} has {segment.rows} rows, its copy {rows}.")
        return part

    def _commit(self, manifest: CopyManifest, known: CopyManifest) -> None:
        at = self.clock()
        replaced = [part for part in known.parts if part not in manifest.parts]
        leaving = (*_leaving(known, at), *(Leaving(part, at.timestamp()) for part in replaced))
        manifest = replace(manifest, number=known.number + 1, leaving=leaving)
        self._renew()
        if replace(manifest, number=known.number) != known or not known.number:
            self.copy.commit(manifest)
        named = {*manifest.parts, *(leaving.part for leaving in manifest.leaving)}
        self.copy.drop([part for part in self.copy.rows_by_part() if part not in named])
        self.copy.drop_older_forms()

    def _renew(self) -> None:
        renew_lease(self.copy.source.name, self.token, self.clock())


def _identity(segment: Segment) -> str:
    """Of its content: after a restore another segment may bear the same file name."""
    return segment.sha256[:16]
