"""Fixtures for tests marked slow: import them into a ``conftest.py``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.postgres import Postgres, PostgresMissing, private_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Fails, and says what to install, where there is no PostgreSQL: a slow run must not pass without it."""
    try:
        with private_postgres() as server:
            yield server
    except PostgresMissing as missing:
        pytest.fail(str(missing), pytrace=False)
