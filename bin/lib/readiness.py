"""Everything that must be there before a command of ours can run; nothing is done where all of it is."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator

import assets
import catalogues
import environment
from common import ROOT, Trouble, say

LOCK = ROOT / ".setup.lock"


def ensure(*, dev: bool = False, slow: bool = False, front_end: bool = False) -> None:
    """Sets up what is not set up yet; returns at once where all is well. Needs no network then."""
    if _ready(dev, slow, front_end):
        return
    with _alone() as lock:
        if not environment.ready(dev, slow):
            environment.install(dev, lock, slow)
        if front_end and not assets.ready():
            assets.install(lock)
        if not catalogues.ready():
            catalogues.compile_all()


def _ready(dev: bool, slow: bool, front_end: bool) -> bool:
    return environment.ready(dev, slow) and (not front_end or assets.ready()) and catalogues.ready()


@contextlib.contextmanager
def _alone() -> Iterator[int]:
    """Two starts at once: the second waits for the first and then finds everything done."""
    try:
        lock = os.open(LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise Trouble(f"the set-up cannot write to {ROOT} ({error.strerror}).") from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another set-up is running here; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)
