"""The real web, edge and worker under the real supervisor, on a data folder in which nobody is yet."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ready import put_empty_tables

pytestmark = pytest.mark.slow


class Installation:
    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.errors = folder / "stderr"
        self.port = free_pair_of_ports()
        self.started: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-P", "-m", "otklik.cli", "serve"]
        env = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
        # Not as an option: /proc shows what the supervisor was started with, for its forks too.
        env["OTKLIK_DATA_DIR"] = str(self.data)
        with self.errors.open("w") as errors:
            process = subprocess.Popen(
                [*command, "--port", str(self.port)],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env=env,
            )
        self.started.append(process)
        return process

    def wait_until_ready(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        said = ""
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, self.errors.read_text()
            said += line
        return said

    def processes(self) -> dict[int, str]:
        """Everything alive that was started for this data folder, whatever it calls itself now."""
        mark = f"OTKLIK_DATA_DIR={self.data}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    here = Installation(tmp_path)
    yield here
    for pid in here.processes():
        os.kill(pid, signal.SIGKILL)
    for process in here.started:
        process.kill()
        process.communicate()


def free_pair_of_ports() -> int:
    for port in range(20_000 + os.getpid() % 10_000, 60_000, 2):
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise AssertionError("no two free ports")


def soon(condition: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return condition()


def test_it_starts_answers_and_stops_without_a_trace(installation: Installation) -> None:
    process = installation.start()
    said = installation.wait_until_ready(process)

    assert f"http://localhost:{installation.port}" in said
    assert "create the administrator" in said
    for port, path in ((installation.port, "/health/"), (installation.port + 1, "/health")):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            assert answer.status == 200

    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    assert installation.processes() == {}


def test_after_a_kill_nothing_runs_and_the_next_start_works(installation: Installation) -> None:
    put_empty_tables(installation.data)
    process = installation.start()
    installation.wait_until_ready(process)
    assert len(installation.processes()) >= 7  # web, edge and the worker's pool

    process.kill()
    process.wait()
    assert soon(lambda: installation.processes() == {})

    again = installation.start()
    installation.wait_until_ready(again)
    again.terminate()
    assert again.wait(20) == 0


def test_a_kill_during_the_preparation_leaves_nothing_and_is_repaired(installation: Installation) -> None:
    process = installation.start()
    assert soon(lambda: (installation.data / "otklik.sqlite3").exists())

    process.kill()
    process.wait()
    assert soon(lambda: installation.processes() == {})

    again = installation.start()
    installation.wait_until_ready(again)
    again.terminate()
    assert again.wait(20) == 0


@pytest.mark.parametrize("name", ["otklik web", "otklik edge", "otklik worker"])
def test_a_killed_service_comes_back(installation: Installation, name: str) -> None:
    put_empty_tables(installation.data)
    process = installation.start()
    installation.wait_until_ready(process)
    before = {pid for pid, command in installation.processes().items() if name in command}
    assert before

    for pid in before:
        with contextlib.suppress(ProcessLookupError):  # its leader's end was noticed before its own came
            os.kill(pid, signal.SIGKILL)

    def came_back() -> bool:
        now = {pid for pid, command in installation.processes().items() if name in command}
        return bool(now) and not now & before

    assert soon(came_back)
    process.terminate()
    assert process.wait(20) == 0
    assert installation.processes() == {}


DIES_WHILE_NOTING = """
import os
from django.db.migrations.recorder import MigrationRecorder
from otklik.cli.prepare import prepare

noted = 0

def die_at_the_third(self, app, name):
    global noted
    noted += 1
    if noted == 3:
        os._exit(9)
    original(self, app, name)

original = MigrationRecorder.record_applied
MigrationRecorder.record_applied = die_at_the_third
prepare(demo=False)
"""


def test_a_kill_between_a_migration_and_its_note_is_repaired(installation: Installation) -> None:
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "otklik.config.settings",
        "OTKLIK_DATA_DIR": str(installation.data),
    }
    installation.data.mkdir()
    assert subprocess.run([sys.executable, "-c", DIES_WHILE_NOTING], env=env).returncode == 9

    again = installation.start()
    installation.wait_until_ready(again)
    again.terminate()
    assert again.wait(20) == 0
