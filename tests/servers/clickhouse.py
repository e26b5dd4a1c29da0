"""A ClickHouse of the test's own: the engine as a library (chdb) behind ``clickhouse_front.py``, in a process
of its own, because it takes whole cores and cannot be stopped inside one."""

from __future__ import annotations

import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tests.servers.ports import free_port

MISSING = "the private ClickHouse needs chdb, which bin/test --slow installs from requirements/slow.txt"


@dataclass(frozen=True, slots=True)
class ClickHouse:
    """Where it is, as the settings of an installation say it."""

    port: int
    host: str = "127.0.0.1"
    database: str = "default"
    user: str = "otklik"
    password: str = "sesame"
    secure: bool = False
    ca_file: str = ""

    @property
    def url(self) -> str:
        """Without https."""
        return f"clickhouse://{self.user}:{self.password}@{self.host}:{self.port}/{self.database}"


class ClickHouseMissing(Exception):
    pass


@contextmanager
def private_clickhouse(certificate: Path | None = None) -> Iterator[ClickHouse]:
    """``certificate``: it listens by https, with the ``key.pem`` beside it."""
    if find_spec("chdb") is None:
        raise ClickHouseMissing(MISSING)
    port = free_port()
    front = Path(__file__).with_name("clickhouse_front.py")
    with tempfile.TemporaryDirectory(prefix="otklik-clickhouse-") as folder:
        of_tls = [str(certificate), str(certificate.with_name("key.pem"))] if certificate else []
        process = subprocess.Popen([sys.executable, str(front), str(port), folder, *of_tls])
        try:
            _wait(process, port, certificate)
            yield ClickHouse(port, secure=certificate is not None)
        finally:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, certificate: Path | None) -> None:
    address = f"{'https' if certificate else 'http'}://127.0.0.1:{port}/ping"
    # Whose it is nobody checks here: whether anybody answers is all there is to know.
    context = ssl._create_unverified_context() if certificate else None
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5, context=context):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the private ClickHouse did not start (status {process.poll()})")
