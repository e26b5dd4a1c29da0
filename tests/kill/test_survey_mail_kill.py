"""Survey mail whose worker is killed with -9: a mail server counts, and nobody gets two."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from typing import Any

import pytest

from otklik.kit.tests.smtp_server import SmtpServer, smtp_server
from tests.kill.installation import KillInstallation

pytestmark = pytest.mark.slow
PEOPLE = 300


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def asking(installation: KillInstallation, server: SmtpServer) -> KillInstallation:
    installation.environment["OTKLIK_MAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
    installation.environment["OTKLIK_SURVEY_MAILS_PER_MINUTE"] = "0"
    # A job is stopped before it is handed out again, and a busy machine would do that to every one.
    installation.environment["OTKLIK_WORKER_RETRY_SECONDS"] = "60"
    ask(installation, "seed", str(PEOPLE))
    return installation


def ask(installation: KillInstallation, *arguments: str) -> Any:
    said = installation.errand("tests/kill/survey_mail_drive.py", *arguments)
    return json.loads(said.splitlines()[-1]) if said.strip() else None


def wait(what: Callable[[], bool], installation: KillInstallation) -> None:
    end = time.monotonic() + 90
    while not what():
        assert time.monotonic() < end, f"{ask(installation, 'state')}\n{installation.logs()}"
        time.sleep(0.005)


def is_over(installation: KillInstallation) -> bool:
    time.sleep(0.5)
    states = ask(installation, "state")["states"]
    return not states.get("planned") and not states.get("sending")


def got(server: SmtpServer) -> Counter[str]:
    return Counter(str(message_from_bytes(mail)["To"]) for mail in server.mails)


def test_workers_killed_again_and_again_write_to_nobody_twice(
    asking: KillInstallation, server: SmtpServer
) -> None:
    for least in (30, 90, 150):
        before = len(server.mails)
        worker = asking.start_worker()
        ask(asking, "queue", "1")
        wait(lambda least=least: len(server.mails) >= least, asking)  # type: ignore[misc]
        os.killpg(worker.pid, signal.SIGKILL)
        time.sleep(0.2)
        assert before < len(server.mails) < PEOPLE, "killed too late to prove anything"
    ask(asking, "free")
    asking.start_worker()
    ask(asking, "queue", "1")
    wait(lambda: is_over(asking), asking)

    state, mails = ask(asking, "state"), got(server)
    assert max(mails.values()) == 1
    assert set(state["states"]) <= {"sent", "uncertain"}
    assert sum(state["states"].values()) == PEOPLE
    assert state["uncertain_shown"] == state["states"].get("uncertain", 0) > 0
    assert len(mails) >= PEOPLE - state["uncertain_shown"]
    assert set(state["sent"]) <= set(mails), "who is told to have been asked was asked"
    assert state["events"] == len(state["sent"])


def test_two_workers_at_once_write_to_everybody_once(asking: KillInstallation, server: SmtpServer) -> None:
    workers = [asking.start_worker(), asking.start_worker()]
    ask(asking, "queue", "4")
    wait(lambda: is_over(asking), asking)
    state, mails = ask(asking, "state"), got(server)
    assert state["states"] == {"sent": PEOPLE}
    assert len(mails) == sum(mails.values()) == PEOPLE
    assert [worker.stop() for worker in workers] == [0, 0]
