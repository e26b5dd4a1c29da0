"""Short programs on one installation, each in a fork of a process that has Django ready.

A start of Django takes 1.5 s of a processor, a fork hardly any. Each errand begins as the first one did: what
it leaves in memory ends with it, and the process it is forked from has no connection and no thread.
"""

from __future__ import annotations

import json
import os
import runpy
import select
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Errands:
    """One at a time, from one thread. ``end()`` when the installation goes."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = dict(environment)
        self._process: subprocess.Popen[str] | None = None

    def run(self, *arguments: str, seconds: float = 120) -> str:
        """What it printed; ``arguments`` as after ``python``. Fails with its errors."""
        process = self._standing()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(arguments) + "\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], seconds)[0]:
            self.end()
            raise TimeoutError(f"{arguments} is not over after {seconds} s")
        status, out, errors = json.loads(process.stdout.readline())
        assert status == 0, errors
        return str(out)

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _standing(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "tests.servers.errands"],
                cwd=ROOT,
                env={**self._environment, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        return self._process


def _serve() -> None:
    import django

    django.setup()
    for line in sys.stdin:
        print(json.dumps(_forked(json.loads(line))), flush=True)


def _forked(arguments: list[str]) -> tuple[int, str, str]:
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(errors.fileno(), 2)
            os._exit(_run(arguments))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        out.seek(0)
        errors.seek(0)
        return status, out.read(), errors.read()


def _run(arguments: list[str]) -> int:
    first, *rest = arguments
    status = 0
    try:
        if first == "-c":
            code, *rest = rest
            sys.argv = ["-c", *rest]
            exec(code, {"__name__": "__main__"})
        elif first == "-m":
            module, *rest = rest
            sys.argv = [module, *rest]
            runpy.run_module(module, run_name="__main__")
        else:
            sys.argv = [first, *rest]
            runpy.run_path(first, run_name="__main__")
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return status


if __name__ == "__main__":
    _serve()
