"""A running Otklik of a journey's own: the web process as it is served, on a data folder of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.servers.errands import Errands
from tests.servers.installation import Process
from tests.servers.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "guide" / "examples"
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class House:
    """``url`` is on localhost: only there, without https, do browsers allow passkeys."""

    url: str
    data: Path
    errands: Errands = field(repr=False, compare=False)

    def __call__(self, path: str = "/") -> str:
        return f"{self.url}{path}"

    @property
    def environment(self) -> dict[str, str]:
        """For other processes of this Otklik."""
        return _environment(self.data, urlsplit(self.url).port or 0)


@dataclass(frozen=True, slots=True)
class Template:
    """A data folder made once a run and copied for each house: migrations take longer than a copy."""

    folder: Path

    @classmethod
    def shared(cls, root: Path, name: str, make: Callable[[Path], object]) -> Template:
        """The first of the workers of a test run makes it, the others wait for it."""
        folder = root / name
        with (root / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                unfinished = Path(tempfile.mkdtemp(dir=root))
                make(unfinished)
                unfinished.rename(folder)
        return cls(folder)

    @classmethod
    def made(cls, folder: Path) -> Template:
        """Of an installation with nobody in it."""
        _run(folder, "tests.browser.prepare")
        return cls(folder)

    def with_world(self, folder: Path) -> Template:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        _run(folder, "tests.browser.prepare", "--world")
        return Template(folder)

    def with_examples(self, folder: Path) -> Template:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        _run(folder, "tests.browser.prepare", "--examples")
        return Template(folder)

    def with_desk(self, folder: Path) -> Template:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        _run(folder, "tests.browser.desk_world")
        return Template(folder)

    def with_rooms(self, folder: Path) -> Template:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        _run(folder, "tests.browser.rooms")
        return Template(folder)


@contextmanager
def worker_of(house: House) -> Iterator[None]:
    process = Process(["-m", "django", "qcluster"], house.environment, house.data / "worker.log")
    try:
        yield
    finally:
        process.kill()


class Running:
    """Starts a house on a copy of the template and stops it, with all its processes, on leaving."""

    def __init__(self, template: Template, folder: Path) -> None:
        shutil.copytree(template.folder, folder, dirs_exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.errands = Errands(_environment(folder, self.port))
        self.house = House(f"http://localhost:{self.port}", folder, self.errands)

    def __enter__(self) -> House:
        self.log = (self.folder / "web.log").open("w")
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--blocking-threads", "4", "otklik.config.wsgi:application"]
        environment = _environment(self.folder, self.port)
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=self.log, stderr=self.log, start_new_session=True
        )
        self._wait()
        return self.house

    def __exit__(self, *_: object) -> None:
        self.errands.end()
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(timeout=10)
        self.log.close()

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(
            f"the web process did not answer:\n{(self.folder / 'web.log').read_text()[-4000:]}"
        )


def _run(folder: Path, *module: str) -> None:
    command = [sys.executable, "-m", *module]
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(folder, 1), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]


def _environment(folder: Path, port: int) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("OTKLIK_")}
    return ours | {
        "OTKLIK_DATA_DIR": str(folder),
        "OTKLIK_PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "otklik.config.settings",
        "PYTHONPATH": str(ROOT),
    }
