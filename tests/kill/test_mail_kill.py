"""Mail whose process is killed with -9 is neither lost nor taken twice."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.kill.installation import KillInstallation

pytestmark = pytest.mark.slow
MAILS = 600


def ask(installation: KillInstallation, *arguments: str) -> Any:
    said = installation.errand("tests/kill/mail_drive.py", *arguments)
    return json.loads(said.splitlines()[-1]) if said.strip() else None


def wait(installation: KillInstallation, what: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    end = time.monotonic() + 120
    while not what(state := ask(installation, "state")):
        assert time.monotonic() < end, f"{ {**state, 'ids': len(state['ids'])} }\n{installation.logs()}"
        time.sleep(0.3)
    return state


def assert_whole(state: dict[str, Any]) -> None:
    assert state["mails"] == {"taken": MAILS}
    assert (state["messages"], state["twice"]) == (MAILS, [])
    assert state["events"] == state["found"] == MAILS
    # Of three mails the second answers the first: two tickets.
    assert state["tickets"] == MAILS - MAILS // 3
    assert state["files"] == [len(range(0, MAILS, 7)), 1]


def test_case_53_a_worker_killed_while_it_takes_mail_in_is_followed_by_one_that_goes_on(
    installation: KillInstallation,
) -> None:
    ask(installation, "seed")
    ask(installation, "store", "0", str(MAILS))
    worker = installation.start_worker()
    ask(installation, "kill", str(worker.pid), "40")
    halfway = ask(installation, "state")
    assert 0 < halfway["messages"] < MAILS, "killed too late to prove anything"
    assert halfway["messages"] == halfway["mails"]["taken"] == halfway["events"] == halfway["found"]

    ask(installation, "free")
    installation.start_worker()
    assert_whole(wait(installation, lambda state: "stored" not in state["mails"]))


def test_two_workers_at_once_take_each_mail_once_and_keep_threads_together(
    installation: KillInstallation,
) -> None:
    ask(installation, "seed")
    workers = [installation.start_worker(), installation.start_worker()]
    ask(installation, "store", "0", str(MAILS))
    state = wait(installation, lambda state: "stored" not in state["mails"])
    assert_whole(state)
    assert [worker.stop() for worker in workers] == [0, 0]


def test_case_53_whoever_stores_is_killed_and_what_was_acknowledged_is_there(
    installation: KillInstallation,
) -> None:
    ask(installation, "seed")
    storing = subprocess.Popen(
        [sys.executable, "-P", "tests/kill/mail_drive.py", "store", "0", "5000"],
        env=installation.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert storing.stdout is not None
    acknowledged = [n for _ in range(12) for n in json.loads(storing.stdout.readline())]
    storing.kill()
    with storing.stdout as rest:
        acknowledged += [n for line in rest if line.endswith("\n") for n in json.loads(line)]
    storing.wait()
    stored = sum(ask(installation, "state")["mails"].values())
    assert len(acknowledged) <= stored < 5000

    # The other side gives again what it got no answer for, and some of what it did.
    ask(installation, "store", "0", str(MAILS))
    installation.start_worker()
    state = wait(installation, lambda state: "stored" not in state["mails"])
    assert state["twice"] == []
    assert {f"m{n}@x" for n in acknowledged} <= set(state["ids"])
