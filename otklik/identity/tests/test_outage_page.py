"""What people read when the database is away or the disk is full."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client


@contextmanager
def failing(error: Exception) -> Iterator[Client]:
    def cursor(*_args: Any, **_kwargs: Any) -> None:
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "cursor", cursor)
        yield Client(raise_request_exception=False)


def away() -> Exception:
    error = OperationalError("database is locked")
    error.__cause__ = sqlite3.OperationalError("database is locked")
    return error


@pytest.mark.parametrize(
    ("language", "words"), [("en", "The database does not answer"), ("ru", "База данных не отвечает")]
)
def test_a_page_without_its_database_says_so_and_gives_back_what_was_typed(
    db: None, language: str, words: str
) -> None:
    typed = {"text": "Paid <today>.", "password": "secret"}
    with failing(away()) as client:
        answer = client.post("/health/", typed, headers={"accept-language": language})
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert words in page
    assert "Paid &lt;today&gt;." in page
    assert "secret" not in page


@pytest.mark.parametrize(
    ("language", "words"), [("en", "The disk of this server is full"), ("ru", "Диск сервера заполнен")]
)
def test_a_full_disk_is_told_in_words(db: None, language: str, words: str) -> None:
    with failing(OSError(errno.ENOSPC, "No space left on device")) as client:
        answer = client.get("/health/", headers={"accept-language": language})
    assert answer.status_code == 507
    assert words in answer.content.decode()


def test_a_program_reads_it_as_json(db: None) -> None:
    with failing(away()) as client:
        answer = client.get("/api/v1/tickets", headers={"authorization": "Bearer otk_x"})
    assert answer.status_code == 503
    assert answer.json()["code"] == "database_away"


def test_a_fault_of_ours_is_told_as_one(db: None) -> None:
    with failing(ValueError("x")) as client:
        answer = client.get("/health/")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
