"""PostgreSQL goes away in the middle of the work and comes back: nothing is lost, nothing comes twice."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.installation import KillInstallation
from tests.kill.test_mail_kill import MAILS, ask, assert_whole, wait
from tests.servers.installation import Process
from tests.servers.postgres import Postgres, PostgresMissing, private_postgres

pytestmark = pytest.mark.slow


@pytest.fixture
def server() -> Iterator[Postgres]:
    """Of this test's own: others would lose their connections too."""
    try:
        with private_postgres() as found:
            yield found
    except PostgresMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture
def installation(server: Postgres, tmp_path: Path) -> Iterator[KillInstallation]:
    built = KillInstallation(tmp_path, server.create_with_tables("otklik"))
    try:
        yield built
    finally:
        built.end()


class Supervised(threading.Thread):
    """Starts a worker again when it ends, as ``otklik serve`` does."""

    def __init__(self, installation: KillInstallation) -> None:
        super().__init__(daemon=True)
        self.installation, self.over = installation, threading.Event()
        self.worker: Process = installation.start_worker()

    def run(self) -> None:
        while not self.over.wait(0.2):
            if self.worker.has_ended:
                self.worker = self.installation.start_worker()


def store_until_acknowledged(installation: KillInstallation) -> int:
    """As the other side of a connection does: what got no answer is given again. How often it had to be."""
    following, again = 0, 0
    while following < MAILS:
        storing = subprocess.run(
            [sys.executable, "-P", "tests/kill/mail_drive.py", "store", str(following),
             str(MAILS - following)],
            env=installation.environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        lines = [json.loads(line) for line in storing.stdout.splitlines()]
        following = lines[-1][-1] + 1 if lines else following
        if storing.returncode:
            again += 1
            time.sleep(0.5)
    return again


def test_a_database_restarted_under_load_loses_no_mail_and_takes_none_twice(
    server: Postgres, installation: KillInstallation
) -> None:
    ask(installation, "seed")
    supervised = Supervised(installation)
    supervised.start()
    stored: list[int] = []
    storing = threading.Thread(target=lambda: stored.append(store_until_acknowledged(installation)))
    storing.start()
    wait(installation, lambda state: state["mails"].get("taken", 0) >= 20)

    server.restart()

    storing.join(timeout=240)
    assert not storing.is_alive(), installation.logs()
    ask(installation, "free")
    state = wait(installation, lambda state: "stored" not in state["mails"])
    supervised.over.set()
    assert_whole(state)
