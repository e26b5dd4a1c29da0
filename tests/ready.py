"""What every worker of a run of the tests would do again for itself, done once before them.

The test modules are compiled with their assertions spelled out (nine seconds of a processor), and the empty
tables are built by the migrations (five). Without this the tests run as well, only later: nothing but
``TESTS_EMPTY_TABLES``, which ``bin/test`` sets, tells them of the file.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

TABLES = "TESTS_EMPTY_TABLES"


@contextmanager
def tables_copied() -> Iterator[None]:
    """While it lasts, a new test database of SQLite is a copy of the file, not a run of the migrations."""
    from django.core import management
    from django.db.backends.sqlite3.creation import DatabaseCreation

    kept = os.environ.get(TABLES, "")
    if not Path(kept).is_file():
        yield
        return
    create, call = DatabaseCreation.create_test_db, management.call_command

    def create_by_copy(creation: Any, *args: Any, **options: Any) -> str:
        def copy_instead(name: str, *of_call: Any, **options_of_call: Any) -> Any:
            if name != "migrate":
                return call(name, *of_call, **options_of_call)
            creation.connection.ensure_connection()
            with closing(sqlite3.connect(kept)) as source:
                source.backup(creation.connection.connection)
            return None

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(management, "call_command", copy_instead)
            return create(creation, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseCreation, "create_test_db", create_by_copy)
        yield


def put_empty_tables(data: Path) -> None:
    """Into the folder of a new installation, whose own migrations then find nothing left to do."""
    kept = os.environ.get(TABLES, "")
    if Path(kept).is_file():
        data.mkdir(parents=True, exist_ok=True)
        shutil.copy(kept, data / "otklik.sqlite3")


def _build(kept: Path) -> None:
    from django.db import connection

    connection.creation.create_test_db(verbosity=0)
    kept.unlink(missing_ok=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(kept)])


COLLECT = ("-n", "0", "--collect-only", "-qq", "--no-header")


def main() -> int:
    # A module that does not even import fails here. One half beside the other: there are two processors.
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *COLLECT, "otklik"], stdout=subprocess.DEVNULL
    ) as half:
        status = int(pytest.main([*COLLECT, "tests"]))
        # The collection has set Django up as the tests have it.
        _build(Path(os.environ[TABLES]))
    return status or half.returncode


if __name__ == "__main__":
    sys.exit(main())
