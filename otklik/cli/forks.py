"""Services as forks of a supervisor that has imported the program once: they share what none of them changes.

Three interpreters that import the same 1,600 modules hold them three times, and the worker's pool forks six
processes more. Here the kernel keeps one copy of every page until somebody writes to it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import runpy
import signal
import sys
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path
from typing import IO

_PR_SET_NAME = 15
_BLOCKED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Fork:
    """A module run as ``python -m`` would run it; as much of `subprocess.Popen` as the supervisor uses.

    ``begin`` runs first in the new process and takes leave of what belongs to the supervisor. What the new
    process writes is read from ``stdout``.
    """

    def __init__(self, name: str, words: Sequence[str], begin: Callable[[], None]) -> None:
        reader, writer = os.pipe()
        self.stdout: IO[bytes] = open(reader, "rb", buffering=0)  # noqa: SIM115 - the supervisor closes it
        self._process = get_context("fork").Process(target=self._live, args=(name, words, writer, begin))
        # What arrives before the new process has left the supervisor's handlers waits until it has.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _BLOCKED)
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            os.close(writer)
        assert self._process.pid is not None
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> int:
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def _live(self, name: str, words: Sequence[str], output: int, begin: Callable[[], None]) -> None:
        begin()
        self.stdout.close()
        os.dup2(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _BLOCKED)
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        call_yourself(f"otklik {name}")
        sys.argv = list(words)
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)


def call_yourself(title: str) -> None:
    """What `ps` and `top` show: without it every fork bears the supervisor's command line."""
    data = title.encode()
    with contextlib.suppress(OSError, ValueError, IndexError):
        ctypes.CDLL(None).prctl(_PR_SET_NAME, data[:15], 0, 0, 0)
        fields = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        start, end = int(fields[45]), int(fields[46])  # of the words that the process was started with
        if end > start > 0:
            ctypes.memset(start, 0, end - start)
            ctypes.memmove(start, data, min(len(data), end - start - 1))
