"""A small process that outlives the supervisor and stops what the supervisor could not.

A supervisor killed with -9 runs no code of its own any more, and a dead-parent signal reaches only direct
children, not the pools that web and worker fork. So every process group started here is written to a pipe
whose other end the undertaker reads: when the pipe closes, the supervisor is gone, and the groups still
written down are asked to stop and then killed.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time


class Undertaker:
    """Call before any thread exists: it forks."""

    def __init__(self, grace: float) -> None:
        reader, self._pipe = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:  # pragma: no cover - another process
            try:
                os.close(self._pipe)
                _stand_by(reader, grace)
            finally:
                os._exit(0)
        os.close(reader)

    def enter_group(self) -> None:
        """For `preexec_fn`: the child leads its own group and is written down before it runs anything."""
        os.setsid()
        self._write(f"+{os.getpid()}\n")

    def leave(self, group: int) -> None:
        """The group has ended; its number may be given to a stranger from now on."""
        self._write(f"-{group}\n")

    def forget(self) -> None:
        """In a child that will not end the supervisor's way."""
        os.close(self._pipe)

    def dismiss(self) -> None:
        os.close(self._pipe)
        os.waitpid(self._pid, 0)

    def _write(self, line: str) -> None:
        # Where somebody killed the undertaker everything still runs and stops, only without the safety net.
        with contextlib.suppress(BrokenPipeError):
            os.write(self._pipe, line.encode())


def group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # the number already belongs to somebody else
    return True


def kill_group(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _stand_by(reader: int, grace: float) -> None:
    # A session of its own and deaf to signals: Ctrl-C and `kill -9 -GROUP` are meant for the supervisor.
    os.setsid()
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    groups: set[int] = set()
    with os.fdopen(reader, encoding="ascii") as lines:
        for line in lines:
            number = int(line[1:])
            groups.add(number) if line[0] == "+" else groups.discard(number)
    for group in groups:
        kill_group(group, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and any(map(group_exists, groups)):
        time.sleep(0.05)
    for group in groups:
        kill_group(group, signal.SIGKILL)
