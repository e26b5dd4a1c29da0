from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.fixtures import postgres  # noqa: F401
from tests.servers.installation import ROOT, Installation

DRIVE = "tests/edge/drive.py"


class Stream:
    """A bare HTTP client that reads a stream until it has said something."""

    def __init__(self, port: int, ticket: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._socket.sendall(f"GET /live?ticket={ticket} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.text = ""

    def until(self, text: str, seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while text not in self.text:
            self._socket.settimeout(max(0.01, end - time.monotonic()))
            piece = self._socket.recv(65536)
            assert piece, f"the stream ended after {self.text!r}"
            self.text += piece.decode()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    url = ""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").create_with_tables(tmp_path.name)
    built = Installation(tmp_path, database_url=url)
    try:
        yield built
    finally:
        built.end()


def wait_until_it_answers(installation: Installation) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", installation.edge_port), timeout=1) as probe:
                probe.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                if b" 200 " in probe.recv(100):
                    return
        except OSError:
            pass
        assert time.monotonic() < end, installation.logs()
        time.sleep(0.1)


@pytest.mark.slow
def test_a_ticket_is_worth_nothing_once_its_person_is_deactivated(installation: Installation) -> None:
    person = installation.errand(DRIVE, "begin").strip()
    installation.start_edge()
    wait_until_it_answers(installation)
    ticket = installation.errand(DRIVE, "ticket", person, "partner:*").strip()
    installation.errand(DRIVE, "deactivate", person)
    stream = Stream(installation.edge_port, ticket)
    stream.until("HTTP/1.1 403")
    stream.close()


@pytest.mark.slow
def test_an_open_page_hears_what_was_committed(installation: Installation) -> None:
    person = installation.errand(DRIVE, "begin").strip()
    edge = installation.start_edge()
    wait_until_it_answers(installation)
    ticket = installation.errand(DRIVE, "ticket", person, "partner:*").strip()
    streams = [Stream(installation.edge_port, ticket) for _ in range(2)]
    for stream in streams:
        stream.until(": open")
    installation.errand(DRIVE, "change", "response", "1")
    installation.errand(DRIVE, "change", "partner", "1")
    for stream in streams:
        stream.until("event: topic\ndata: partner:*\n\n")
        assert "response" not in stream.text
    # More at once than one notification, or one read, can name.
    installation.errand(DRIVE, "change", "contact", *map(str, range(900)))
    installation.errand(DRIVE, "change", "partner", *map(str, range(10_000, 12_500)))
    for stream in streams:
        stream.text = ""
        stream.until("data: partner:*\n\n")
    assert edge.stop(seconds=3) == 0, "open streams must not hold up the end"
    assert "Traceback" not in installation.logs()
    for stream in streams:
        stream.close()


@pytest.mark.slow
@pytest.mark.parametrize("installation", ["postgresql"], indirect=True)
def test_a_page_hears_of_an_event_that_committed_after_a_later_one(installation: Installation) -> None:
    person = installation.errand(DRIVE, "begin").strip()
    installation.errand(DRIVE, "partners", "2")
    installation.start_edge()
    wait_until_it_answers(installation)
    ticket = installation.errand(DRIVE, "ticket", person, "partner:1", "partner:2").strip()
    stream = Stream(installation.edge_port, ticket)
    stream.until(": open")
    installation.errand("tests/kill/drive.py", "interleave", "test.changed")
    stream.until("data: partner:1\n")
    assert stream.text.index("data: partner:2\n") < stream.text.index("data: partner:1\n")
    stream.close()


def test_the_edge_process_stays_small(tmp_path: Path) -> None:
    """Heavy libraries belong to those who use them; here each would cost memory for as long as it runs."""
    code = "import sys, json, otklik.edge.app; print(json.dumps(sorted(sys.modules)))"
    heavy = {"pandas", "pyarrow", "duckdb", "scipy", "statsmodels", "openpyxl", "ninja", "httpcore"}
    installed = {
        "OTKLIK_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "otklik.config.settings",
        "PATH": "/usr/bin:/bin",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=ROOT, env=installed, capture_output=True, text=True
    )
    assert heavy & set(json.loads(done.stdout)) == set()
