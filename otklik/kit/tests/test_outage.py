from __future__ import annotations

import errno
import sqlite3
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory
from psycopg import errors

from otklik.kit.outage import Away, Outage, outage_of


class FiguresAway(Away):
    outage = Outage.FACTS_AWAY


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def on_sqlite(said: str) -> Exception:
    return caused(OperationalError(said), sqlite3.OperationalError(said))


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), Outage.DISK_FULL),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), Outage.DISK_FULL),
        (OSError(errno.EACCES, "Permission denied"), None),
        (on_sqlite("database or disk is full"), Outage.DISK_FULL),
        (on_sqlite("database is locked"), Outage.DATABASE_AWAY),
        (on_sqlite("no such table: desk_ticket"), None),
        (caused(OperationalError("x"), errors.DiskFull("x")), Outage.DISK_FULL),
        (caused(OperationalError("x"), errors.AdminShutdown("x")), Outage.DATABASE_AWAY),
        (caused(OperationalError("x"), errors.OperationalError("connection refused")), Outage.DATABASE_AWAY),
        (
            caused(InterfaceError("x"), errors.InterfaceError("the connection is closed")),
            Outage.DATABASE_AWAY,
        ),
        (caused(OperationalError("x"), errors.DeadlockDetected("x")), Outage.DATABASE_AWAY),
        (caused(OperationalError("x"), errors.InvalidPassword("x")), None),
        (FiguresAway("x"), Outage.FACTS_AWAY),
        (ValueError("x"), None),
        (None, None),
    ],
)
def test_what_may_pass_is_told_from_what_is_our_fault(error: Any, outage: Outage | None) -> None:
    assert outage_of(error) is outage


def posted(size: int) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("film.bin", b"x" * size, "video/mp4")
    return RequestFactory().post("/", {"before": "1", "files": file, "text": "After the file"})


@pytest.mark.parametrize(
    "place",
    [
        "TemporaryUploadedFile",
        "TemporaryFileUploadHandler.receive_data_chunk",
        "TemporaryFileUploadHandler.file_complete",
    ],
)
def test_what_was_typed_beside_a_file_is_read_where_the_disk_takes_no_more_of_the_file(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"django.core.files.uploadhandler.{place}", full)
    request = posted(3 * 1024 * 1024)
    assert (request.POST["before"], request.POST["text"]) == ("1", "After the file")
    file = request.FILES["files"]
    assert (file.name, file.size) == ("film.bin", 3 * 1024 * 1024)
    with pytest.raises(OSError, match="No space left"):
        list(file.chunks())
