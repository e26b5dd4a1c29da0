"""What is looked at before anything starts: ports and the data folder. Plain standard library."""

from __future__ import annotations

import errno
import os
import socket
import tempfile
from pathlib import Path


class CannotStart(Exception):
    """Nothing was started; the message is one line that says what to do."""


def check_port(host: str, port: int, *, option: str) -> None:
    """Raises CannotStart when nobody could listen on host:port now; `option` is what chooses another port."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise CannotStart(f"the address {host!r} is not known here ({error.strerror}).") from error
    with socket.socket(family, kind, protocol) as probe:
        # Without SO_REUSEPORT: granian sets it, and two installations would silently share one port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotStart(f"port {port} is taken; choose another with {option}.") from error
            raise CannotStart(
                f"port {port} on {host} cannot be used ({error.strerror}); choose another with {option}."
            ) from error


def check_data_folder(folder: Path, *, option: str) -> None:
    """Makes the folder where it is missing. Raises CannotStart when files cannot be made in it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".writable-", dir=folder)
        os.close(handle)
        os.unlink(name)
    except OSError as error:
        reason = error.strerror
        raise CannotStart(
            f"the data folder {folder} cannot be written ({reason}); choose another with {option}."
        ) from error
