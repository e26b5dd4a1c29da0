"""Debian packages: installed where we may, named where we may not."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from common import ProgramFailed, Trouble, run, say

APT = ("apt-get", "-o", "DPkg::Lock::Timeout=300")


def install(what: str, *packages: str) -> None:
    """Raises Trouble, in one line, where the packages cannot be installed."""
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        raise Trouble(f"{what} is missing; install what your system calls {names} and try again.")
    if os.geteuid() != 0:
        raise Trouble(f"{what} is missing; run: sudo apt-get install {names}")
    say(f"installing {names} with apt-get")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = (*APT, "install", "-y", "--no-install-recommends", *packages)
    try:
        run(command, env=env)
    except ProgramFailed:
        # A new machine has no package lists, an old one has lists that name files no longer served.
        try:
            run((*APT, "update"), env=env)
            run(command, env=env)
        except ProgramFailed as failed:
            last = (failed.output.strip().splitlines() or ["no output"])[-1]
            raise Trouble(f"{what} is missing and apt-get could not install {names}: {last}") from failed


def need_chromium() -> None:
    if not shutil.which("chromium-headless-shell"):
        install("Chromium, which the journeys need,", "chromium-headless-shell", "fonts-dejavu-core")


def need_postgresql() -> None:
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not shutil.which("initdb"):
        _no_server_of_its_own()
        install("PostgreSQL, which the slow tests start privately,", "postgresql")


def _no_server_of_its_own() -> None:
    """Debian's package starts a server at once; the tests want the programs only."""
    folder = Path("/etc/postgresql-common/createcluster.d")
    if os.geteuid() == 0 and shutil.which("apt-get") and not folder.exists():
        folder.mkdir(parents=True)
        (folder / "otklik.conf").write_text("create_main_cluster = false\n", encoding="ascii")


def need_mail_servers() -> None:
    missing = [
        package
        for package, program in (("dovecot-imapd", "dovecot"), ("postfix", "postfix"))
        if not Path("/usr/sbin", program).exists() and not shutil.which(program)
    ]
    if not missing:
        return
    with _nothing_started():
        _preseed("postfix postfix/main_mailer_type select No configuration")
        install("A mail server, which the slow tests start privately,", *missing)
        if "dovecot-imapd" in missing and shutil.which("update-rc.d"):
            # Nor at the next boot: Debian's own settings listen on every address.
            subprocess.run(("update-rc.d", "dovecot", "disable"), check=False, capture_output=True)


POLICY = Path("/usr/sbin/policy-rc.d")


@contextmanager
def _nothing_started() -> Iterator[None]:
    """Debian starts a server as soon as it is installed; it asks this program first, and 101 means no."""
    ours = os.geteuid() == 0 and POLICY.parent.is_dir() and not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)


def _preseed(answer: str) -> None:
    """What the package would otherwise ask, or answer for itself by making the machine a mail server."""
    if os.geteuid() == 0 and shutil.which("debconf-set-selections"):
        subprocess.run(
            ("debconf-set-selections",), input=answer.encode() + b"\n", check=False, capture_output=True
        )
