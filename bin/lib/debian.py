"""Debian packages: installed where we may, named where we may not."""

from __future__ import annotations

import os
import shutil
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
    if not shutil.which("chromium"):
        install("Chromium, which the journeys need,", "chromium", "fonts-dejavu-core")


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
