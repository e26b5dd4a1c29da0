"""A plugin of pytest: leaves out the tests that ask for no database, told by their fixtures, not by a list.

pytest-django refuses such a test every query, so another database changes nothing about it; the tests that
start processes without the fixture give them a database of their own.
"""

from __future__ import annotations

import pytest

DATABASE = {"db", "transactional_db", "django_db_setup"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept = [item for item in items if asks_for_it(item)]
    config.hook.pytest_deselected(items=[item for item in items if not asks_for_it(item)])
    items[:] = kept


def asks_for_it(item: pytest.Item) -> bool:
    asked = DATABASE & set(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None
