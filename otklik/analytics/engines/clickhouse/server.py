"""The connection to the server, one for each process."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Protocol

from otklik.analytics.store.manifest import FactsAway

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

CONNECT_SECONDS = 5
# Of one question, and of one piece of a segment.
ANSWER_SECONDS = 300
# ClickHouse answers as SQL does: empty cells from outer joins and from sums over nothing, dates before 1970.
SETTINGS = {
    "join_use_nulls": 1,
    "aggregate_functions_null_for_empty": 1,
    "enable_extended_results_for_datetime_functions": 1,
    "session_timezone": "UTC",
}


# As OpenSSL says it, within what urllib3 and the client say around it.
_UNTRUSTED = re.compile(r"certificate verify failed: (.+?) \(_ssl")


class Server(Protocol):
    """Where it is, as the settings say (``AnalyticsServer`` of ``config/env.py``)."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def database(self) -> str: ...
    @property
    def user(self) -> str: ...
    @property
    def password(self) -> str: ...
    @property
    def secure(self) -> bool: ...
    @property
    def ca_file(self) -> str: ...
    def __hash__(self) -> int: ...


class ServerTrouble(FactsAway):
    """The analytics server cannot be reached, or refused what it was asked; the message says which, and
    holds no password."""


@contextmanager
def speaking(server: Server) -> Iterator[Client]:
    """Raises ServerTrouble for whatever the server or the way to it does."""
    from clickhouse_connect.driver.exceptions import ClickHouseError

    try:
        # By process: a fork must not speak into its parent's connection.
        yield _client(server, os.getpid())
    except ClickHouseError as error:
        raise ServerTrouble(f"ClickHouse at {server.host}:{server.port}: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    said = str(error)
    if found := _UNTRUSTED.search(said):
        return f"its certificate is not trusted ({found[1]}). ?ca=/path/of.pem names who signed it"
    return said.splitlines()[0] if said else type(error).__name__


@cache
def _client(server: Server, process: int) -> Client:
    import clickhouse_connect

    return clickhouse_connect.get_client(
        host=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        database=server.database,
        interface="https" if server.secure else "http",
        ca_cert=server.ca_file or None,
        connect_timeout=CONNECT_SECONDS,
        send_receive_timeout=ANSWER_SECONDS,
        # One connection serves several threads, and no question belongs to the one before.
        autogenerate_session_id=False,
        settings=SETTINGS,
    )
