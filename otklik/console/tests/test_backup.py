"""A backup comes back as it was, or says why it cannot."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest

from otklik.console.backup import archive
from otklik.console.backup.engines import Engine
from otklik.kit.clock import now
from tests.ready import put_empty_tables

ROOT = Path(__file__).resolve().parents[3]


class Installation:
    """A data folder of its own, driven from outside as a person would."""

    def __init__(self, folder: Path, port: str) -> None:
        self.folder, self.port = folder, port

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
        return subprocess.run(
            [sys.executable, "-m", "django", *arguments],
            env=kept
            | {
                "DJANGO_SETTINGS_MODULE": "otklik.config.settings",
                "OTKLIK_DATA_DIR": str(self.folder),
                "OTKLIK_PORT": self.port,
            },
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def notes(self) -> list[str]:
        with closing(self._database()) as database:
            return [text for (text,) in database.execute("SELECT text FROM note ORDER BY text")]

    def note(self, text: str) -> None:
        """A row in a table of the test's own: what comes back does not depend on any model."""
        with closing(self._database()) as database, database:
            database.execute("CREATE TABLE IF NOT EXISTS note (text TEXT)")
            database.execute("INSERT INTO note VALUES (?)", [text])

    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / "otklik.sqlite3")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a new installation; every test gets a copy, for making one takes seconds."""
    folder = tmp_path_factory.mktemp("installation") / "data"
    put_empty_tables(folder)
    made = Installation(folder, "1").run("migrate", "-v0")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def installation(migrated: Path, tmp_path: Path, unused_port: int) -> Installation:
    found = Installation(tmp_path / "data", str(unused_port))
    shutil.copytree(migrated, found.folder)
    found.note("North")
    (found.folder / "files" / "imports").mkdir(parents=True)
    (found.folder / "files" / "imports" / "a.csv").write_text("score\n9\n")
    return found


def test_what_was_backed_up_comes_back(installation: Installation, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    saved = installation.run("backup", str(archive))
    assert saved.returncode == 0, saved.stderr
    assert "secret_key" in saved.stdout
    assert archive.stat().st_mode & 0o077 == 0
    installation.note("South")
    (installation.folder / "files" / "imports" / "a.csv").unlink()
    refused = installation.run("restore", str(archive))
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    assert installation.notes() == ["North", "South"]
    done = installation.run("restore", str(archive), "--replace")
    assert done.returncode == 0, done.stderr
    assert installation.notes() == ["North"]
    assert (installation.folder / "files" / "imports" / "a.csv").read_text() == "score\n9\n"


class Instant:
    name = "sqlite"

    def dump(self, target: Path) -> None:
        target.write_text("rows")


def test_nobody_else_reads_an_archive_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, add = [], archive._add

    def spying(tar: tarfile.TarFile, path: Path, name: str) -> str:
        seen.append((tmp_path / "b.tar.gz.unfinished").stat().st_mode & 0o077)
        return add(tar, path, name)

    monkeypatch.setattr(archive, "_add", spying)
    engine = cast(Engine, Instant())
    archive.write_archive(tmp_path / "b.tar.gz", engine=engine, files=tmp_path / "files", at=now())
    assert seen == [0]


def test_the_key_and_the_facts_stay_out_of_the_archive(installation: Installation, tmp_path: Path) -> None:
    (installation.folder / "facts").mkdir(exist_ok=True)
    (installation.folder / "facts" / "x.parquet").write_text("x")
    archive = tmp_path / "backup.tar.gz"
    installation.run("backup", str(archive))
    with tarfile.open(archive) as tar:
        assert sorted(tar.getnames()) == ["database", "files/imports/a.csv", "manifest.json"]


def test_a_damaged_archive_restores_nothing(installation: Installation, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    installation.run("backup", str(archive))
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])
    refused = installation.run("restore", str(archive), "--replace")
    assert refused.returncode == 2
    assert "not a whole" in refused.stderr
    assert installation.notes() == ["North"]


def test_an_archive_that_reaches_outside_is_refused(installation: Installation, tmp_path: Path) -> None:
    archive, evil = tmp_path / "evil.tar.gz", tmp_path / "evil"
    evil.write_text("evil")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(evil, "files/../../outside")
    refused = installation.run("restore", str(archive), "--replace")
    assert refused.returncode == 2
    assert "does not belong" in refused.stderr


def test_a_file_that_exists_is_not_overwritten(installation: Installation, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    archive.write_text("precious")
    assert installation.run("backup", str(archive)).returncode == 2
    assert archive.read_text() == "precious"


def test_a_missing_folder_is_named(installation: Installation, tmp_path: Path) -> None:
    refused = installation.run("backup", str(tmp_path / "nowhere" / "backup.tar.gz"))
    assert refused.returncode == 2
    assert str(tmp_path / "nowhere") in refused.stderr
    assert "Errno" not in refused.stderr
