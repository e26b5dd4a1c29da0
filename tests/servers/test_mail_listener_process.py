"""`otklik mail listen` as a process of its own: what it answered 250 to lies on the disk."""

from __future__ import annotations

import json
import smtplib
import socket
import time
from pathlib import Path

import pytest

from tests.servers.installation import Installation
from tests.servers.ports import free_port

pytestmark = pytest.mark.slow


def wait_for(port: int, installation: Installation) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(installation.logs())


def test_case_53_killed_right_after_its_answer_the_mail_is_there(tmp_path: Path) -> None:
    port = free_port()
    place = {"OTKLIK_MAIL_LISTEN": f"127.0.0.1:{port}"}
    installation = Installation(tmp_path, extra=place)
    try:
        installation.errand("tests/kill/mail_drive.py", "seed")
        process = installation.start("mail", "-m", "otklik.cli", "mail", "listen")
        wait_for(port, installation)
        with smtplib.SMTP("127.0.0.1", port) as server:
            for number in range(3):
                body = f"From: vera@aurora.example\r\nMessage-ID: <m{number}@x>\r\n\r\nText {number}\r\n"
                server.sendmail("vera@aurora.example", ["help+x@north.example"], body)
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                server.sendmail("vera@aurora.example", ["nobody@elsewhere.example"], "x")
            process.kill()
        state = json.loads(installation.errand("tests/kill/mail_drive.py", "state"))
        assert state["mails"] == {"stored": 3}
        installation.start_worker()
        end = time.monotonic() + 60
        while state["mails"] != {"taken": 3}:
            assert time.monotonic() < end, installation.logs()
            time.sleep(0.3)
            state = json.loads(installation.errand("tests/kill/mail_drive.py", "state"))
        assert state["messages"] == 3
    finally:
        installation.end()
