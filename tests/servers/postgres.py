"""A PostgreSQL of the test's own. Debian's binaries are enough; a system-wide server is left alone."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
TABLES = "empty_tables"
MISSING = "PostgreSQL is not installed: as root, apt-get install -y --no-install-recommends postgresql"
# Nothing here must survive a crash of the machine, so nothing is synced. A commit is written out all the
# same: what was acknowledged must survive the end of the server, which tests bring about.
SETTINGS = """
listen_addresses = '127.0.0.1'
fsync = off
full_page_writes = off
shared_buffers = 64MB
max_connections = 60
"""


class PostgresMissing(Exception):
    """No PostgreSQL on this machine; the text says what to install."""


@dataclass(frozen=True, slots=True)
class Postgres:
    port: int
    folder: Path

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{_superuser()}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Its URL."""
        self._ask(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def create_with_tables(self, name: str) -> str:
        """Its URL. The first one of a server takes the time of the migrations, the others are copies."""
        if not self._ask(f"SELECT datname FROM pg_database WHERE datname = '{TABLES}'"):
            _migrate(self.create_database(TABLES))
        self._ask(f'CREATE DATABASE "{name}" TEMPLATE {TABLES}')
        return self.url(name)

    def _ask(self, sql: str) -> str:
        command = [_binary("psql"), "-X", "-q", "-A", "-t", "-d", self.url(), "-c", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout

    def restart(self, *, away: float = 0.0) -> None:
        """As after a power cut: every connection is gone, and the log is replayed. ``away``: seconds."""
        control = [_binary("pg_ctl"), "-D", str(self.folder / "data"), "-w", "-t", "60"]
        _as_owner([*control, "-m", "immediate", "stop"])
        time.sleep(away)
        _as_owner([*control, "-l", str(self.folder / "log"), "start"])


def _migrate(url: str) -> None:
    with tempfile.TemporaryDirectory(prefix="otklik-migrated-") as data:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "otklik.config.settings"}
        environment |= {"OTKLIK_DATA_DIR": data, "OTKLIK_DATABASE_URL": url}
        command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
        subprocess.run(command, check=True, env=environment, cwd=ROOT, timeout=240)


@contextmanager
def private_postgres() -> Iterator[Postgres]:
    """Raises PostgresMissing. About two seconds to start."""
    folder = Path(tempfile.mkdtemp(prefix="otklik-postgres-"))
    data, log = folder / "data", folder / "log"
    try:
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            account = pwd.getpwnam(_superuser())
            os.chown(folder, account.pw_uid, account.pw_gid)
        _as_owner([_binary("initdb"), "-D", str(data), "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"])
        port = free_port()
        with (data / "postgresql.conf").open("a", encoding="ascii") as file:
            file.write(f"{SETTINGS}\nport = {port}\nunix_socket_directories = '{folder}'\n")
        control = [_binary("pg_ctl"), "-D", str(data), "-w", "-t", "60"]
        try:
            _as_owner([*control, "-l", str(log), "start"])
            yield Postgres(port, folder)
        finally:
            if (data / "postmaster.pid").exists():
                _as_owner([*control, "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _superuser() -> str:
    return "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def _binary(name: str) -> str:
    """Debian keeps them out of the PATH, one folder per version: the newest one counts."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    found = sorted(versions, key=lambda path: float(path.parts[-3]), reverse=True)
    binary = str(found[0]) if found else shutil.which(name)
    if binary is None or (os.geteuid() == 0 and not _has_account()):
        raise PostgresMissing(MISSING)
    return binary


def _has_account() -> bool:
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return False
    return True


def _as_owner(command: list[str]) -> None:
    user = _superuser() if os.geteuid() == 0 else None
    done = subprocess.run(  # no pipes: the server inherits them and would hold them open
        command,
        check=False,
        user=user,
        group=user,
        extra_groups=[] if user else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=120,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} ended with status {done.returncode}")
