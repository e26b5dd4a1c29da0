"""Which segments count. Replaced by a rename, so a reader sees the old list or the new one."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from otklik.kit.outage import Away, Outage

NAME = "manifest.json"
FORMAT = 1
# A query that began before a segment was replaced still reads the old one.
GRACE = timedelta(hours=1)


class FactsAway(Away):
    """Questions to the facts cannot be answered until a writer, or somebody who looks after the server, has
    put right what the message says. It holds no password."""

    outage = Outage.FACTS_AWAY


class BrokenManifest(FactsAway):
    """The manifest, or a file it names, is not what was written. The writer's next run writes the store anew
    from the database (write_facts, or write_facts --rebuild where only a checksum shows it)."""


@dataclass(frozen=True, slots=True)
class Segment:
    file: str
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``token``: of the lease that wrote it. ``last_batch``: the newest batch of pending rows that is
    inside. ``shape``: columns of all its segments, as ``FactSource.shape`` tells them."""

    source: str
    token: int = 0
    last_batch: int = 0
    shape: str = ""
    segments: tuple[Segment, ...] = ()

    @property
    def rows(self) -> int:
        return sum(segment.rows for segment in self.segments)


def read_manifest(folder: Path, source: str) -> Manifest:
    """An empty one where nothing was written yet. Raises BrokenManifest."""
    try:
        text = (folder / NAME).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Manifest(source)
    try:
        found: dict[str, Any] = json.loads(text)
        checksum = found.pop("checksum")
        if found.pop("format") != FORMAT or checksum != _checksum(found):
            raise BrokenManifest(str(folder / NAME))
        segments = tuple(Segment(**segment) for segment in found.pop("segments"))
        return Manifest(segments=segments, **found)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenManifest(str(folder / NAME)) from error


def read_whole(folder: Path, source: str) -> Manifest:
    """The manifest of a store whose files are all there, by their sizes. Raises BrokenManifest."""
    manifest = read_manifest(folder, source)
    for segment in manifest.segments:
        try:
            size = (folder / segment.file).stat().st_size
        except FileNotFoundError:
            size = None
        if size != segment.size:
            raise BrokenManifest(str(folder / segment.file))
    return manifest


def prepare_manifest(folder: Path, manifest: Manifest) -> Path:
    """Write it under a temporary name; ``os.replace`` onto ``NAME`` makes it count."""
    body = asdict(manifest)
    text = json.dumps({"format": FORMAT, **body, "checksum": _checksum(body)}, indent=1)
    path = folder / f".{NAME}.{manifest.token}"
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return path


def sync_folder(folder: Path) -> None:
    """A rename survives a power cut only once the folder itself is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checksum(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=list).encode()).hexdigest()
