"""An import whose process is killed with -9 loses no row and stores none twice."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.kill.installation import KillInstallation
from tests.servers.installation import Process

pytestmark = pytest.mark.slow

ROWS, BAD = 3000, 300


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.csv"
    lines = (
        f"{'11' if n % 10 == 0 else n % 10};vera@aurora.example;{n % 28 + 1}.0{n % 9 + 1}.2025;{n % 97}"
        for n in range(ROWS)
    )
    path.write_text("nps;email;date;comment\n" + "\n".join(lines) + "\n")
    return path


def ask(installation: KillInstallation, *arguments: str) -> Any:
    said = installation.errand("tests/kill/import_drive.py", *arguments)
    return json.loads(said) if said.strip() else None


def wait(
    installation: KillInstallation, what: Callable[[dict[str, Any]], bool], seconds: float = 90
) -> dict[str, Any]:
    end = time.monotonic() + seconds
    while not what(state := ask(installation, "state")):
        assert time.monotonic() < end, f"{state}\n{installation.logs()}"
        time.sleep(0.2)
    return state


def assert_whole(state: dict[str, Any]) -> None:
    assert state["state"] == "done"
    assert state["total"] == state["read"] == ROWS
    assert (state["stored"], state["skipped"], state["failed"]) == (ROWS - BAD, 0, BAD)
    assert state["responses"] == state["events"] == state["counted"] == ROWS - BAD
    assert (state["failures"], state["finished"]) == (BAD, 1)


def test_a_worker_killed_in_the_middle_is_followed_by_one_that_goes_on(
    installation: KillInstallation, answers: Path
) -> None:
    ask(installation, "seed")
    ask(installation, "begin", str(answers))
    worker = installation.start_worker()
    ask(installation, "kill", str(worker.pid))

    halfway = ask(installation, "state")
    assert 0 < halfway["read"] < ROWS, "killed too late to prove anything"
    assert halfway["read"] == halfway["stored"] + halfway["failed"]
    assert halfway["responses"] == halfway["events"] == halfway["counted"] == halfway["stored"]
    assert halfway["failures"] == halfway["failed"]

    installation.start_worker()
    assert_whole(wait(installation, lambda state: state["state"] == "done"))


def test_two_processes_on_one_run_store_each_row_once(installation: KillInstallation, answers: Path) -> None:
    ask(installation, "seed")
    ask(installation, "begin", str(answers))
    run = str(ask(installation, "state")["id"])

    both = [
        installation.start("import", "-m", "otklik.cli", "import", "--resume", run, "--json")
        for _ in range(2)
    ]
    for process in both:
        assert finished(process) == 0, installation.logs()

    # One may have left the rest to the other; whoever is asked last finds it done or does it.
    installation.python("-m", "otklik.cli", "import", "--resume", run)
    assert_whole(ask(installation, "state"))


def test_the_command_goes_on_after_it_was_killed(installation: KillInstallation, answers: Path) -> None:
    ask(installation, "seed")
    command = ["-m", "otklik.cli", "import", "answers", str(answers), "--program", "north"]
    process = installation.start("import", *command)
    ask(installation, "kill", str(process.pid))
    halfway = ask(installation, "state")
    assert 0 < halfway["read"] < ROWS, "killed too late to prove anything"

    said = installation.python("-m", "otklik.cli", "import", "--resume", str(halfway["id"]), "--json")

    assert json.loads(said)["read"] == ROWS
    assert_whole(ask(installation, "state"))


def finished(process: Process, seconds: float = 120) -> int:
    try:
        return process._process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return sys.maxsize
