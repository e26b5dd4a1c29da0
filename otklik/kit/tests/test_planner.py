"""A database that was filled at once knows its rows."""

from __future__ import annotations

import pytest
from django.db import connection

from otklik.kit.planner import refresh_statistics

ROWS = 300


@pytest.mark.django_db
def test_after_a_load_the_planner_knows_how_many_rows_there_are() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE loaded (n integer)")
        cursor.executemany("INSERT INTO loaded VALUES (%s)", [(n,) for n in range(ROWS)])
        refresh_statistics()
        if connection.vendor == "postgresql":
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'loaded'")
            assert cursor.fetchone() == (ROWS,)
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'")
            assert cursor.fetchone() is None, "plans would be others than those of the tests"
