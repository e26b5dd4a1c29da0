"""The archive: ``database`` and ``files/…`` with a manifest of their checksums, in one compressed tar."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from otklik.console.backup.engines import BackupFailed, Engine

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Contents:
    """What an archive holds, read and verified."""

    engine: str
    created_at: str
    files: int
    database: Path
    folder: Path


def write_archive(target: Path, *, engine: Engine, files: Path, at: datetime) -> int:
    """Returns the number of files besides the database. The archive appears whole or not at all.

    The database is taken first: every file it knows was stored before its row, so it is among the files.
    """
    unfinished = target.with_name(target.name + ".unfinished")
    sums: dict[str, str] = {}
    with TemporaryDirectory(dir=target.parent) as scratch:
        database = Path(scratch) / "database"
        engine.dump(database)
        try:
            # Private from its first byte: a large archive is written for minutes.
            private = os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
            with (
                os.fdopen(private, "wb") as file,
                tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive,
            ):
                sums["database"] = _add(archive, database, "database")
                for path in _files_in(files):
                    name = f"files/{path.relative_to(files).as_posix()}"
                    sums[name] = _add(archive, path, name)
                _add_text(archive, MANIFEST, _manifest(engine, at, sums))
            os.replace(unfinished, target)
        finally:
            unfinished.unlink(missing_ok=True)
    return len(sums) - 1


def read_archive(source: Path, scratch: Path) -> Contents:
    """Unpack into ``scratch``, nowhere else, and verify every checksum. Raises BackupFailed."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                _unpack(archive, member, scratch)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BackupFailed(f"{source} is not a whole Otklik backup ({error}).") from error
    manifest = _read_manifest(source, scratch)
    for name, expected in manifest["sha256"].items():
        path = scratch / name
        if not path.is_file() or _sum_of(path) != expected:
            raise BackupFailed(f"{source}: {name} is missing or damaged. Nothing was restored.")
    return Contents(
        engine=manifest["engine"],
        created_at=manifest["created_at"],
        files=len(manifest["sha256"]) - 1,
        database=scratch / "database",
        folder=scratch / "files",
    )


def _files_in(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    archive.add(path, arcname=name, recursive=False)
    return _sum_of(path)


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    body = text.encode()
    info = tarfile.TarInfo(name)
    info.size = len(body)
    archive.addfile(info, io.BytesIO(body))


def _manifest(engine: Engine, at: datetime, sums: dict[str, str]) -> str:
    return json.dumps(
        {"format": FORMAT, "engine": engine.name, "created_at": at.isoformat(), "sha256": sums}, indent=1
    )


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, scratch: Path) -> None:
    """By hand: the safe filters of tarfile are missing in the Python of Debian 12."""
    name = PurePosixPath(member.name)
    plain = member.isfile() and not name.is_absolute() and ".." not in name.parts
    if not plain or (name.parts[0] != "files" and member.name not in ("database", MANIFEST)):
        raise BackupFailed(f"{member.name!r} does not belong into an Otklik backup. Nothing was restored.")
    target = scratch / member.name
    target.parent.mkdir(parents=True, exist_ok=True)
    content = archive.extractfile(member)
    assert content is not None  # isfile() holds
    with target.open("xb") as file:
        while block := content.read(BLOCK):
            file.write(block)


def _read_manifest(source: Path, scratch: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((scratch / MANIFEST).read_text(encoding="utf-8"))
        known = manifest["format"] == FORMAT and "database" in manifest["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise BackupFailed(f"{source} has no manifest that this version of Otklik knows.")
    found: dict[str, Any] = manifest
    return found


def _sum_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
