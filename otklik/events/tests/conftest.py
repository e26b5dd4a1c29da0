from __future__ import annotations

from collections.abc import Iterator

import pytest

from otklik.events.tests.support import forgotten_afterwards


@pytest.fixture(autouse=True)
def _own_subscriptions() -> Iterator[None]:
    with forgotten_afterwards():
        yield
