"""Fixtures every test may use; the cast itself is in ``tests/world.py``."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.emptied import tables_emptied_quickly
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
def _tables_are_emptied_quickly() -> Iterator[None]:
    with tables_emptied_quickly():
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
