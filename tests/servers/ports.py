from __future__ import annotations

import os
import socket
from contextlib import closing


def free_port() -> int:
    """One that nobody listened on a moment ago, nor on the next, where an installation puts its streams. The
    workers of one test run are never given the same."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    while True:
        # Linux gives even ports to connections first, which come and go: a server has an odd one.
        port = _any_port() | 1
        if port // 2 % workers == worker and _is_free(port) and _is_free(port + 1):
            return port


def _any_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):  # there is no 65536
            return False
    return True
