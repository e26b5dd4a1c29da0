"""Taking and putting back the database, for each engine with its own tool."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol


class BackupFailed(Exception):
    """The message says what went wrong and what to do."""


class Engine(Protocol):
    name: str

    def dump(self, target: Path) -> None: ...

    def is_empty(self) -> bool: ...

    def load(self, source: Path) -> None: ...


class Sqlite:
    name = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path

    def dump(self, target: Path) -> None:
        """A consistent copy while others write: SQLite's own online backup."""
        if not self.path.exists():
            raise BackupFailed(f"There is no database at {self.path}: nothing to back up.")
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy, pages=2000, sleep=0.01)
            found = copy.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise BackupFailed(f"The database is damaged ({found}). Keep it as it is and ask for help.")

    def is_empty(self) -> bool:
        return not self.path.exists()

    def load(self, source: Path) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # A write-ahead log of the old database would be replayed into the new one.
        for suffix in ("-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        fresh = self.path.with_name(self.path.name + ".restoring")
        shutil.copyfile(source, fresh)
        fresh.chmod(0o600)
        os.replace(fresh, self.path)


class Postgres:
    name = "postgresql"

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings

    def dump(self, target: Path) -> None:
        self._run(["pg_dump", "--format=custom", "--no-owner", f"--file={target}", self._database()])

    def is_empty(self) -> bool:
        count = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        return self._run(["psql", "-AtX", "-c", count, self._database()]).strip() == "0"

    def load(self, source: Path) -> None:
        self._run(
            ["pg_restore", "--clean", "--if-exists", "--no-owner", "--exit-on-error", "--single-transaction",
             f"--dbname={self._database()}", str(source)]
        )  # fmt: skip

    def _database(self) -> str:
        return str(self.settings["NAME"])

    def _run(self, command: list[str]) -> str:
        environment = os.environ | {
            "PGHOST": str(self.settings["HOST"]),
            "PGPORT": str(self.settings["PORT"]),
            "PGUSER": str(self.settings["USER"]),
            "PGPASSWORD": str(self.settings["PASSWORD"]),
        }
        environment = {
            name: value for name, value in environment.items() if value or not name.startswith("PG")
        }
        try:
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        except FileNotFoundError:
            raise BackupFailed(f"{command[0]} is not installed: apt-get install postgresql-client.") from None
        if done.returncode:
            raise BackupFailed(f"{command[0]}: {done.stderr.strip()[:500]}")
        return done.stdout


def engine_of(database: dict[str, Any]) -> Engine:
    """The engine behind Django's DATABASES["default"]."""
    if "sqlite3" in database["ENGINE"]:
        return Sqlite(Path(str(database["NAME"])))
    return Postgres(database)
