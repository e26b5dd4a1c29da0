"""The product itself in this process, on a database of its own under the cache."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.bench.harness import ROOT


def key_of(*files: Path, extra: str = "") -> str:
    """Changes with every migration and with what else a cached database depends on."""
    digest = hashlib.sha256(extra.encode())
    for path in (*sorted((ROOT / "otklik").glob("*/migrations/*.py")), *files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def schema_digest() -> str:
    """Of the tables, indexes and triggers of an empty installation: migrations that are only written anew
    change nothing."""
    with tempfile.TemporaryDirectory() as folder:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
        environment = {**plain, **settings_for(Path(folder))}
        migrate = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        with contextlib.closing(sqlite3.connect(Path(folder) / "otklik.sqlite3")) as made:
            schema = made.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    return hashlib.sha256(repr(schema).encode()).hexdigest()[:12]


def settings_for(folder: Path) -> dict[str, str]:
    """Environment variables of an installation whose data lie in ``folder``."""
    return {
        "DJANGO_SETTINGS_MODULE": "otklik.config.settings",
        "OTKLIK_DATA_DIR": str(folder),
        # Without a server mails go to the terminal, among the figures.
        "OTKLIK_MAIL_URL": "memory://",
    }


def open_product(folder: Path, *, database: str = "") -> None:
    """Once per process, before anything of Django is imported. ``database``: URL of another than SQLite."""
    import django

    for name in [name for name in os.environ if name.startswith("OTKLIK_")]:
        del os.environ[name]
    os.environ.update(settings_for(folder))
    if database:
        os.environ["OTKLIK_DATABASE_URL"] = database
    django.setup()


def make_tables() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


@contextlib.contextmanager
def built_without_syncs() -> Iterator[None]:
    """A data set that is made once may be lost in a power cut; what is measured afterwards may not."""
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-1000000")
        yield
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()  # the next one gets the product's own settings again


def insert_many(table: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Rows as they are, in one transaction, past the operations. ``columns``: names between commas."""
    from django.db import connection, transaction

    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns.split(",")))
    with transaction.atomic():
        assert connection.connection is not None
        connection.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
