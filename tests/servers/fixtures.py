"""Fixtures for tests marked slow: import them into a ``conftest.py``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.clickhouse import ClickHouse, ClickHouseMissing, private_clickhouse
from tests.servers.dovecot import Dovecot, DovecotMissing, private_dovecot
from tests.servers.postfix import Postfix, PostfixMissing, private_postfix
from tests.servers.postgres import Postgres, PostgresMissing, private_postgres

PARTNERS_PEOPLE = ("vera@aurora.example", "gleb@aurora.example")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Fails, and says what to install, where there is no PostgreSQL: a slow run must not pass without it."""
    try:
        with private_postgres() as server:
            yield server
    except PostgresMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    try:
        with private_dovecot() as server:
            yield server
    except DovecotMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    """Delivers for ``help``, ``sales`` and ``vera``, and for the people of Aurora (tests/world.py), into the
    folders of ``dovecot``."""
    try:
        with private_postfix(dovecot, ("help", "sales", "vera"), PARTNERS_PEOPLE) as server:
            yield server
    except PostfixMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def clickhouse() -> Iterator[ClickHouse]:
    try:
        with private_clickhouse() as server:
            yield server
    except ClickHouseMissing as missing:
        pytest.fail(str(missing), pytrace=False)
