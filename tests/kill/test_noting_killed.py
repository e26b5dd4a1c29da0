"""A worker that is killed between an event and what it changes of the facts loses neither."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.kill.installation import KillInstallation

pytestmark = pytest.mark.slow


def test_what_a_killed_worker_had_not_noted_yet_is_noted_by_the_next(installation: KillInstallation) -> None:
    ask(installation, "begin")
    worker = installation.start_worker()
    installation.wait_for(lambda state: state["open"] == 0, seconds=60)
    before = ask(installation, "write")
    assert len(before) == 2

    (installation.marks / "block-noting").touch()
    ask(installation, "move")
    half_way = installation.marks / "noting-half-way"
    end = time.monotonic() + 30
    while not half_way.exists():
        assert time.monotonic() < end, installation.logs()
        time.sleep(0.02)
    worker.kill()
    assert ask(installation, "noted") == 0, "the noting was not committed"
    assert ask(installation, "write") == before

    installation.start_worker()
    installation.wait_for(lambda state: state["open"] == 0, seconds=60)

    after = ask(installation, "write")
    assert not set(after) & set(before), "both partners lived through something else by now"
    assert ask(installation, "rebuild") == after


def ask(installation: KillInstallation, what: str) -> Any:
    return json.loads(installation.errand("tests/kill/facts_drive.py", what))
