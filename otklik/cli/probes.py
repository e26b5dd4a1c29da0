"""How the supervisor learns that a service answers. Plain sockets: urllib costs megabytes."""

from __future__ import annotations

import socket
from pathlib import Path


def answers_http(host: str, port: int, path: str) -> bool:
    """Whether GET path gives 200 within a second."""
    address = "127.0.0.1" if host in ("", "0.0.0.0") else "::1" if host == "::" else host  # noqa: S104
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection((address, port), timeout=1.0) as connection:
            connection.sendall(request.encode("ascii"))
            return connection.recv(64).split(b" ", 2)[1:2] == [b"200"]
    except OSError:
        return False


def group_size(group: int) -> int:
    """How many processes belong to a process group; needs Linux's /proc."""
    members = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in brackets, may hold anything; state, parent and group follow it.
            fields = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # ended meanwhile
        members += fields[0] != "Z" and int(fields[2]) == group
    return members


def takes_connections(place: str) -> bool:
    """Whether somebody listens at "host:port/anything"."""
    host, _, port = place.partition("/")[0].rpartition(":")
    address = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(host, host.strip("[]"))  # noqa: S104
    try:
        with socket.create_connection((address, int(port)), timeout=1.0):
            return True
    except (OSError, ValueError):
        return False
