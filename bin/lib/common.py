"""What the set-up modules share: where the project is, how to say something, how to run a program."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"


class Trouble(Exception):
    """The command cannot go on; the message is one line that says what to do."""

    def __init__(self, message: str, status: int = 2) -> None:
        super().__init__(message)
        self.status = status


class ProgramFailed(Exception):
    """A program ended with a status other than 0; `output` is what it had written."""

    def __init__(self, command: Sequence[str], status: int, output: str) -> None:
        super().__init__(f"{shlex.join(command)} ended with status {status}")
        self.status = status
        self.output = output


def say(line: str) -> None:
    """Progress goes to stderr: standard output belongs to the command that was asked for."""
    print(f"otklik: {line}", file=sys.stderr, flush=True)


def stop_on_term() -> None:
    """Lets TERM unwind like Ctrl-C does, so that the program being run is stopped too."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    keep_open: Sequence[int] = (),
) -> str:
    """Runs a program of the set-up to its end and returns what it wrote. Raises ProgramFailed.

    `keep_open`: descriptors the program inherits. The set-up's lock is one of them: it is then held until the
    last installer has ended, even where the set-up itself was killed.
    """
    words = [str(word) for word in command]
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            env=dict(os.environ if env is None else env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=tuple(keep_open),
            start_new_session=True,  # installers start helpers of their own: they are stopped as one group
        )
        try:
            status = process.wait()
        except BaseException:
            _end_group(process)
            raise
        output.seek(0)
        text = output.read()
    if status:
        raise ProgramFailed(words, status, text)
    return text


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
