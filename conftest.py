"""Fixtures every test may use; the cast itself is in ``tests/world.py``."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from otklik.events import append_only as event_log
from otklik.payouts import append_only as ledger
from tests.ready import tables_copied
from tests.world import World, build_world

# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("otklik", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("otklik")


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: looked through for rubbish again and again it took a sixth of
    the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 10, 100)


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture(autouse=True, scope="session")
def _flush_lifts_the_guard_of_the_event_log() -> Iterator[None]:
    """Tests with real transactions empty the tables afterwards, which on SQLite is a DELETE: the triggers
    that keep log and ledger append-only must let that one pass. (PostgreSQL truncates, unseen by row
    triggers.)"""
    from django.db.backends.sqlite3.base import DatabaseWrapper

    operations = DatabaseWrapper.ops_class
    flush = operations.sql_flush

    def sql_flush(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        statements = flush(self, *args, **kwargs)
        if not statements:
            return statements
        lifted = [*event_log.lift("sqlite"), *ledger.lift("sqlite")]
        return [*lifted, *statements, *event_log.guard("sqlite"), *ledger.guard("sqlite")]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", sql_flush)
        yield


@pytest.fixture(autouse=True, scope="session")
def _only_the_page_itself_is_remembered() -> Iterator[None]:
    """Django's test client copies the context of every included part, a tenth of the time of a page's test.
    The first one, which is the page's own, is what tests ask for."""
    from django.test import client

    store = client.store_rendered_templates

    def first_only(
        seen: dict[str, Any], signal: Any, sender: Any, template: Any, context: Any, **more: Any
    ) -> None:
        if "context" not in seen:
            store(seen, signal, sender, template, context, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "store_rendered_templates", first_only)
        yield


@pytest.fixture(autouse=True, scope="session")
def _tables_are_built_once() -> Iterator[None]:
    with tables_copied():
        yield


@pytest.fixture
def unused_port() -> int:
    """A port nobody listens on at this moment."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
