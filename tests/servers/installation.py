"""One installation in a folder of its own, whose processes a test starts, stops and kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.ready import put_empty_tables
from tests.servers.errands import Errands
from tests.servers.ports import free_port

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """A process in a group of its own, with everything it starts."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-P", *arguments],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def kill(self) -> None:
        """kill -9 for every process of the group."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=10)

    def stop(self, seconds: float = 30) -> int:
        """As the supervisor stops it: TERM, and the exit status."""
        self._process.terminate()
        return self._process.wait(timeout=seconds)


class Installation:
    """Migrated and empty. ``settings``: a module that adds to the product's own."""

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str = "",
        settings: str = "otklik.config.settings",
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.edge_port = free_port()
        self._processes: list[Process] = []
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": settings,
            "OTKLIK_DATA_DIR": str(folder / "data"),
            "OTKLIK_DATABASE_URL": database_url,
            "OTKLIK_PORT": str(self.port),
            "OTKLIK_EDGE_PORT": str(self.edge_port),
            "PYTHONPATH": str(ROOT),
            **(extra or {}),
        }
        self._errands = Errands(self.environment)
        if not database_url:
            put_empty_tables(folder / "data")
        self.python("-m", "django", "migrate", "--run-syncdb", "--verbosity", "0")

    def start(self, name: str, *arguments: str) -> Process:
        process = Process(
            list(arguments), self.environment, self.folder / f"{name}-{len(self._processes)}.log"
        )
        self._processes.append(process)
        return process

    def start_worker(self) -> Process:
        return self.start("worker", "-m", "django", "qcluster")

    def start_edge(self) -> Process:
        listen = ["--interface", "asgi", "--host", "127.0.0.1", "--port", str(self.edge_port), "--http", "1"]
        quiet = ["--log-level", "warning", "--workers-kill-timeout", "5", "--no-ws"]
        return self.start("edge", "-m", "granian", *listen, *quiet, "otklik.edge.app:application")

    def errand(self, *arguments: str) -> str:
        """What a script of the tests printed. Fails with its errors."""
        return self._errands.run(*arguments)

    def python(self, *arguments: str) -> str:
        """What a command printed. Fails with its errors."""
        done = subprocess.run(
            [sys.executable, *arguments],
            check=False,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def logs(self) -> str:
        return "\n".join(process.log.read_text(errors="replace") for process in self._processes)

    def end(self) -> None:
        self._errands.end()
        for process in self._processes:
            process.kill()
