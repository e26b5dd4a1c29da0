"""Failures of what we stand on: no room on the disk, a database or another store that is away. Trying again
may help."""

from __future__ import annotations

import errno
from enum import StrEnum
from typing import ClassVar

from django.db import InterfaceError, OperationalError

_FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
# SQLSTATEs of PostgreSQL: the disk is full; a connection ended or is not taken, or somebody else went first.
_FULL_STATE = "53100"
_AWAY_STATES = ("08", "53", "57", "40")
_AWAY_ON_SQLITE = ("locked", "unable to open", "disk i/o error", "readonly")


class Outage(StrEnum):
    DISK_FULL = "disk_full"
    DATABASE_AWAY = "database_away"
    FACTS_AWAY = "facts_away"


class Away(Exception):
    """Base of what an app raises where a store of its own, beside the database, does not answer."""

    outage: ClassVar[Outage]


def outage_of(error: BaseException | None) -> Outage | None:
    """None for everything that is a fault of ours."""
    if isinstance(error, Away):
        return error.outage
    if isinstance(error, OSError) and error.errno in _FULL_DISK:
        return Outage.DISK_FULL
    if isinstance(error, OperationalError | InterfaceError):
        return _of_database(error)
    return None


def _of_database(error: Exception) -> Outage | None:
    said = str(error).lower()
    if type(error.__cause__).__module__ == "sqlite3":
        if "is full" in said:
            return Outage.DISK_FULL
        return Outage.DATABASE_AWAY if any(words in said for words in _AWAY_ON_SQLITE) else None
    # A connection that broke has no state at all.
    state = getattr(error.__cause__, "sqlstate", None) or "08"
    if state == _FULL_STATE:
        return Outage.DISK_FULL
    return Outage.DATABASE_AWAY if state.startswith(_AWAY_STATES) else None
