"""The supervisor keeps its services running, and nothing of them outlives it, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("fake_services.py")
ROOT = Path(__file__).resolve().parents[2]


class Supervised:
    """A running supervisor, and the processes it has ever had."""

    def __init__(self, folder: Path, how: str, *kinds: str) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-P", PROGRAM, folder, how, *kinds],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )

    def wait_until_ready(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def processes_of(self, name: str) -> list[int]:
        leader, helper = (self.folder / name).read_text().split()
        return [int(leader), int(helper)]

    def log(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.read()


@pytest.fixture(params=["programs", "forks"])
def start(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Supervised]]:
    started: list[Supervised] = []

    def start_one(*kinds: str) -> Supervised:
        started.append(Supervised(tmp_path, request.param, *kinds))
        return started[-1]

    yield start_one
    for each in started:
        each.process.kill()
        each.process.communicate()


def alive(pid: int) -> bool:
    """A zombie that nobody has collected yet does not count: it holds nothing."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def soon(condition: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_request_to_stop_leaves_nothing_behind(
    start: Callable[..., Supervised], number: signal.Signals
) -> None:
    supervised = start("web=steady", "worker=steady")
    supervised.wait_until_ready()
    everyone = supervised.processes_of("web") + supervised.processes_of("worker")
    assert all(map(alive, everyone))

    supervised.process.send_signal(number)

    assert supervised.process.wait(10) == 0
    assert not any(map(alive, everyone))


def test_a_service_that_ignores_the_request_is_killed_in_bounded_time(
    start: Callable[..., Supervised],
) -> None:
    supervised = start("web=stubborn")
    supervised.wait_until_ready()

    supervised.process.terminate()

    assert supervised.process.wait(10) == 0
    assert not any(map(alive, supervised.processes_of("web")))


def test_a_supervisor_killed_outright_leaves_nothing_behind(start: Callable[..., Supervised]) -> None:
    supervised = start("web=steady", "worker=stubborn")
    supervised.wait_until_ready()
    everyone = supervised.processes_of("web") + supervised.processes_of("worker")

    supervised.process.kill()

    assert soon(lambda: not any(map(alive, everyone)))


def test_killing_the_supervisors_whole_group_leaves_nothing_behind(start: Callable[..., Supervised]) -> None:
    supervised = start("web=steady")
    supervised.wait_until_ready()
    everyone = supervised.processes_of("web")

    os.killpg(supervised.process.pid, signal.SIGKILL)

    assert soon(lambda: not any(map(alive, everyone)))


def test_a_service_that_dies_is_started_again_without_its_old_helpers(
    start: Callable[..., Supervised],
) -> None:
    supervised = start("web=steady", "worker=steady")
    supervised.wait_until_ready()
    leader, helper = supervised.processes_of("web")
    neighbours = supervised.processes_of("worker")

    os.kill(leader, signal.SIGKILL)

    assert soon(lambda: supervised.processes_of("web")[0] != leader)
    assert not alive(helper)
    assert supervised.processes_of("worker") == neighbours
    assert all(map(alive, neighbours))


def test_a_service_that_cannot_start_ends_everything_and_shows_why(start: Callable[..., Supervised]) -> None:
    supervised = start("web=broken", "worker=steady")

    assert supervised.process.wait(15) == 1
    log = supervised.log()
    assert "web | cannot work" in log
    assert "web ended 3 times while starting" in log
    assert not any(map(alive, supervised.processes_of("worker")))


def test_a_flood_of_log_lines_does_not_delay_the_stop(start: Callable[..., Supervised]) -> None:
    supervised = start("web=chatty")
    supervised.wait_until_ready()

    supervised.process.terminate()

    assert supervised.process.wait(10) == 0
