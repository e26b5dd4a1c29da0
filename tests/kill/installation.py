"""An installation whose subscriptions misbehave, and what a test asks of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.servers.installation import Installation

RETRY_SECONDS = 4


class KillInstallation(Installation):
    def __init__(self, folder: Path, database_url: str) -> None:
        self.marks = folder / "marks"
        self.marks.mkdir()
        super().__init__(
            folder,
            database_url=database_url,
            settings="tests.kill.settings",
            extra={
                "KILL_TEST_MARKS": str(self.marks),
                "OTKLIK_WORKER_RETRY_SECONDS": str(RETRY_SECONDS),
            },
        )

    def record(self, kind: str, count: int = 1) -> None:
        self.errand("tests/kill/drive.py", "record", kind, str(count))

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.errand("tests/kill/drive.py", "state"))
        return found

    def wait_for(self, what: Callable[[dict[str, Any]], bool], seconds: float) -> dict[str, Any]:
        """The first state in which it holds. Fails with the last state and the workers' logs."""
        end = time.monotonic() + seconds
        while not what(state := self.state()):
            assert time.monotonic() < end, f"{state}\n{self.logs()}"
            time.sleep(0.2)
        return state
