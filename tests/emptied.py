"""How the tables are emptied after a test with real transactions, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from otklik.events import append_only as event_log
from otklik.payouts import append_only as ledger


@contextmanager
def tables_emptied_quickly() -> Iterator[None]:
    from django.db import connection

    operations = type(connection.ops)
    is_sqlite = connection.vendor == "sqlite"
    with pytest.MonkeyPatch.context() as patch:
        flush = _past_the_guards(operations.sql_flush) if is_sqlite else _what_holds_rows
        patch.setattr(operations, "sql_flush", flush)
        yield


def _past_the_guards(flush: Any) -> Any:
    """The triggers that keep log and ledger append-only must let this DELETE pass."""

    def sql_flush(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        statements = flush(self, *args, **kwargs)
        if not statements:
            return []
        lifted = [*event_log.lift("sqlite"), *ledger.lift("sqlite")]
        return [*lifted, *statements, *event_log.guard("sqlite"), *ledger.guard("sqlite")]

    return sql_flush


def _what_holds_rows(self: Any, style: Any, tables: list[str], **_: Any) -> list[str]:
    """Django's TRUNCATE makes new files for each of two hundred tables; a test fills a few of them."""
    names = [self.quote_name(table) for table in tables]
    asked = [f"SELECT {n} WHERE EXISTS (SELECT FROM {name})" for n, name in enumerate(names)]
    with self.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        filled = [names[n] for (n,) in cursor.fetchall()]
    # In this transaction neither foreign keys nor the guards of log and ledger are asked.
    return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in filled)]
