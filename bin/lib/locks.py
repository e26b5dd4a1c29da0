"""Writes the lock files anew: pinned, hashed, for every supported Python, and naming no registry."""

from __future__ import annotations

import argparse
import sys

import assets
import environment
import readiness
from common import ROOT, VENV, ProgramFailed, Trouble, run, say

OLDEST_PYTHON = "3.11"
NAMES = ("setup", "node", "base", "dev", environment.SLOW)  # dev after base, whose versions it takes over


def write(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/lock", description=__doc__)
    parser.add_argument(
        "--upgrade", action="store_true", help="every package to its newest version that fits"
    )
    parser.add_argument("--upgrade-package", action="append", default=[], metavar="NAME")
    options = parser.parse_args(arguments)
    wishes = ["--upgrade"] if options.upgrade else []
    for package in options.upgrade_package:
        wishes += ["--upgrade-package", package]
    readiness.ensure()
    try:
        for name in NAMES:
            _python(name, wishes)
        _front_end(upgrade=options.upgrade)
    except ProgramFailed as failed:
        sys.stderr.write(failed.output)
        raise Trouble("the lock files could not be written; the reason is above.", 1) from failed
    return 0


def _python(name: str, wishes: list[str]) -> None:
    say(f"locking requirements/{name}.in")
    how = [
        "--universal",
        "--python-version",
        OLDEST_PYTHON,
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
        *(["--no-deps"] if name == environment.SLOW else []),
    ]
    files = [f"requirements/{name}.in", "--output-file", f"requirements/{name}.txt", "--quiet"]
    run([VENV / "bin" / "uv", "pip", "compile", *how, *wishes, *files])


def _front_end(*, upgrade: bool) -> None:
    say("locking package.json")
    lock = ROOT / "package-lock.json"
    npm = next(assets.npms(-1), None)
    if npm is None:
        raise Trouble("there is no npm here and none could be fetched.", 1)
    if upgrade:
        lock.unlink(missing_ok=True)
    run([*npm, "install", "--package-lock-only", "--ignore-scripts"])
