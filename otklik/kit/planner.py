"""What a database knows of the rows it has when it plans a query."""

from __future__ import annotations

from django.db import connection

LARGE_LOAD = 10_000
"""Rows from which on a load asks for new statistics."""


def refresh_statistics() -> None:
    """After much was stored at once. PostgreSQL counts its rows by itself, a minute or more later, and until
    then plans as if tables were nearly empty: joins row by row that take minutes where seconds would do.
    Within a transaction it counts what that one has stored, too. SQLite plans by its indexes alone, and with
    the counts of one day it would choose others than the tests of plans hold."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
