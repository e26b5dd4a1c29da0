"""`otklik mail watch` as a process of its own: what is delivered is fetched within seconds."""

from __future__ import annotations

import imaplib
import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fixtures import dovecot  # noqa: F401
from tests.servers.installation import Installation

pytestmark = pytest.mark.slow


def deliver(server: Dovecot, user: str, number: int) -> None:
    with imaplib.IMAP4("127.0.0.1", server.port) as box:
        box.login(user, PASSWORD)
        raw = f"From: vera@aurora.example\r\nMessage-ID: <{user}{number}@x>\r\n\r\nText {number}\r\n"
        box.append("INBOX", "", "", raw.encode())


def seconds_until(condition: Callable[[], bool], installation: Installation) -> float:
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < 40, installation.logs()
        time.sleep(0.05)
    return time.monotonic() - begun


def test_a_delivered_mail_is_fetched_within_two_seconds_also_from_a_mailbox_that_was_changed_meanwhile(
    tmp_path: Path,
    dovecot: Dovecot,  # noqa: F811
) -> None:
    installation = Installation(tmp_path)
    database = installation.folder / "data" / "otklik.sqlite3"

    def stored() -> int:
        with sqlite3.connect(database) as connection:
            return int(connection.execute("SELECT count(*) FROM desk_inboundmail").fetchone()[0])

    try:
        installation.errand("tests/kill/mail_drive.py", "seed")
        installation.errand("tests/kill/mail_drive.py", "point", str(dovecot.port), "watched", PASSWORD)
        deliver(dovecot, "watched", 1)
        process = installation.start("watch", "-m", "otklik.cli", "mail", "watch")
        seconds_until(lambda: stored() == 1, installation)
        for number in (2, 3):
            time.sleep(1.5)  # listening
            deliver(dovecot, "watched", number)
            wanted = number
            assert seconds_until(lambda: stored() == wanted, installation) < 2  # noqa: B023

        installation.errand("tests/kill/mail_drive.py", "point", str(dovecot.port), "moved", PASSWORD)
        deliver(dovecot, "moved", 1)
        seconds_until(lambda: stored() == 4, installation)
        time.sleep(1.5)
        deliver(dovecot, "moved", 2)
        assert seconds_until(lambda: stored() == 5, installation) < 2

        with dovecot.stopped():
            time.sleep(1)
        deliver(dovecot, "moved", 3)
        # It may have failed meanwhile, and then leaves the server alone for a minute; so may a person not.
        installation.errand("tests/kill/mail_drive.py", "point", str(dovecot.port), "moved", PASSWORD)
        seconds_until(lambda: stored() == 6, installation)
        assert process.stop() == 0
        state = json.loads(installation.errand("tests/kill/mail_drive.py", "state"))
        assert state["mails"] == {"stored": 6}
    finally:
        installation.end()
